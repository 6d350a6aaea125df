package contract

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"sort"
	"strconv"
	"strings"
	"time"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/voxemu/voxemu/emulator/internal/query"
	"github.com/voxemu/voxemu/emulator/vox"
)

const pathPrefix = "/platform_api/"

// Compile compiles the specification. filters maps the tables that x-lists may name to
// their indexes, which x-filter may name, and to the type of the indexed values. Anything
// unknown is an error, which lists all mistakes.
func Compile(spec []byte, filters map[string]map[string]query.Kind) (*Contract, error) {
	loader := openapi3.NewLoader()
	loader.IncludeOrigin = true // for line numbers in mistakes, and for the order of parameters
	doc, err := loader.LoadFromData(spec)
	if err != nil {
		return nil, fmt.Errorf("openapi.yaml: %w", err)
	}
	if err := doc.Validate(context.Background(), openapi3.DisableExamplesValidation()); err != nil {
		return nil, fmt.Errorf("openapi.yaml: %w", err)
	}
	c := &compiler{
		filters: filters,
		cited:   map[string]bool{},
		contract: Contract{
			methods:     map[string]*Method{},
			errors:      map[vox.Error]errorEntry{},
			notEmulated: map[string]Gap{},
			common:      map[string]bool{},
		},
	}
	c.root(doc)
	for _, path := range doc.Paths.InMatchingOrder() {
		c.path(path, doc.Paths.Value(path))
	}
	c.checkNotEmulated()
	c.checkData()
	c.checkAssumptions()
	if len(c.mistakes) > 0 {
		slices.Sort(c.mistakes)
		return nil, errors.New("openapi.yaml:\n  " + strings.Join(slices.Compact(c.mistakes), "\n  "))
	}
	return &c.contract, nil
}

type compiler struct {
	contract Contract
	filters  map[string]map[string]query.Kind
	cited    map[string]bool
	mistakes []string
}

func (c *compiler) mistake(where, format string, args ...any) {
	c.mistakes = append(c.mistakes, where+": "+fmt.Sprintf(format, args...))
}

// allowKeys adds a mistake for each extension that is not allowed here.
func (c *compiler) allowKeys(where string, extensions map[string]any, known ...string) {
	for key := range extensions {
		if !slices.Contains(known, key) {
			c.mistake(where, "unknown key %s; known here: %s", key, strings.Join(known, ", "))
		}
	}
	if v, ok := extensions["x-verified"]; ok {
		c.verified(where, v)
	}
}

// verified checks a text of the form "level source" and records the assumptions that it
// cites.
func (c *compiler) verified(where string, value any) {
	text, _ := value.(string)
	level, source, _ := strings.Cut(text, " ")
	if !slices.Contains([]string{"documented", "observed", "assumed"}, level) || source == "" {
		c.mistake(where, "x-verified: want documented, observed or assumed and then the source")
		return
	}
	for word := range strings.FieldsFuncSeq(source, func(r rune) bool { return r == ' ' || r == ',' }) {
		if number, ok := strings.CutPrefix(word, "A"); ok {
			if _, err := strconv.Atoi(number); err == nil {
				c.cited[word] = true
			}
		}
	}
}

func (c *compiler) decode(where string, value any, into any) {
	text, err := json.Marshal(value)
	if err == nil {
		err = json.Unmarshal(text, into)
	}
	if err != nil {
		c.mistake(where, "%v", err)
	}
}

func (c *compiler) root(doc *openapi3.T) {
	c.allowKeys("root", doc.Extensions, "x-errors", "x-assumptions", "x-not-emulated", "x-everywhere", "x-also-accepted", "x-data")
	c.decode("x-errors", doc.Extensions["x-errors"], &c.contract.errors)
	for name, entry := range c.contract.errors {
		where := "x-errors." + string(name)
		c.verified(where, entry.Verified)
		if entry.Code <= 0 || entry.Sentence == "" {
			c.mistake(where, "needs a code and a msg")
		}
	}
	assumptions := map[string]vox.Assumption{}
	c.decode("x-assumptions", doc.Extensions["x-assumptions"], &assumptions)
	for id, a := range assumptions {
		a.ID = id
		c.contract.assumptions = append(c.contract.assumptions, a)
	}
	all := c.contract.assumptions
	sort.Slice(all, func(i, j int) bool { return number(all[i].ID) < number(all[j].ID) })
	c.gaps(doc.Extensions["x-not-emulated"])
	c.everywhere(doc.Extensions["x-everywhere"])
	c.dataKeys(doc.Extensions["x-data"])
	c.decode("x-also-accepted", doc.Extensions["x-also-accepted"], &c.contract.also)
}

// everywhere reads the parameters that all methods accept.
func (c *compiler) everywhere(value any) {
	parameters := map[string]struct {
		Description string `json:"description"`
		Verified    string `json:"x-verified"`
	}{}
	c.decode("x-everywhere", value, &parameters)
	for name, p := range parameters {
		where := "x-everywhere." + name
		c.verified(where, p.Verified)
		if p.Description == "" {
			c.mistake(where, "needs a description")
		}
		c.contract.common[name] = true
	}
}

// gaps reads the methods that are not emulated, with the reason of each section.
func (c *compiler) gaps(value any) {
	sections := map[string]struct {
		Because string   `json:"because"`
		Methods []string `json:"methods"`
	}{}
	c.decode("x-not-emulated", value, &sections)
	for section, s := range sections {
		if s.Because == "" {
			c.mistake("x-not-emulated."+section, "needs a because")
		}
		for _, name := range s.Methods {
			c.contract.notEmulated[name] = Gap{section, s.Because}
		}
	}
}

