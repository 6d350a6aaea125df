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
	"unicode"
	"unicode/utf8"

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
				items[i] = m.asked(of, item)
			}
			masked[m.parameter(name)] = append(masked[m.parameter(name)], strings.Join(items, ";"))
		}
	}
	return masked
}

// asked masks a text of a request. What a client sends instead of a published value is data,
// whatever it looks like.
func (m *masker) asked(of contract.Data, text string) string {
	if of != contract.DataKept && of != contract.DataPlain || m.vocabulary[text] || !constant().MatchString(text) || len(text) <= 3 {
		return m.text(of, text)
	}
	return m.freeText(text)
}

// parameter returns the name of a parameter; a placeholder if the specification does not
// have it: a value that was sent without its name looks like one.
func (m *masker) parameter(name string) string {
	if m.vocabulary[name] || name == "" {
		return name
	}
	return m.hidden(name)
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

// spelledOut are names of members that somebody gave them, unlike keys that are data.
var spelledOut = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[a-z]{2,16}(_[a-z]{1,16}){0,5}$`) })

// name returns the name of a member; a placeholder if it can be data.
func (m *masker) name(name string) string {
	if m.vocabulary[name] || constant().MatchString(name) && len(name) <= 3 || len(name) <= 40 && spelledOut().MatchString(name) {
		return name
	}
	return m.hidden(name)
}

// hidden returns the placeholder of a name. One that is spelt like the name of a member may
// stand elsewhere as such.
func (m *masker) hidden(name string) string {
	if !spelledOut().MatchString(name) {
		m.note(name, contract.DataText)
	}
	if _, ok := m.members[name]; !ok {
		m.members[name] = fmt.Sprintf("unknown-%d", m.next("member"))
	}
	return m.members[name]
}

// moments are the ways in which the API writes a moment.
var moments = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^\d{4}-\d\d-\d\d([ T]\d\d:\d\d(:\d\d)?Z?)?$`) })

// seconds is a moment as a number, in seconds, thousandths or millionths.
var seconds = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^-?\d{1,6}$|^[12]\d{9}(\d{3}){0,2}$`) })

// smallNumber is what is no id, no phone number and no secret of digits.
var smallNumber = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^-?\d{1,6}(:\d{1,6})?$`) })

// price is an amount that is no secret of digits.
var price = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^-?\d{1,7}(\.\d{1,6})?$`) })

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
		if moments().MatchString(text) || seconds().MatchString(text) {
			return text
		}
	case contract.DataMoney:
		if amount().MatchString(text) {
			return m.money(text)
		}
	case contract.DataPrice:
		if price().MatchString(text) {
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

// zone is a time zone that is no name of the database.
var zone = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^(GMT|UTC)[+-]\d{1,2}(:\d\d)?$`) })

// constant is spelt like the names of values, if they are short or of several words, and
// like periods.
var constant = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^[A-Z]{1,5}$|^[A-Z]{1,12}(_[A-Z]{1,12}){1,4}$|^\d{1,3}-\d{1,3}-\d{1,3} \d{1,3}:\d{1,2}:\d{1,2}$`)
})

// kept returns a text that the documentation publishes, or a placeholder for another one.
func (m *masker) kept(text string) string {
	if text == "" || m.vocabulary[text] || constant().MatchString(text) || smallNumber().MatchString(text) || len(text) <= 3 {
		return text
	}
	if _, err := time.LoadLocation(text); err == nil || zone().MatchString(text) {
		return text
	}
	for _, word := range strings.FieldsFunc(text, func(r rune) bool { return !inWord(r) }) {
		if !m.vocabulary[word] && !m.vocabulary[strings.ToLower(word)] {
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
	one, _ := reply.(map[string]any)
	if method == "CreateKey" && one["error"] == nil {
		return m.createdKey(reply)
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
			return m.parameter(value)
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
		if price().MatchString(text) {
			return value
		}
	case contract.DataMoment:
		if seconds().MatchString(text) {
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

// sentence masks what the specification does not use in an error's sentence: some sentences
// repeat what was sent.
func (m *masker) sentence(text string) string {
	var out strings.Builder
	for len(text) > 0 {
		end := strings.IndexFunc(text, unicode.IsSpace)
		if end < 0 {
			end = len(text)
		}
		if token := text[:end]; m.inSentences(token) {
			out.WriteString(token)
		} else {
			m.note(token, contract.DataText)
			for _, word := range wordsOf(token) {
				m.note(word, contract.DataText)
			}
			out.WriteString(unknown)
		}
		if end < len(text) {
			out.WriteByte(' ')
			_, size := utf8.DecodeRuneInString(text[end:])
			end += size
		}
		text = text[end:]
	}
	return out.String()
}

// inSentences reports whether sentences of the specification could have what is between two
// spaces: words of it, short ones, and small numbers.
func (m *masker) inSentences(token string) bool {
	if bare := strings.Trim(token, `'".,:;!?()`); len(bare) <= 3 && !strings.ContainsFunc(bare, otherThanWord) {
		return true
	}
	if strings.ContainsFunc(token, func(r rune) bool { return !inWord(r) && !strings.ContainsRune(`'".,:;!?()[]<>=/%`, r) }) {
		return false
	}
	for _, word := range strings.FieldsFunc(token, func(r rune) bool { return !inWord(r) }) {
		if !m.vocabulary[word] && !m.vocabulary[strings.ToLower(word)] && (len(word) > 3 || strings.Trim(word, "0123456789") != "") {
			return false
		}
	}
	return true
}
