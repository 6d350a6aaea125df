package evidence

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/voxemu/voxemu/emulator/internal/contract"
	"github.com/voxemu/voxemu/emulator/vox"
)

// masker masks values by what the contract says of their names.
type masker struct {
	*placeholders
	spec       *contract.Contract
	vocabulary map[string]bool // what the specification publishes, which tells nothing
}

func newMasker(spec *contract.Contract) *masker {
	return &masker{newPlaceholders(), spec, published()}
}

// published are the texts that the specification publishes, and their words, collected once
// per process.
var published = sync.OnceValue(func() map[string]bool {
	spec, err := specification()
	if err != nil { // cannot happen: a masker has it
		return map[string]bool{}
	}
	all := append(spec.Words(), vox.SubscriptionName, "true", "false", "True", "False")
	for _, name := range vox.TransactionTypes() {
		all = append(all, string(name))
	}
	vocabulary := map[string]bool{}
	for _, text := range all {
		vocabulary[text] = true
		for _, word := range strings.FieldsFunc(text, func(r rune) bool { return !inWord(r) }) {
			vocabulary[word] = true
		}
	}
	return vocabulary
})

// callersOwn are the parameters that identify the caller.
var callersOwn = []string{"account_id", "account_name", "account_email", "api_key", "account_password", "session_id", "cmd"}

// parameters masks the parameters of a request, without those of the caller.
func (m *masker) parameters(method string, given url.Values) map[string][]string {
	masked := map[string][]string{}
	for _, name := range slices.Sorted(maps.Keys(given)) {
		if slices.Contains(callersOwn, name) {
			continue
		}
		of := m.of(method, name)
		for _, value := range given[name] {
			items := strings.Split(value, ";")
			if of == contract.DataText || of == contract.DataSecret || of == contract.DataUnknown {
				items = []string{value}
			}
			for i, item := range items {
				items[i] = m.text(of, item)
			}
			masked[m.name(name)] = append(masked[m.name(name)], strings.Join(items, ";"))
		}
	}
	return masked
}

// of returns what the values of a name are. Names of secrets are secret in every method,
// also those that the specification does not have.
func (m *masker) of(method, name string) contract.Data {
	of := m.spec.Data(method, name)
	if name == "error" || name == "errors" || name == "code" { // of error replies, which all methods share
		return contract.DataPlain
	}
	if of != contract.DataKept && of != contract.DataPlain && vox.IsSecretName(name) {
		return contract.DataSecret
	}
	return of
}

// spelledOut are names of parameters and members that somebody gave them, unlike keys that
// are data.
var spelledOut = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[a-z]{2,16}(_[a-z]{1,16}){0,5}$`) })

// name returns the name of a parameter or member; a placeholder if it can be data.
func (m *masker) name(name string) string {
	if m.vocabulary[name] || constant().MatchString(name) && len(name) <= 3 || len(name) <= 40 && spelledOut().MatchString(name) {
		return name
	}
	m.note(name, contract.DataText)
	if _, ok := m.members[name]; !ok {
		m.members[name] = fmt.Sprintf("unknown-%d", m.next("member"))
	}
	return m.members[name]
}

// moments are the ways in which the API writes a moment.
var moments = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^\d{4}-\d\d-\d\d([ T]\d\d:\d\d(:\d\d)?Z?)?$`) })

// smallNumber is what is no id and no phone number.
var smallNumber = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^-?\d{1,9}(:\d{1,9})?$`) })

var amount = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^(-?)(\d{1,12})(\.\d{1,6})?$`) })

// text masks a text.
func (m *masker) text(of contract.Data, text string) string {
	if text == "all" || text == "any" { // instead of ids and addresses
		return text
	}
	switch of {
	case contract.DataSecret:
		return m.secret(text)
	case contract.DataID:
		id, err := strconv.ParseInt(text, 10, 64)
		if err == nil {
			return strconv.FormatInt(m.id(id), 10)
		}
		return m.kept(text)
	case contract.DataName, contract.DataHost, contract.DataPhone:
		return m.inWords(text, of)
	case contract.DataMoment:
		if moments().MatchString(text) || smallNumber().MatchString(text) {
			return text
		}
	case contract.DataMoney:
		if amount().MatchString(text) {
			return m.money(text)
		}
	case contract.DataPrice:
		if amount().MatchString(text) {
			return text
		}
	case contract.DataKept, contract.DataPlain:
		return m.kept(text)
	case contract.DataUnknown:
		if text == "" {
			return ""
		}
		m.note(text, contract.DataText)
		return unknown
	}
	return m.freeText(text)
}

