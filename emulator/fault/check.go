package fault

import (
	"fmt"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/agnivade/levenshtein"
)

// Known is what rules may name. The zero value knows nothing, and so judges no
// names: those of the API are then taken as they are.
type Known struct {
	// Parameters lists every method with its parameters, common ones included.
	Parameters map[string][]string
	// Errors are the names of the API's errors with their codes.
	Errors map[string]int
}

// Complaint is one mistake in a rule.
type Complaint struct {
	// Index is the rule's position in the list that was checked, from 0.
	Index int
	// Rule is its name, which may be empty.
	Rule string
	// Place is the member, for example when.method or then.http.status; it
	// leads a reader of files to line and column.
	Place string
	// Text says what is wrong and what is allowed.
	Text string
}

// Error prints the rule, the place and the text.
func (c Complaint) Error() string {
	name := strconv.Itoa(c.Index + 1)
	if c.Rule != "" {
		name = strconv.Quote(c.Rule)
	}
	return fmt.Sprintf("fault %s: %s: %s", name, c.Place, c.Text)
}

// Complaints are all mistakes of a list of rules.
type Complaints []Complaint

// Error prints one complaint a line.
func (c Complaints) Error() string {
	lines := make([]string, len(c))
	for i, complaint := range c {
		lines[i] = complaint.Error()
	}
	return strings.Join(lines, "\n")
}

// Check judges rules as arming them would; the error is [Complaints], all
// mistakes at once.
func (k Known) Check(rules ...Rule) error {
	c := &checker{Known: k}
	seen := map[string]bool{}
	for i, rule := range rules {
		c.index, c.rule, c.place = i, rule.Name, ""
		c.check(rule)
		if rule.Name != "" && seen[rule.Name] {
			c.complain("name", "another rule has it; each needs its own")
		}
		seen[rule.Name] = true
	}
	if len(c.found) == 0 {
		return nil
	}
	return c.found
}

// checker gathers complaints instead of stopping at the first one.
type checker struct {
	Known
	found Complaints
	index int
	rule  string
	place string // put before every place
}

func (c *checker) complain(place, format string, args ...any) {
	place = strings.TrimSuffix(c.place+place, ".")
	c.found = append(c.found, Complaint{c.index, c.rule, place, fmt.Sprintf(format, args...)})
}

var ruleName = regexp.MustCompile(`^[A-Za-z0-9._-]{1,64}$`)

func (c *checker) check(rule Rule) {
	if !ruleName.MatchString(rule.Name) {
		c.complain("name", "want 1 to 64 letters, digits, dots, dashes or underscores")
	}
	if rule.Times < 0 {
		c.complain("times", "%v", errCount)
	}
	c.place = "when."
	c.when(rule.When)
	c.place = ""
	c.then(rule)
}

func (c *checker) when(w When) {
	methods := c.methods(w.Method)
	if c.Parameters != nil && len(methods) == 0 {
		c.complain("method", "no method is named %q; %s", w.Method, hint(w.Method, slices.Collect(maps.Keys(c.Parameters))))
	} else {
		c.parameters(w.Parameters, methods)
	}
	for name := range w.Headers {
		if header := http.CanonicalHeaderKey(name); header == "Authorization" || header == "Cookie" {
			c.complain("headers", "%s is a secret; select by account or key instead", header)
		}
	}
	if w.Account < 0 {
		c.complain("account", "want an account's id")
	}
	if w.Encoding != "" && !slices.Contains(Encodings(), w.Encoding) {
		c.complain("encoding", "unknown encoding %q; want one of %s", w.Encoding, strings.Join(Encodings(), ", "))
	}
	for name, count := range map[string]Count{"nth": w.Nth, "every": w.Every, "first": w.First, "skip": w.Skip} {
		if count < 0 {
			c.complain(name, "%v", errCount)
		}
	}
	if p := w.Probability; p != nil && !(*p >= 0 && *p <= 1) {
		c.complain("probability", "want a number from 0 (never) to 1 (always)")
	}
	if w.From.relative == w.Until.relative && !w.Until.IsZero() && !w.Until.on(w.From.at).After(w.From.on(w.From.at)) {
		c.complain("until", "want a moment after from")
	}
}

// methods lists the known methods that fit a pattern; an empty one fits all.
func (c *checker) methods(pattern string) []string {
	var found []string
	for name := range c.Parameters {
		if pattern == "" || fits(pattern, name) {
			found = append(found, name)
		}
	}
	return found
}

// secrets must not stand in rules, which lists and files show.
var secrets = []string{"api_key", "session_id", "password"}

func (c *checker) parameters(wanted map[string]string, methods []string) {
	var known []string
	for _, method := range methods {
		known = append(known, c.Parameters[method]...)
	}
	for _, name := range slices.Sorted(maps.Keys(wanted)) {
		switch {
		case slices.Contains(secrets, name):
			c.complain("parameters."+name, "is a secret; select by account or key instead")
		case c.Parameters != nil && !slices.Contains(known, name):
			c.complain("parameters."+name, "no selected method has this parameter; %s", hint(name, known))
		}
	}
}

func (c *checker) then(rule Rule) {
	delay, kind := rule.Then.split()
	count := len(rule.Then.set())
	if delay != nil {
		count--
	}
	if count != 1 {
		names := make([]string, 0, len(Kinds()))
		for _, known := range Kinds() {
			names = append(names, known.Name)
		}
		c.complain("then", "want one kind of fault (and delay beside it if wanted), found %d; known: %s", count, strings.Join(names, ", "))
	}
	if _, limits := kind.Kind.(RateLimit); limits && rule.After {
		c.complain("after", "a rate limit refuses calls before the work")
	}
	for _, set := range rule.Then.set() {
		c.place = "then." + set.name + "."
		set.check(c)
	}
	c.place = ""
}

// likely is the most single-letter changes that a typing mistake makes.
const likely = 2

// hint is the name that was probably meant, or all of them, sorted, without
// repetition.
func hint(given string, known []string) string {
	known = slices.Compact(slices.Sorted(slices.Values(known)))
	near, fewest := "", likely+1
	for _, name := range known {
		if length := len(given) - len(name); length < -likely || length > likely {
			continue // spares the work of comparing with a name that somebody made up
		}
		if n := levenshtein.ComputeDistance(given, name); n < fewest {
			near, fewest = name, n
		}
	}
	if near != "" {
		return "did you mean " + near + "?"
	}
	return "known: " + strings.Join(known, ", ")
}
