package evidence

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/voxemu/voxemu/emulator/internal/contract"
)

// renumber replaces the placeholders of ids and names by others: ids and names in the order
// of what they stand for, because lists are ordered by them, and names and texts with the
// parts that what they stand for has, because filters look for parts.
func renumber(r *Recording, spec *contract.Contract) {
	n := numbering{spec, map[int64]int64{}, map[string]string{}, map[string]string{}, map[string][]string{}}
	for i, id := range r.End.IDs {
		n.ids[id] = int64(i + 1)
	}
	width := 2 // equal for all, so that none is a part of another by chance
	for all := len(ordered) * len(ordered); all < len(r.End.Names); all *= len(ordered) {
		width++
	}
	for i, name := range r.End.Names { // of spellings that differ in capitals the last one counts
		first := "n"
		if strings.Trim(name, "0123456789") == "" {
			first = "9"
		}
		n.own[bare(name)] = first + inOrder(i, width)
	}
	for name, parts := range r.End.Parts {
		n.parts[bare(name)] = parts
	}
	for i := range r.Exchanges {
		e := &r.Exchanges[i]
		e.Caller.Account = n.text(contract.DataName, e.Caller.Account)
		if id, err := strconv.ParseInt(e.Caller.Account, 10, 64); err == nil {
			e.Caller.Account = strconv.FormatInt(n.id(id), 10)
		}
		e.Caller.Key = n.text(contract.DataName, e.Caller.Key)
		for name, texts := range e.Parameters {
			for j := range texts {
				texts[j] = n.text(spec.Data(e.Method, name), texts[j])
			}
		}
		e.Reply = n.value(e.Method, "", e.Reply)
	}
}

// ordered are the letters of new names: none of them is in the placeholder of a short word.
const ordered = "tuvwxyz"

// inOrder writes a number so that texts are in the order of their numbers.
func inOrder(number, width int) string {
	text := make([]byte, width)
	for i := range text {
		text[width-1-i] = ordered[number%len(ordered)]
		number /= len(ordered)
	}
	return string(text)
}

// bare returns a placeholder as it is looked for.
func bare(placeholder string) string { return strings.TrimLeft(strings.ToLower(placeholder), "-_") }

// placeholder finds the placeholders of words and texts.
var placeholder = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`(?i)(name|text)-\d+x*\b`) })

// digits finds the placeholders of words of digits.
var digits = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`\b5\d{2,}\b`) })

type numbering struct {
	spec  *contract.Contract
	ids   map[int64]int64
	own   map[string]string // new placeholders of names, without their parts
	names map[string]string // new placeholders
	parts map[string][]string
}

// longestName is what a name can be long without being refused anywhere, in bytes.
const longestName = 29

// name returns the new placeholder of a name or text with those of its parts in it, as far
// as there is room. Above are those in which this one is.
func (n numbering) name(old string, above ...string) string {
	old = bare(old)
	if made, ok := n.names[old]; ok {
		return made
	}
	made, ok := n.own[old]
	if text, isText := strings.CutPrefix(old, "text-"); isText {
		number, _ := strconv.Atoi(strings.TrimRight(text, "x")) // it is in figures
		made, ok = fmt.Sprintf("t%06d", number), true
	}
	if !ok { // a short word
		return old
	}
	for _, part := range n.parts[old] {
		if slices.Contains(append(above, old), part) { // only in a file that was changed
			continue
		}
		if of := n.name(part, append(above, old)...); !strings.Contains(made, of) && len(made)+1+len(of) <= longestName {
			made += "-" + of
		}
	}
	if long := len(old); long > longestName {
		made += strings.Repeat("x", max(0, long-len(made)))
	}
	n.names[old] = made
	return made
}

func (n numbering) id(id int64) int64 {
	if id <= 0 {
		return id
	}
	return n.ids[id]
}

func (n numbering) text(of contract.Data, text string) string {
	if of == contract.DataID {
		items := strings.Split(text, ";")
		for i, item := range items {
			if id, err := strconv.ParseInt(item, 10, 64); err == nil {
				items[i] = strconv.FormatInt(n.id(id), 10)
			}
		}
		return strings.Join(items, ";")
	}
	text = placeholder().ReplaceAllStringFunc(text, func(old string) string {
		if made := n.name(old); made != bare(old) {
			return likeCase(made, old)
		}
		return old
	})
	if of == contract.DataName {
		text = digits().ReplaceAllStringFunc(text, func(old string) string { return n.name(old) })
	}
	return text
}

func (n numbering) value(method, name string, value any) any {
	switch value := value.(type) {
	case map[string]any:
		for member, of := range value {
			value[member] = n.value(method, member, of)
		}
	case []any:
		for i, item := range value {
			value[i] = n.value(method, name, item)
		}
	case string:
		return n.text(n.spec.Data(method, name), value)
	case json.Number:
		if id, err := value.Int64(); err == nil && n.spec.Data(method, name) == contract.DataID {
			return json.Number(strconv.FormatInt(n.id(id), 10))
		}
	}
	return value
}
