package evidence

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"
)

// object is a decoded JSON object.
type object map[string]any

func (o object) text(name string) string {
	switch value := o[name].(type) {
	case string:
		return value
	case json.Number:
		return value.String()
	}
	return ""
}

func (o object) number(name string) int64 {
	id, _ := strconv.ParseInt(o.text(name), 10, 64)
	return id
}

func (o object) flag(name string) bool {
	value, _ := o[name].(bool)
	return value
}

// objects returns the objects of a member that is a list.
func (o object) objects(name string) []object {
	list, _ := o[name].([]any)
	var out []object
	for _, item := range list {
		if row, ok := item.(map[string]any); ok {
			out = append(out, row)
		}
	}
	return out
}

// reply returns the reply as an object; empty if it is none.
func (e Exchange) reply() object {
	o, _ := e.Reply.(map[string]any)
	return o
}

// code returns the error of a reply; 0: success.
func (o object) code() int {
	failure, _ := o["error"].(map[string]any)
	return int(object(failure).number("code"))
}

// given returns the last value of a parameter.
func (e Exchange) given(name string) string {
	if texts := e.Parameters[name]; len(texts) > 0 {
		return texts[len(texts)-1]
	}
	return ""
}

// givenIDs returns the ids of a parameter that is an id or a list of ids.
func (e Exchange) givenIDs(name string) []int64 {
	var ids []int64
	for _, item := range strings.Split(strings.Join(e.Parameters[name], ";"), ";") {
		if id, err := strconv.ParseInt(item, 10, 64); err == nil && id > 0 {
			ids = append(ids, id)
		}
	}
	return ids
}

// kind returns the kind of rows that a name of ids is about, by the name of their id.
func kind(name string) string {
	switch name {
	case "child_account_id":
		return "account_id"
	case "subscription_id":
		return "sip_registration_id"
	}
	return name
}

// rowIDs are the names of ids of rows, those of rows that refer to others first.
var rowIDs = []string{"sip_registration_id", "scenario_id", "rule_id", "user_id", "application_id", "sip_whitelist_id", "key_id", "role_id", "authorized_ip"}

// rowID returns the name of the id of a row in a list; empty if it has none.
func (o object) rowID() string {
	for _, name := range rowIDs {
		if _, ok := o[name]; ok {
			return name
		}
	}
	return ""
}

// refusedCaller reports whether an error says that the caller is nobody or may not.
func refusedCaller(code int) bool {
	return slices.Contains([]int{100, 104, 115, 131, 135, 137, 161, 447, 454, 455, 456}, code)
}

// beforeCaller reports whether an error is found before the caller is identified.
func beforeCaller(code int) bool { return code == 101 || code == 102 || code == 103 }
