package control

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"

	"github.com/voxemu/voxemu/scenarios"
	"github.com/voxemu/voxemu/scenarios/document"
)

// differences are what differs between two states, without secrets.
type differences struct {
	Differences []difference `json:"differences"`
	// More is the number of differences that are not listed.
	More int `json:"more_differences"`
}

// difference is a row or a setting that differs.
type difference struct {
	// Section is the member of a scenario, such as sip_registrations; ID is the row's id or
	// name, empty for settings.
	Section string `json:"section"`
	ID      string `json:"id,omitempty"`
	// Change is added, removed or changed.
	Change string `json:"change"`
	// Members are those that differ, for changed.
	Members []differingMember `json:"members,omitempty"`
}

type differingMember struct {
	Name   string `json:"name"`
	Before string `json:"before,omitempty"`
	After  string `json:"after,omitempty"`
}

// maxDifferences is the maximum number of listed differences.
const maxDifferences = 500

func compareStates(before, after scenarios.Scenario) (differences, error) {
	old, err := membersOf(before)
	if err != nil {
		return differences{}, err
	}
	young, err := membersOf(after)
	if err != nil {
		return differences{}, err
	}
	all := []difference{}
	for _, section := range unionOf(old, young) {
		was, rows := rowsOf(old[section])
		is, alsoRows := rowsOf(young[section])
		if !rows && !alsoRows {
			if found := compareMembers("", old[section], young[section]); len(found) > 0 {
				all = append(all, difference{Section: section, Change: "changed", Members: found})
			}
			continue
		}
		all = append(all, compareRows(section, was, is)...)
	}
	listed := min(len(all), maxDifferences)
	return differences{Differences: all[:listed], More: len(all) - listed}, nil
}

func compareRows(section string, was, is map[string]any) []difference {
	var all []difference
	ids := unionOf(was, is)
	slices.SortStableFunc(ids, byNumber)
	for _, id := range ids {
		before, had := was[id]
		after, has := is[id]
		switch {
		case !had:
			all = append(all, difference{Section: section, ID: id, Change: "added"})
		case !has:
			all = append(all, difference{Section: section, ID: id, Change: "removed"})
		default:
			if found := compareMembers("", before, after); len(found) > 0 {
				all = append(all, difference{Section: section, ID: id, Change: "changed", Members: found})
			}
		}
	}
	return all
}

// byNumber orders ids that are numbers by their size, before others.
func byNumber(a, b string) int {
	x, errX := strconv.ParseInt(a, 10, 64)
	y, errY := strconv.ParseInt(b, 10, 64)
	switch {
	case errX != nil || errY != nil:
		return 0
	case x < y:
		return -1
	case x > y:
		return 1
	}
	return 0
}

// compareMembers returns the members of two values that differ, with their paths.
func compareMembers(path string, before, after any) []differingMember {
	was, object := before.(map[string]any)
	is, alsoObject := after.(map[string]any)
	if !object && !alsoObject {
		if x, y := textOf(before), textOf(after); x != y {
			return []differingMember{{path, x, y}}
		}
		return nil
	}
	var all []differingMember
	for _, name := range unionOf(was, is) {
		inner := name
		if path != "" {
			inner = path + "." + name
		}
		all = append(all, compareMembers(inner, was[name], is[name])...)
	}
	return all
}

// textOf returns a JSON value as a text; empty: there is none.
func textOf(value any) string {
	switch v := value.(type) {
	case nil:
		return ""
	case string:
		return v
	}
	text, _ := json.Marshal(value) // cannot fail: it was decoded from JSON
	return string(text)
}

// rowsOf returns the rows of a section by id; false if the value is no list of rows.
func rowsOf(value any) (map[string]any, bool) {
	list, ok := value.([]any)
	if !ok {
		return nil, false
	}
	rows := make(map[string]any, len(list))
	for i, item := range list {
		row, _ := item.(map[string]any)
		id := strconv.Itoa(i + 1)
		for _, name := range []string{"id", "name"} {
			if given, ok := row[name]; ok {
				id = fmt.Sprint(given)
				break
			}
		}
		rows[id] = item
	}
	return rows, true
}

// membersOf returns a state, without secrets, as decoded JSON.
func membersOf(state scenarios.Scenario) (map[string]any, error) {
	text, err := state.WithoutSecrets().YAML()
	if err != nil {
		return nil, err
	}
	text, err = document.ToJSON(document.Source{Name: "state", Text: text, Large: true})
	if err != nil {
		return nil, err
	}
	members := map[string]any{}
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber() // ids have up to 19 digits
	return members, decoder.Decode(&members)
}

// unionOf returns the sorted keys of two maps.
func unionOf(a, b map[string]any) []string {
	keys := slices.AppendSeq(slices.Collect(maps.Keys(a)), maps.Keys(b))
	slices.Sort(keys)
	return slices.Compact(keys)
}
