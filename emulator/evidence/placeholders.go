package evidence

import (
	"fmt"
	"maps"
	"net/netip"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"github.com/voxemu/voxemu/emulator/internal/contract"
)

// unknown replaces texts of which nothing is known.
const unknown = "***"

// placeholders are what stands for ids, names, hosts and secrets: the same for equal
// values, another one for each other value. They satisfy the same rules as the value, so
// that what the service refuses is refused again.
type placeholders struct {
	ids     map[int64]int64
	words   map[string]string
	folded  map[string]string // placeholders in small letters, by words in small letters
	short   map[string]string // placeholders of words of one or two letters, and words that are kept
	free    map[string]string // placeholders of free texts
	octets  map[string]byte
	secrets map[string]string
	members map[string]string
	masked  map[string]contract.Data // all values that must not be in the recording
	count   map[string]int
}

func newPlaceholders() *placeholders {
	return &placeholders{
		ids: map[int64]int64{}, words: map[string]string{}, folded: map[string]string{}, short: map[string]string{}, free: map[string]string{},
		octets: map[string]byte{}, secrets: map[string]string{}, members: map[string]string{}, masked: map[string]contract.Data{}, count: map[string]int{},
	}
}

func (p *placeholders) next(kind string) int {
	p.count[kind]++
	return p.count[kind]
}

// note remembers a value for the audit.
func (p *placeholders) note(value string, of contract.Data) {
	if old, ok := p.masked[value]; !ok || old != contract.DataSecret {
		p.masked[value] = of
	}
}

// id returns a number for an id; 0 and negative ones keep their sign.
func (p *placeholders) id(id int64) int64 {
	if id <= 0 {
		return max(id, -1)
	}
	p.note(strconv.FormatInt(id, 10), contract.DataID)
	if _, ok := p.ids[id]; !ok {
		p.ids[id] = int64(p.next("id"))
	}
	return p.ids[id]
}

// secret returns a text that the rules for passwords judge as they judge the secret: by
// its length and its kinds of letters.
func (p *placeholders) secret(text string) string {
	if text == "" {
		return ""
	}
	p.note(text, contract.DataSecret)
	if known, ok := p.secrets[text]; ok {
		return known
	}
	letters, digits := "", ""
	upper, lower := strings.ContainsFunc(text, unicode.IsUpper), strings.ContainsFunc(text, unicode.IsLower)
	switch {
	case upper && lower:
		letters = "Secret"
	case upper:
		letters = "SECRET"
	case lower:
		letters = "secret"
	}
	if strings.ContainsFunc(text, otherThanWord) {
		letters += "-"
	}
	n := p.next("secret")
	if digits = strconv.Itoa(n); !strings.ContainsFunc(text, unicode.IsDigit) {
		digits = inLetters(n, lower)
	}
	length := utf8.RuneCountInString(text)
	for _, limit := range []int{5, 7, 12, 32} { // between the limits of the rules
		if length <= limit {
			length = limit
			break
		}
	}
	fill := "0"
	if letters != "" {
		fill = letters[len(letters)-1:]
	}
	made := letters + strings.Repeat(fill, max(0, min(length, 512)-len(letters)-len(digits))) + digits
	if len(made) > length {
		made = made[len(made)-length:]
	}
	p.secrets[text] = made
	return made
}

func otherThanWord(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }

// inLetters writes a number with letters only.
func inLetters(n int, lower bool) string {
	first := 'A'
	if lower {
		first = 'a'
	}
	text := ""
	for ; n > 0; n /= 26 {
		text = string(first+rune(n%26)) + text
	}
	return text
}

// freeText returns a placeholder for a free text, as long as the text if that is long.
func (p *placeholders) freeText(text string) string {
	if strings.TrimSpace(text) == "" {
		return text
	}
	p.note(text, contract.DataText)
	if known, ok := p.free[text]; ok {
		return known
	}
	made := fmt.Sprintf("text-%d", p.next("text"))
	if length := utf8.RuneCountInString(text); length > 40 { // limits of lengths are above
		made += strings.Repeat("x", max(0, length-len(made)))
	}
	p.free[text] = made
	return made
}

// publicWords are the parts of host names that tell nothing.
var publicWords = []string{"com", "org", "net", "voximplant", "localhost"}

// syntax is what in a URL or a proxy is no name.
var syntax = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^(https?|sips?)://|;transport=(udp|tcp|tls)\b`) })

// ipv4 finds addresses in texts such as proxies.
var ipv4 = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`\d{1,3}(\.\d{1,3}){3}`) })