// number returns the number in an assumption's id, such as 7 for A7; -1 if malformed.
func number(id string) int {
	n, err := strconv.Atoi(strings.TrimPrefix(id, "A"))
	if err != nil || !strings.HasPrefix(id, "A") {
		return -1
	}
	return n
}

func (c *compiler) path(path string, item *openapi3.PathItem) {
	name, ok := strings.CutPrefix(path, pathPrefix)
	if !ok || name == "" || strings.Contains(name, "/") {
		c.mistake(path, "want %s{Method}", pathPrefix)
		return
	}
	m := &Method{Name: name, byName: map[string]*parameter{}}
	c.allowKeys(name, item.Extensions, "x-roles", "x-errors", "x-lists", "x-ignored", "x-verified")
	c.decode(name+" x-roles", item.Extensions["x-roles"], &m.Roles)
	c.decode(name+" x-errors", item.Extensions["x-errors"], &m.Errors)
	c.decode(name+" x-lists", item.Extensions["x-lists"], &m.lists)
	c.decode(name+" x-ignored", item.Extensions["x-ignored"], &m.Ignored)
	for _, role := range m.Roles {
		if !slices.Contains(vox.Roles(), role) {
			c.mistake(name, "x-roles: unknown role %q", role)
		}
	}
	for _, e := range m.Errors {
		c.knownError(name, "x-errors", e)
	}
	if _, ok := c.filters[m.lists]; m.lists != "" && !ok {
		c.mistake(name, "x-lists: the store has no table %q to filter", m.lists)
	}
	c.operation(m, item)
	c.contract.methods[name] = m
}

func (c *compiler) knownError(where, key string, name vox.Error) {
	if _, ok := c.contract.errors[name]; !ok {
		c.mistake(where, "%s: %q is not in the root's x-errors", key, name)
	}
}

// operation compiles the only operation of a method: POST with an urlencoded body, which
// is missing if the method has no parameters.
func (c *compiler) operation(m *Method, item *openapi3.PathItem) {
	op := item.Post
	if op == nil || len(item.Operations()) != 1 || op.OperationID != m.Name || len(item.Parameters)+len(op.Parameters) > 0 {
		c.mistake(m.Name, "want one post with the method's name as operationId and its parameters in the body")
		return
	}
	c.allowKeys(m.Name+" post", op.Extensions, "x-verified")
	request := openapi3.NewObjectSchema().WithoutAdditionalProperties()
	if op.RequestBody != nil {
		content := op.RequestBody.Value.Content
		media := content.Get(urlencoded)
		if len(content) != 1 || media == nil || media.Schema == nil {
			c.mistake(m.Name, "want one body, %s", urlencoded)
			return
		}
		request = media.Schema.Value
	}
	c.request(m, request)
	m.request = known(bare(request))
	if reply := c.replySchema(m.Name, op); reply != nil {
		m.reply = known(bare(reply))
	}
}

// urlencoded is the only encoding that the specification describes for each method;
// x-also-accepted lists the others.
const urlencoded = "application/x-www-form-urlencoded"

// replySchema returns the first alternative of the 200 reply. The second one is the error
// reply, which is the same for all methods.
func (c *compiler) replySchema(where string, op *openapi3.Operation) *openapi3.Schema {
	if op.Responses == nil || op.Responses.Len() != 1 || op.Responses.Status(200) == nil {
		c.mistake(where, "want one response, 200: errors are answered with 200 as well")
		return nil
	}
	media := op.Responses.Status(200).Value.Content.Get("application/json")
	if media == nil || media.Schema == nil || !strings.HasSuffix(media.Schema.Ref, "Reply") || len(media.Schema.Value.OneOf) != 2 ||
		media.Schema.Value.OneOf[1].Ref != "#/components/schemas/ErrorReply" {
		c.mistake(where, "the reply must refer to a schema …Reply, oneOf the result and ErrorReply, as application/json")
		return nil
	}
	c.replyKeys(where, media.Schema.Value.OneOf[0].Value)
	return media.Schema.Value.OneOf[0].Value
}

func (c *compiler) replyKeys(where string, schema *openapi3.Schema) {
	c.allowKeys(where+" reply", schema.Extensions, "x-verified", "x-or-list")
	if list, ok := schema.Extensions["x-or-list"]; ok && fmt.Sprint(list) != fmt.Sprint(orList(schema)) {
		c.mistake(where+" reply", "x-or-list: want names of properties")
	}
	for name, property := range schema.Properties {
		c.replyKeys(where+" reply "+name, property.Value)
	}
	if schema.Items != nil {
		c.replyKeys(where+" reply items", schema.Items.Value)
	}
}

func (c *compiler) checkNotEmulated() {
	for name := range c.contract.methods {
		if c.contract.NotEmulated(name) {
			c.mistake("x-not-emulated", "%s is emulated", name)
		}
	}
}

func (c *compiler) checkAssumptions() {
	known := map[string]bool{}
	for _, a := range c.contract.assumptions {
		known[a.ID] = true
		where := "x-assumptions." + a.ID
		if number(a.ID) < 1 || slices.Contains([]string{a.Says, a.Because, a.Source, a.Risk, a.Experiment}, "") {
			c.mistake(where, "want an id such as A7 with says, because, source, mark, date, risk and experiment")
		}
		if !slices.Contains(vox.Marks(), a.Mark) {
			c.mistake(where, "mark %q: want one of %v", a.Mark, vox.Marks())
		}
		if _, err := time.Parse("2006-01", a.Date); err != nil && a.Date != undated {
			c.mistake(where, "date %q: want a month such as 2026-09, or %s", a.Date, undated)
		}
	}
	for id := range c.cited {
		if !known[id] {
			c.mistake("x-verified", "cites %s, which x-assumptions lacks", id)
		}
	}
}

// undated is the date of an assumption whose source has no date.
const undated = "undated"
