package fault

import (
	"fmt"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/voxemu/voxemu/emulator/vox"
)

// Known lists the names that rules may use. The zero value lists none, and its checks
// accept all names of methods, parameters and errors.
type Known struct {
	// Parameters maps each method to its parameters, common ones included.
	Parameters map[string][]string
	// Errors maps the names of the API's errors to their codes.
	Errors map[string]int
}

// Check returns all mistakes of the rules as [vox.Mistakes], the same that arming them
// would return; nil if there are none.
func (k Known) Check(rules ...Rule) error {
	if len(rules) == 0 {
		return nil
	}
	c := &checker{Known: k}
	seen := map[string]bool{}
	for i, rule := range rules {
		c.index, c.rule, c.place = i, rule.Name, ""
		c.check(rule)
		if rule.Name != "" && seen[rule.Name] {
			c.refuse("name", "another rule has it; each needs its own")
		}
		seen[rule.Name] = true
	}
	if len(c.found) == 0 {
		return nil
	}
	return c.found
}

type checker struct {
	Known
	found vox.Mistakes
	index int
	rule  string
	place string // prefix of every place
}

func (c *checker) refuse(place, format string, args ...any) {
	name := strconv.Itoa(c.index + 1)
	if c.rule != "" {
		name = strconv.Quote(c.rule)
	}
	c.found = append(c.found, vox.Mistake{
		File: "fault " + name, Index: c.index,
		Place: strings.TrimSuffix(c.place+place, "."), Message: fmt.Sprintf(format, args...),
	})
}

var ruleName = regexp.MustCompile(`^[A-Za-z0-9._-]+$`)

func (c *checker) check(rule Rule) {
	if len(rule.Name) > 64 || !ruleName.MatchString(rule.Name) {
		c.refuse("name", "want 1 to 64 letters, digits, dots, dashes or underscores")
	}
	if rule.Times < 0 {
		c.refuse("times", "%v", errCount)
	}
	c.place = "when."
	c.when(rule.When)
	c.place = ""
	c.then(rule)
}

func (c *checker) when(w When) {
	methods := c.methods(w.Method)
	switch {
	case !c.pattern("method", w.Method):
	case c.Parameters != nil && len(methods) == 0:
		c.refuse("method", "no method is named %q; %s", w.Method, hint(w.Method, slices.Collect(maps.Keys(c.Parameters))))
	default:
		c.parameters(w.Parameters, methods)
	}
	c.pattern("key", w.Key)
	for name, pattern := range w.Headers {
		c.pattern("headers."+name, pattern)
		if header := http.CanonicalHeaderKey(name); header == "Authorization" || header == "Cookie" {
			c.refuse("headers", "%s is a secret; select by account or key instead", header)
		}
	}
	if w.Account < 0 {
		c.refuse("account", "want an account's id")
	}
	if w.Encoding != "" && !slices.Contains(vox.Encodings(), w.Encoding) {
		c.refuse("encoding", "unknown encoding %q; want one of query, urlencoded, multipart, json", w.Encoding)
	}
	for name, count := range map[string]Count{"nth": w.Nth, "every": w.Every, "first": w.First, "skip": w.Skip} {
		if count < 0 {
			c.refuse(name, "%v", errCount)
		}
	}
	if p := w.Probability; p != nil && !(*p >= 0 && *p <= 1) {
		c.refuse("probability", "want a number from 0 (never) to 1 (always)")
	}
	if w.From.relative == w.Until.relative && !w.Until.IsZero() && !w.Until.On(w.From.at).After(w.From.On(w.From.at)) {
		c.refuse("until", "want a moment after from")
	}
}

// pattern reports whether a pattern is well-formed and adds a mistake if it is not.
func (c *checker) pattern(place, pattern string) bool {
	err := vox.CheckPattern(pattern)
	if err != nil {
		c.refuse(place, "%v", err)
	}
	return err == nil
}

// methods returns the known methods that match a pattern; "" matches all.
func (c *checker) methods(pattern string) []string {
	var found []string
	for name := range c.Parameters {
		if pattern == "" || vox.MatchPattern(pattern, name) {
			found = append(found, name)
		}
	}
	return found
}

// secrets are not allowed in rules, because lists of rules and files show them.
var secrets = []string{"api_key", "session_id", "password"}

func (c *checker) parameters(wanted map[string]string, methods []string) {
	var known []string
	for _, method := range methods {
		known = append(known, c.Parameters[method]...)
	}
	for _, name := range slices.Sorted(maps.Keys(wanted)) {
		c.pattern("parameters."+name, wanted[name])
		switch {
		case slices.Contains(secrets, name):
			c.refuse("parameters."+name, "is a secret; select by account or key instead")
		case c.Parameters != nil && !slices.Contains(known, name):
			c.refuse("parameters."+name, "no selected method has this parameter; %s", hint(name, known))
		}
	}
}

func (c *checker) then(rule Rule) {
	set := rule.Then.set()
	count := len(set)
	if rule.Then.Delay != nil && count > 1 {
		count--
	}
	if count != 1 {
		names := make([]string, 0, len(Kinds()))
		for _, known := range Kinds() {
			names = append(names, known.Name)
		}
		c.refuse("then", "want one kind of fault (and delay beside it if wanted), found %d; known: %s", count, strings.Join(names, ", "))
	}
	if rule.Then.RateLimit != nil && rule.After {
		c.refuse("after", "a rate limit refuses requests before they are processed")
	}
	for _, kind := range set {
		c.place = "then." + kind.name + "."
		kind.check(c)
	}
	c.place = ""
}

// hint suggests the most similar known name, or lists all of them.
func hint(given string, known []string) string {
	known = slices.Compact(slices.Sorted(slices.Values(known)))
	if near, ok := vox.Nearest(given, known); ok {
		return "did you mean " + near + "?"
	}
	return "known: " + strings.Join(known, ", ")
}