// inWords replaces the words of a text and keeps what is between them, so that addresses,
// e-mails, full names and proxies stay what they are.
func (p *placeholders) inWords(text string, of contract.Data) string {
	if of == contract.DataHost {
		if address, ok := p.address(text); ok {
			return address
		}
		if at := ipv4().FindStringIndex(text); at != nil {
			if address, ok := p.address(text[at[0]:at[1]]); ok {
				return p.inWords(text[:at[0]], of) + address + p.inWords(text[at[1]:], of)
			}
		}
	}
	if at := syntax().FindStringIndex(text); at != nil && of == contract.DataHost {
		return p.inWords(text[:at[0]], of) + text[at[0]:at[1]] + p.inWords(text[at[1]:], of)
	}
	original := text
	var out strings.Builder
	for len(text) > 0 {
		end := strings.IndexFunc(text, func(r rune) bool { return !inWord(r) })
		if end < 0 {
			end = len(text)
		}
		if end == 0 {
			r, size := utf8.DecodeRuneInString(text)
			if r > unicode.MaxASCII {
				r = 'é'
			}
			out.WriteRune(r)
			text = text[size:]
			continue
		}
		out.WriteString(p.word(text[:end], of, original[:len(original)-len(text)]))
		text = text[end:]
	}
	if out.String() != original {
		p.note(original, of)
	}
	return out.String()
}

func inWord(r rune) bool {
	return 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9' || r == '-' || r == '_'
}

// longestKept is the length up to which words of digits are kept: ports, repetitions in
// patterns.
func longestKept(of contract.Data) int {
	switch of {
	case contract.DataHost:
		return 5
	case contract.DataPhone:
		return 3
	}
	return 2
}

