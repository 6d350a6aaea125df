package evidence

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"sync"

	"github.com/voxemu/voxemu/emulator/internal/contract"
)

// renumber replaces the placeholders of ids and names by others that are in the order of
// what they stand for, because lists are ordered by ids and names.
func renumber(r *Recording, spec *contract.Contract) {
	ids, names := map[int64]int64{}, map[string]string{}
	for i, id := range r.End.IDs {
		ids[id] = int64(i + 1)
	}
	for i, name := range r.End.Names {
		if end, isWhole := strings.CutPrefix(strings.ToLower(name), "name"); isWhole { // of spellings that differ in capitals the last one, without them
			names[end] = fmt.Sprintf("-%06d", i+1)
		}
	}
	n := numbering{spec, ids, names}
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

// placeholder finds the placeholders of words, and of parts of them, in a text.
var placeholder = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`(?i)\b(name|ame|me|e)-\d+x*\b`) })

type numbering struct {
	spec  *contract.Contract
	ids   map[int64]int64
	names map[string]string
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
	return placeholder().ReplaceAllStringFunc(text, func(name string) string {
		at := strings.IndexByte(name, '-')
		if renamed, ok := n.names[strings.ToLower(name[at:])]; ok {
			return name[:at] + renamed
		}
		return name
	})
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
