package main

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// outcome is the line that a client prints for a step. One of the fields is set.
type outcome struct {
	Reply     map[string]any `json:"reply"`
	Error     *apiError      `json:"error"`
	Exception string         `json:"exception"`
}

// judge returns an error unless the outcome is that of the step.
func (s step) judge(got outcome, values kept, hidesFieldNames bool) error {
	if got.Exception != "" {
		return fmt.Errorf("the client threw: %s", got.Exception)
	}
	if s.Error == nil {
		if got.Error != nil {
			return fmt.Errorf("error %d (%s) instead of a reply", got.Error.Code, got.Error.FieldName)
		}
		return match("reply", values.fill(map[string]any(s.Reply)), got.Reply)
	}
	if got.Error == nil {
		return fmt.Errorf("no error: %v", got.Reply)
	}
	want := *s.Error
	if hidesFieldNames {
		want.FieldName = ""
	}
	if *got.Error != want {
		return fmt.Errorf("error %d (%s) instead of %d (%s)", got.Error.Code, got.Error.FieldName, want.Code, want.FieldName)
	}
	return nil
}

// match returns an error with the place at which a value differs from the expected one,
// see steps.yaml.
func match(where string, want, got any) error {
	switch want := want.(type) {
	case map[string]any:
		object, ok := got.(map[string]any)
		if !ok {
			return fmt.Errorf("%s is no object: %v", where, got)
		}
		for name, member := range want {
			if err := match(where+"."+name, member, object[name]); err != nil {
				return err
			}
		}
		return nil
	case []any:
		list, ok := got.([]any)
		if !ok || len(list) != len(want) {
			return fmt.Errorf("%s should have %d items: %v", where, len(want), got)
		}
		for i, item := range want {
			if err := match(fmt.Sprintf("%s[%d]", where, i), item, list[i]); err != nil {
				return err
			}
		}
		return nil
	case string:
		if pattern, ok := strings.CutPrefix(want, "~"); ok {
			if got == nil || !regexp.MustCompile(pattern).MatchString(plainText(got)) {
				return fmt.Errorf("%s is %v, which does not match %s", where, got, pattern)
			}
			return nil
		}
		if text, ok := got.(string); !ok || text != want {
			return fmt.Errorf("%s is %#v instead of %q", where, got, want)
		}
		return nil
	}
	if want == nil && got == nil {
		return nil
	}
	if _, isText := got.(string); want == nil || got == nil || isText || plainText(want) != plainText(got) {
		return fmt.Errorf("%s is %#v instead of %v", where, got, want)
	}
	return nil
}

// plainText formats numbers of all Go types in the same way, without an exponent.
func plainText(value any) string {
	if number, ok := value.(float64); ok {
		return strconv.FormatFloat(number, 'f', -1, 64)
	}
	return fmt.Sprint(value)
}
