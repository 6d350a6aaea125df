package contract

import (
	"fmt"
	"iter"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/voxemu/voxemu/emulator/internal/query"
)

// kind is the format of a parameter's text.
type kind string

const (
	integer    kind = "integer"
	boolean    kind = "boolean"
	text       kind = "string"
	intList    kind = "intlist"
	stringList kind = "stringlist"
	proxyList  kind = "proxylist"
	codeSet    kind = "codeset"
	selection  kind = "selection"
)

// kindOf returns the kind for type and format; false if unknown.
func kindOf(schema *openapi3.Schema) (kind, bool) {
	switch {
	case schema.Type.Is("integer"):
		return integer, schema.Format == "int64"
	case schema.Type.Is("boolean"):
		return boolean, schema.Format == ""
	case !schema.Type.Is("string"):
		return "", false
	case schema.Format == "":
		return text, true
	}
	k := kind(schema.Format)
	return k, slices.Contains([]kind{intList, stringList, proxyList, codeSet, selection}, k)
}

// list reports whether repeated parameters form one list (A9).
func (k kind) list() bool {
	return k == intList || k == stringList || k == proxyList || k == codeSet || k == selection
}

// element is the OpenAPI type of a single value.
func (k kind) element() query.Kind {
	switch k {
	case integer, intList, codeSet, selection:
		return query.NumberKind
	case boolean:
		return query.FlagKind
	}
	return query.TextKind
}

func (k kind) words() string {
	switch k {
	case integer:
		return "an integer"
	case boolean:
		return "true or false (or 1 or 0)"
	case intList:
		return "integers separated by semicolons"
	case stringList:
		return "texts separated by semicolons"
	case proxyList:
		return "proxies separated by semicolons, such as pbx.example.com;transport=tcp"
	case selection:
		return "integers separated by semicolons, or all"
	case codeSet:
		return "SIP status codes or ranges such as 401;403:408"
	}
	return "a text"
}

// validation are the options of Schema.VisitJSON for parameters, including the formats of
// lists. They are created once. The texts of validation errors are never formatted: that
// is slow, and they contain submitted values such as passwords
// (docs/design-notes.md#schema-errors).
var validation = sync.OnceValue(func() []openapi3.SchemaValidationOption {
	return []openapi3.SchemaValidationOption{
		openapi3.MultiErrors(), openapi3.DisableSchemaErrorDetails(),
		openapi3.WithStringFormatValidators(map[string]openapi3.StringFormatValidator{
			string(intList):    openapi3.NewCallbackValidator(func(s string) error { return eachInt(s, func(int64) {}) }),
			string(stringList): openapi3.NewCallbackValidator(func(string) error { return nil }),
			string(proxyList):  openapi3.NewCallbackValidator(func(string) error { return nil }),
			string(selection):  openapi3.NewCallbackValidator(checkSelection),
			string(codeSet):    openapi3.NewCallbackValidator(func(s string) error { return eachRange(s, func(int64, int64) {}) }),
		}),
	}
})

// parse returns the value for schema validation. Texts that are not numbers or booleans
// stay texts, so that the schema rejects them.
func (k kind) parse(s string) any {
	switch k {
	case integer:
		if n, err := strconv.ParseInt(s, 10, 64); err == nil {
			return n
		}
	case boolean:
		if b, ok := parseBoolean(s); ok {
			return b
		}
	}
	return s
}

// value returns the value for the method after schema validation.
func (k kind) value(v any) any {
	s, _ := v.(string)
	switch k {
	case intList:
		list, _ := parseIntList(s)
		return list
	case stringList:
		return slices.Collect(items(s))
	case proxyList:
		return parseProxyList(s)
	case codeSet:
		set, _ := parseCodeSet(s)
		return set
	case selection:
		chosen, _ := parseSelection(s)
		return chosen
	}
	return v
}

// parseBoolean accepts the forms that SDKs send (docs/evidence.md#booleans). An empty
// text is PHP's false (A5).
func parseBoolean(s string) (value, ok bool) {
	switch strings.ToLower(s) {
	case "true", "1":
		return true, true
	case "false", "0", "":
		return false, true
	}
	return false, false
}

// items splits at semicolons and omits empty items (A5).
func items(s string) iter.Seq[string] {
	return func(yield func(string) bool) {
		for item := range strings.SplitSeq(s, ";") {
			if item != "" && !yield(item) {
				return
			}
		}
	}
}

func isEmpty(list string) bool { return strings.Trim(list, ";") == "" }

// eachInt calls do with integers separated by semicolons until one is malformed.
func eachInt(s string, do func(int64)) error {
	for item := range items(s) {
		n, err := strconv.ParseInt(item, 10, 64)
		if err != nil {
			return fmt.Errorf("want %s", intList.words())
		}
		do(n)
	}
	return nil
}

func parseIntList(s string) ([]int64, error) {
	var list []int64
	if err := eachInt(s, func(n int64) { list = append(list, n) }); err != nil {
		return nil, err
	}
	return list, nil
}

// parseProxyList reads "a;b;transport=tcp" as a and b;transport=tcp, because no proxy
// begins with transport= (A24).
func parseProxyList(s string) []string {
	var list []string
	for item := range items(s) {
		if last := len(list) - 1; last >= 0 && strings.HasPrefix(item, "transport=") {
			list[last] += ";" + item
			continue
		}
		list = append(list, item)
	}
	return list
}

// Some SDKs send any (docs/evidence.md#lists).
func isAll(s string) bool { return s == "all" || s == "any" }

func checkSelection(s string) error {
	if isAll(s) {
		return nil
	}
	return eachInt(s, func(int64) {})
}

func parseSelection(s string) (query.Selection, error) {
	if isAll(s) {
		return query.Selection{All: true}, nil
	}
	ids, err := parseIntList(s)
	return query.Selection{IDs: ids}, err
}

// The range of SIP status codes (RFC 3261 §7.2).
const (
	lowestCode  = 100
	highestCode = 699
)

// eachRange calls do with the codes and inclusive ranges of a text such as "401;403:408"
// (API page) until one is malformed.
func eachRange(s string, do func(low, high int64)) error {
	for item := range items(s) {
		from, to, ranged := strings.Cut(item, ":")
		if !ranged {
			to = from
		}
		low, lowErr := parseCode(from)
		high, highErr := parseCode(to)
		if lowErr != nil || highErr != nil || low > high {
			return fmt.Errorf("want %s, each from %d to %d", codeSet.words(), lowestCode, highestCode)
		}
		do(low, high)
	}
	return nil
}

// parseCodeSet returns the codes of a set as the smallest number of ascending ranges, at
// most 300 for any length of text.
func parseCodeSet(s string) ([]query.Range, error) {
	var asked [highestCode + 1]bool
	err := eachRange(s, func(low, high int64) {
		for code := low; code <= high; code++ {
			asked[code] = true
		}
	})
	if err != nil {
		return nil, err
	}
	return ranges(asked[:]), nil
}

// ranges returns the runs of true elements.
func ranges(asked []bool) []query.Range {
	var set []query.Range
	for code := 1; code < len(asked); code++ {
		switch {
		case asked[code] && !asked[code-1]:
			set = append(set, query.Range{Low: query.Number(int64(code)), High: query.Number(int64(code))})
		case asked[code]:
			set[len(set)-1].High = query.Number(int64(code))
		}
	}
	return set
}

func parseCode(s string) (int64, error) {
	n, err := strconv.ParseInt(s, 10, 64)
	if err == nil && (n < lowestCode || n > highestCode) {
		err = strconv.ErrRange
	}
	return n, err
}
