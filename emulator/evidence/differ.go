package evidence

import (
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"sync"

	"github.com/voxemu/voxemu/emulator/internal/contract"
)

// comparison compares one reply.
type comparison struct {
	*replay
	method string

	members     int
	outcome     bool // one side refused what the other one did
	differences []Difference
}

func (c *comparison) differ(kind Kind, path, recorded, own string) {
	c.differences = append(c.differences, Difference{Kind: kind, Path: path, Recorded: recorded, Emulator: own})
}

// whole compares the reply. Of one with another outcome the members are not compared.
func (c *comparison) whole(e Exchange, status int, own any) {
	c.members++
	recorded := e.reply()
	ownObject, _ := own.(map[string]any)
	a, b := recorded.code(), object(ownObject).code()
	switch {
	case e.Status != status:
		c.outcome = true
		c.differ(OtherStatus, "", strconv.Itoa(e.Status), strconv.Itoa(status))
	case a != b:
		c.outcome = a == 0 || b == 0
		c.differ(OtherCode, "", codeText(a), codeText(b))
	default:
		c.value("", "", e.Reply, own)
	}
	if slices.ContainsFunc(c.differences, func(d Difference) bool { return d.Kind == OtherCount && d.Path == "result[]" }) { // the rest follows from it
		c.differences = slices.DeleteFunc(c.differences, func(d Difference) bool { return d.Path == "count" || d.Path == "total_count" })
	}
}

func codeText(code int) string {
	if code == 0 {
		return "succeeds"
	}
	return fmt.Sprintf("answers %d", code)
}

// value compares two values of a member.
func (c *comparison) value(path, name string, recorded, own any) {
	c.members++
	if a, b := typeOf(recorded), typeOf(own); a != b {
		c.differ(OtherType, path, a, b)
		return
	}
	switch recorded := recorded.(type) {
	case map[string]any:
		c.object(path, recorded, own.(map[string]any))
	case []any:
		c.list(path, name, recorded, own.([]any))
	default:
		c.scalar(path, name, recorded, own)
	}
}

func typeOf(value any) string {
	switch value.(type) {
	case nil:
		return "null"
	case map[string]any:
		return "object"
	case []any:
		return "list"
	case string:
		return "text"
	case json.Number:
		return "number"
	}
	return "boolean"
}

func (c *comparison) object(path string, recorded, own map[string]any) {
	names := slices.Collect(maps.Keys(recorded))
	for name := range own {
		if _, ok := recorded[c.masker.name(name)]; !ok {
			c.differ(ExtraMember, join(path, name), "nothing", typeOf(own[name]))
		}
	}
	slices.Sort(names)
	for _, name := range names {
		value, ok := own[name]
		if !ok {
			c.differ(MissingMember, join(path, name), typeOf(recorded[name]), "nothing")
			continue
		}
		c.value(join(path, name), name, recorded[name], value)
	}
}

func join(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}

// list compares two lists. Rows are found by their ids.
func (c *comparison) list(path, name string, recorded, own []any) {
	if len(recorded) != len(own) {
		c.differ(OtherCount, path+"[]", fmt.Sprintf("%d rows", len(recorded)), fmt.Sprintf("%d rows", len(own)))
		return
	}
	if name == "errors" { // error is one of them
		return
	}
	places := c.places(recorded, own)
	if places == nil && len(c.private) > 0 && len(recorded) > 0 && isKey(recorded[0]) { // a page of ids that are random
		return
	}
	if places == nil {
		for i := range recorded {
			c.value(path+"[]", name, recorded[i], own[i])
		}
		return
	}
	if !slices.IsSorted(places) && !isKey(recorded[0]) { // whose ids are random
		c.differ(OtherOrder, path+"[]", "one order", "another order")
	}
	for i, place := range places {
		c.value(path+"[]", name, recorded[i], own[place])
	}
}

// isKey reports whether an item of a list is the row of a key.
func isKey(item any) bool {
	row, ok := item.(map[string]any)
	return ok && object(row).rowID() == "key_id"
}

// places returns the places of the recorded rows in the emulator's list; nil if the rows
// have no ids or are others.
func (c *comparison) places(recorded, own []any) []int {
	var places []int
	for _, item := range recorded {
		row, ok := item.(map[string]any)
		id := object(row).rowID()
		if !ok || id == "" {
			return nil
		}
		want := c.ownID(id, object(row).text(id))
		at := slices.IndexFunc(own, func(other any) bool {
			row, ok := other.(map[string]any)
			return ok && object(row).text(id) == want
		})
		if at < 0 || slices.Contains(places, at) {
			return nil
		}
		places = append(places, at)
	}
	return places
}

// ownID returns the emulator's id for a recorded one.
func (c *comparison) ownID(name, recorded string) string {
	if name == "key_id" {
		return c.keys[recorded]
	}
	if c.spec.Data(c.method, name) == contract.DataID {
		id, _ := strconv.ParseInt(recorded, 10, 64)
		return strconv.FormatInt(c.ids[kind(name)][id], 10)
	}
	return recorded
}

// scalar compares values where the contract says that they are defined: not amounts of
// money, moments and texts that the service writes.
func (c *comparison) scalar(path, name string, recorded, own any) {
	of := c.spec.Data(c.method, name)
	a, b := fmt.Sprint(recorded), fmt.Sprint(own)
	switch {
	case c.method == "CreateKey" && name != "key_id" && path != "result": // masked whole
	case name == "key_id":
		if known, ok := c.keys[a]; ok && known != b {
			c.differ(OtherValue, path, "one key", "another key")
		}
	case of == contract.DataID && name != "transaction_id" && name != "audit_log_id":
		one, err := strconv.ParseInt(a, 10, 64)
		other, err2 := strconv.ParseInt(b, 10, 64)
		if err == nil && err2 == nil && !c.bind(kind(name), one, other) {
			c.differ(OtherValue, path, "one id", "another id")
		}
	case name == "msg":
		if own := c.masker.sentence(b); own != a {
			c.differ(OtherValue, path, a, own)
		}
	case name == "field_name":
		if a != b {
			c.differ(OtherValue, path, a, b)
		}
	case of == contract.DataPrice, of == contract.DataPlain, of == contract.DataKept:
		if maskedText().MatchString(a) { // it is published nowhere
			if c.masker.kept(b) == b {
				c.differ(OtherValue, path, "a text that the documentation does not have", b)
			}
		} else if a != b {
			c.differ(OtherValue, path, a, b)
		}
	case of == contract.DataName, of == contract.DataHost, of == contract.DataPhone:
		if a != b && c.echoed(name) {
			c.differ(OtherValue, path, "one "+string(of), "another "+string(of))
		}
	case of == contract.DataMoment && name != "last_updated":
		if x, y := shape(a), shape(b); x != y {
			c.differ(OtherValue, path, x, y)
		}
	case of == contract.DataMoment:
		if len(a) != len(b) {
			c.differ(OtherValue, path, fmt.Sprintf("%d digits", len(a)), fmt.Sprintf("%d digits", len(b)))
		}
	}
}

// maskedText is what renumber makes of the placeholder of a text.
var maskedText = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^t\d{6}([-x]|$)`) })

// echoed reports whether a reply has what a request or the seed said, not what the service
// chooses.
func (c *comparison) echoed(name string) bool {
	switch name {
	case "api_address", "extended_application_name", "ip":
		return false
	}
	return true
}

// shape replaces the digits of a moment.
func shape(text string) string {
	out := []byte(text)
	for i, b := range out {
		if '0' <= b && b <= '9' {
			out[i] = '9'
		}
	}
	return string(out)
}