// ranges finds what patterns have between brackets.
var ranges = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^\d{0,3}([a-z]-[a-z]|[A-Z]-[A-Z]|\d-\d){1,3}\d{0,3}$`)
})

// inPattern reports whether a word is syntax of a pattern: the letter of \d and (?i), or a
// range.
func inPattern(word, before string) bool {
	return len(word) == 1 && strings.HasSuffix(before, `\`) || strings.HasSuffix(before, "(?") || ranges().MatchString(word)
}

// word returns the placeholder of a word: name-7, or as many digits for a word of digits.
func (p *placeholders) word(word string, of contract.Data, before string) string {
	numeric := strings.Trim(word, "0123456789") == ""
	switch {
	case of == contract.DataPhone && inPattern(word, before):
		return word
	case strings.Trim(word, "-_") == "":
		return word
	case slices.Contains(publicWords, word), numeric && len(word) <= longestKept(of):
		p.short[word] = word
		return word
	case len(word) < 3:
		return p.shortWord(word)
	}
	p.note(word, of)
	if known, ok := p.words[word]; ok {
		return known
	}
	made := ""
	switch {
	case numeric:
		n := strconv.Itoa(p.next(fmt.Sprint("digits ", len(word))))
		made = "5" + strings.Repeat("0", max(0, len(word)-1-len(n))) + n
	default:
		made = p.name(word)
		if word[0] == '-' || word[0] == '_' {
			made = word[:1] + made
		}
		if length := len(word); length > longestName {
			made += strings.Repeat("x", max(0, length-len(made)))
		}
	}
	p.words[word] = made
	return made
}

// shortWord returns a placeholder as long as a word of one or two letters, because rules for
// names refuse these. Its letters are in no other placeholder, so that filters find it where
// they found the word, and only there.
func (p *placeholders) shortWord(word string) string {
	if known, ok := p.short[word]; ok {
		return known
	}
	made := ""
	for made == "" || made == strings.ToLower(word) { // another word
		const alone, pairs = "abcdefghij", "klmopqrs"
		n := p.next(fmt.Sprint("short ", len(word))) - 1
		switch {
		case len(word) == 1:
			made = string(alone[n%len(alone)])
		case !unicode.IsLetter(rune(word[0])): // by which rules tell names apart
			made = word[:1] + string(alone[n%len(alone)])
		default:
			made = string(pairs[n/len(pairs)%len(pairs)]) + string(pairs[n%len(pairs)])
		}
	}
	p.short[word] = likeCase(made, word)
	return p.short[word]
}

// name returns the placeholder of a word without digits only: one number for all spellings
// that differ in capitals, because filters find them all.
func (p *placeholders) name(word string) string {
	lower := strings.ToLower(word)
	if known, ok := p.folded[lower]; ok {
		if made := likeCase(known, word); !slices.Contains(slices.Collect(maps.Values(p.words)), made) {
			return made
		}
	}
	made := fmt.Sprintf("name-%d", p.next("name"))
	p.folded[lower] = made
	return likeCase(made, word)
}

// likeCase returns a placeholder in capitals where the word is: rules for names tell them
// apart, and filters may not.
func likeCase(placeholder, word string) string {
	switch {
	case word == strings.ToLower(word):
		return strings.ToLower(placeholder)
	case word[1:] == strings.ToLower(word[1:]):
		return strings.ToUpper(placeholder[:1]) + strings.ToLower(placeholder[1:])
	}
	return strings.ToUpper(placeholder)
}

// address returns the placeholder of an IPv4 address or network, or of an IPv6 address.
// Addresses in one network stay in one network. Loopback is kept.
func (p *placeholders) address(text string) (string, bool) {
	host, rest, _ := strings.Cut(text, "/")
	if rest != "" {
		rest = "/" + rest
		if strings.Trim(rest, "/0123456789.") != "" {
			return "", false
		}
	}
	ip, err := netip.ParseAddr(host)
	switch {
	case err != nil:
		return "", false
	case ip.IsLoopback():
		return text, true
	case !ip.Is4():
		p.note(host, contract.DataHost)
		if _, ok := p.words[host]; !ok {
			p.words[host] = fmt.Sprintf("2001:db8::%x", p.next("ipv6"))
		}
		return p.words[host] + rest, true
	}
	p.note(host, contract.DataHost)
	octets := strings.Split(host, ".")
	for i := range octets {
		octets[i] = strconv.Itoa(int(p.octet(strings.Join(strings.Split(host, ".")[:i+1], "."), ip.As4()[i])))
	}
	return strings.Join(octets, ".") + rest, true
}

// octet returns the placeholder of the last octet of a prefix: another one for each other
// octet after the same prefix. 0 and 255 are kept, because they end networks and masks.
func (p *placeholders) octet(prefix string, octet byte) byte {
	if octet == 0 || octet == 255 {
		return octet
	}
	if made, ok := p.octets[prefix]; ok {
		return made
	}
	before := prefix[:strings.LastIndex(prefix, ".")+1]
	made := byte(p.next("octet "+before)%254 + 1)
	if before == "" {
		made = made%120 + 1 // no loopback address
	}
	p.octets[prefix] = made
	return made
}

// idsInOrder returns the placeholders by the ids that they stand for.
func (p *placeholders) idsInOrder() []int64 {
	ordered := make([]int64, 0, len(p.ids))
	for _, id := range slices.Sorted(maps.Keys(p.ids)) {
		ordered = append(ordered, p.ids[id])
	}
	return ordered
}

// namesInOrder returns the placeholders of words by the words that they stand for.
func (p *placeholders) namesInOrder() []string {
	ordered := make([]string, 0, len(p.words))
	for _, word := range slices.Sorted(maps.Keys(p.words)) {
		ordered = append(ordered, p.words[word])
	}
	return ordered
}

// longestSearched is the length up to which names and texts are searched for others, in
// bytes: filters have no longer ones.
const longestSearched = 128

// parts returns which placeholders stand for a text that contains others, ignoring
// capitals: some filters find names by a part.
func (p *placeholders) parts() map[string][]string {
	within := map[string][]string{}
	note := func(text, made string, all map[string]string) {
		if found := partsOf(text, all); len(found) > 0 {
			within[made] = found
		}
	}
	words := map[string]string{}
	for word, made := range p.words {
		words[strings.ToLower(word)] = strings.ToLower(made)
	}
	short := maps.Clone(words)
	for word, made := range p.short {
		short[strings.ToLower(word)] = strings.ToLower(made)
	}
	for word, made := range words {
		if strings.Trim(word, "0123456789") == "" { // figures that are kept would tell of a number
			note(word, made, words)
		} else {
			note(word, made, short)
		}
	}
	texts := map[string]string{}
	for text, made := range p.free {
		texts[strings.ToLower(text)] = made
	}
	for text, made := range texts {
		note(text, made, texts)
	}
	return within
}

// partsOf returns the placeholders of the parts of a text.
func partsOf(text string, all map[string]string) []string {
	if len(text) > longestSearched {
		return nil
	}
	var found []string
	for from := range text {
		for to := from + 1; to <= len(text); to++ {
			if made, ok := all[text[from:to]]; ok && to-from < len(text) {
				found = append(found, made)
			}
		}
	}
	slices.Sort(found)
	return slices.Compact(found)
}