// constant is spelt like the names of values and like periods.
var constant = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[A-Z]+(_[A-Z]+)*$|^[\d: -]{1,16}$`) })

// kept returns a text that the documentation publishes, or a placeholder for another one.
func (m *masker) kept(text string) string {
	if text == "" || m.vocabulary[text] || constant().MatchString(text) || smallNumber().MatchString(text) || len(text) <= 3 {
		return text
	}
	if _, err := time.LoadLocation(text); err == nil {
		return text
	}
	for _, word := range strings.FieldsFunc(text, func(r rune) bool { return !inWord(r) }) {
		if !m.vocabulary[word] && !m.vocabulary[strings.ToLower(word)] && len(word) > 3 {
			return m.freeText(text)
		}
	}
	if strings.ContainsFunc(text, func(r rune) bool { return r > 126 }) {
		return m.freeText(text)
	}
	return text
}

// money hides an amount and keeps its sign and its decimals.
func (m *masker) money(text string) string {
	part := amount().FindStringSubmatch(text)
	if strings.Trim(part[2]+part[3], "0.") == "" {
		return text
	}
	return part[1] + "1" + regexp.MustCompile(`\d`).ReplaceAllString(part[3], "0")
}

// reply masks a decoded reply.
func (m *masker) reply(method string, reply any) any {
	object, ok := reply.(map[string]any)
	if ok && method == "CreateKey" && object["error"] == nil {
		return m.createdKey(object)
	}
	return m.member(method, "", reply)
}

// createdKey keeps of a new key nothing but its id and the types of the rest.
func (m *masker) createdKey(value any) any {
	switch value := value.(type) {
	case map[string]any:
		out := map[string]any{}
		for name, member := range value {
			if id, ok := member.(string); ok && name == "key_id" {
				out[name] = m.text(contract.DataName, id)
				continue
			}
			out[m.name(name)] = m.createdKey(member)
		}
		return out
	case []any:
		for i := range value {
			value[i] = m.createdKey(value[i])
		}
		return value
	case string:
		m.note(value, contract.DataSecret)
		return unknown
	}
	return whole(value)
}

// member masks the value of a member, of whatever type it is.
func (m *masker) member(method, name string, value any) any {
	of := m.of(method, name)
	switch value := value.(type) {
	case map[string]any:
		if name != "" && of == contract.DataUnknown || of == contract.DataSecret {
			m.noteAll(value)
			return map[string]any{}
		}
		out := make(map[string]any, len(value))
		for member, of := range value {
			if text, ok := of.(string); ok && member == "msg" {
				out[member] = m.sentence(text)
				continue
			}
			out[m.name(member)] = m.member(method, member, of)
		}
		return out
	case []any:
		if of == contract.DataUnknown && name != "" {
			m.noteAll(value)
			return []any{}
		}
		out := make([]any, len(value))
		for i := range value {
			out[i] = m.member(method, name, value[i])
		}
		return out
	case string:
		if name == "field_name" {
			return m.name(value)
		}
		return m.text(of, value)
	case json.Number:
		return m.number(of, value)
	}
	if of == contract.DataUnknown {
		return whole(value)
	}
	return value
}

// number masks a number; it stays one.
func (m *masker) number(of contract.Data, value json.Number) json.Number {
	text := value.String()
	switch of {
	case contract.DataID:
		if id, err := value.Int64(); err == nil {
			return json.Number(strconv.FormatInt(m.id(id), 10))
		}
	case contract.DataMoney:
		if amount().MatchString(text) {
			return json.Number(m.money(text))
		}
	case contract.DataPrice:
		if amount().MatchString(text) {
			return value
		}
	case contract.DataMoment:
		if len(text) <= 16 {
			return value
		}
	case contract.DataPlain, contract.DataKept:
		if smallNumber().MatchString(text) {
			return value
		}
	}
	m.note(text, contract.DataText)
	return "0"
}

// noteAll remembers the texts and numbers of what is masked whole.
func (m *masker) noteAll(value any) {
	switch value := value.(type) {
	case map[string]any:
		for _, member := range value {
			m.noteAll(member)
		}
	case []any:
		for _, member := range value {
			m.noteAll(member)
		}
	case string:
		m.note(value, contract.DataText)
	}
}

// whole masks a value of which only the type is kept.
func whole(value any) any {
	switch value.(type) {
	case string:
		return unknown
	case json.Number:
		return json.Number("0")
	case bool:
		return false
	case map[string]any:
		return map[string]any{}
	case []any:
		return []any{}
	}
	return nil
}

// sentence masks the words of an error's sentence that the specification does not use:
// some sentences repeat what was sent.
func (m *masker) sentence(text string) string {
	start := 0
	var out strings.Builder
	for i := 0; i <= len(text); i++ {
		if i < len(text) && (inWord(rune(text[i])) || text[i] >= 0x80) {
			continue
		}
		if word := text[start:i]; word != "" && !m.vocabulary[word] && !smallNumber().MatchString(word) && len(word) > 3 {
			m.note(word, contract.DataText)
			out.WriteString(unknown)
		} else {
			out.WriteString(word)
		}
		if i < len(text) {
			out.WriteByte(text[i])
		}
		start = i + 1
	}
	return out.String()
}
