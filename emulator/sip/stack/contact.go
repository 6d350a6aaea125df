package stack

import "strings"

// contact is an element of a Contact header, read without the strictness that would drop
// the message.
type contact struct {
	uri     string
	expires string
}

// contacts splits the value of a Contact header.
func contacts(value string) []contact {
	var list []contact
	for _, element := range split(value, ',') {
		c := contact{uri: strings.TrimSpace(element)}
		parameters := ""
		if _, rest, ok := strings.Cut(element, "<"); ok {
			c.uri, parameters, _ = strings.Cut(rest, ">")
		} else {
			c.uri, parameters, _ = strings.Cut(c.uri, ";")
		}
		for _, p := range split(parameters, ';') {
			if name, value, ok := strings.Cut(p, "="); ok && strings.EqualFold(strings.TrimSpace(name), "expires") {
				c.expires = strings.Trim(strings.TrimSpace(value), `"`)
			}
		}
		list = append(list, c)
	}
	return list
}

// proxy returns host, port and transport of the URI as a proxy.
func (c contact) proxy() string {
	scheme, rest, _ := strings.Cut(c.uri, ":")
	if !strings.EqualFold(scheme, "sip") && !strings.EqualFold(scheme, "sips") {
		return ""
	}
	if i := strings.LastIndexByte(rest, '@'); i >= 0 {
		rest = rest[i+1:]
	}
	rest, _, _ = strings.Cut(rest, "?")
	address, parameters, _ := strings.Cut(rest, ";")
	transport := ""
	if strings.EqualFold(scheme, "sips") {
		transport = ";transport=tls"
	}
	for _, p := range strings.Split(parameters, ";") {
		if name, value, ok := strings.Cut(p, "="); ok && strings.EqualFold(name, "transport") && transport == "" {
			transport = ";transport=" + strings.ToLower(value)
		}
	}
	return address + transport
}

// split splits at a separator that is neither quoted nor within angle brackets.
func split(text string, separator byte) []string {
	var list []string
	quoted, angled, from := false, false, 0
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case c == '\\' && quoted:
			i++
		case c == '"':
			quoted = !quoted
		case c == '<' && !quoted:
			angled = true
		case c == '>' && !quoted:
			angled = false
		case c == separator && !quoted && !angled:
			list = append(list, text[from:i])
			from = i + 1
		}
	}
	return append(list, text[from:])
}
