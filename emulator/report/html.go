package report

import (
	"bytes"
	_ "embed"
	"fmt"
	"html"
	"io"
	"maps"
	"slices"
)

// head is the page up to its heading: title and styles.
//
//go:embed head.html
var head string

// page is HTML in the making. It is written by hand because html/template looks methods
// up by name, so that the linker keeps every method of every type: 5 MB of each program
// and 2 MB of idle memory.
type page struct{ bytes.Buffer }

// add writes a format of HTML, with the arguments escaped: each as %v.
func (p *page) add(format string, args ...any) {
	for i, arg := range args {
		args[i] = html.EscapeString(fmt.Sprint(arg))
	}
	fmt.Fprintf(p, format, args...)
}

// writeHTML writes one file without scripts and without links to other files.
func (r *Report) writeHTML(out io.Writer, failures []string) error {
	p := &page{}
	p.WriteString(head)
	p.add("<h1>What the tests covered</h1>\n<p>%v requests to the API, %v attempts to deliver a callback. "+
		"✓ with the number of times; – never. voxemu %v.</p>\n", r.Requests, r.CallbackAttempts, r.Version)
	if r.ParametersLeftOut > 0 {
		p.add("<p>%v parameters were too many or too long to be counted.</p>\n", r.ParametersLeftOut)
	}
	p.lines("Failed", "bad", failures)
	p.lines("Mistakes that the API hides", "bad", r.mistakesThat(Mistake.Hidden))
	p.lines("Faults that were not triggered", "bad", r.Untriggered)
	p.lines("Mistakes that the API refused", "other", r.mistakesThat(func(m Mistake) bool { return m.Refused }))
	p.lines("Not emulated", "other", r.mistakesThat(func(m Mistake) bool { return m.NotEmulated }))
	if r.MoreMistakes > 0 {
		p.add("<p>%v more mistakes are not listed.</p>\n", r.MoreMistakes)
	}
	p.add("<h2>Coverage</h2>\n<table>\n<tr><th>aspect<th>covered<th>of<th>\n")
	for _, s := range r.Shares() {
		p.add("<tr><td>")
		if s.Aspect == "" {
			p.add("<b>all</b>")
		} else {
			p.add("%v", s.Aspect)
		}
		p.add(`<td class="n">%v<td class="n">%v<td><progress value="%[1]v" max="%[2]v"></progress> %[3]v %%`+"\n",
			s.Covered, s.Total, fmt.Sprintf("%.1f", s.Percent()))
	}
	p.add("</table>\n")
	called := slices.DeleteFunc(slices.Clone(r.Methods), func(m Method) bool { return m.Times == 0 })
	p.add("<h2>Methods that were called: %v</h2>\n", len(called))
	for _, m := range called {
		p.add("<details open><summary><code>%v</code> <small>%v requests, %v succeeded; %v of its parameters, values and errors</small></summary>\n",
			m.Name, m.Times, m.Succeeded, m.Share())
		p.method(m)
	}
	p.items("h2", "Errors of every method", r.Errors)
	p.items("h2", "Kinds of faults", r.Faults)
	p.items("h2", "States that registrations reached", r.States)
	p.items("h2", "Callbacks: attempts to deliver", r.Callbacks)
	never := slices.DeleteFunc(slices.Clone(r.Methods), func(m Method) bool { return m.Times > 0 })
	p.add("<h2>Methods that were never called: %v</h2>\n", len(never))
	for _, m := range never {
		p.add("<details><summary><code>%v</code></summary>\n", m.Name)
		p.method(m)
	}
	_, err := out.Write(p.Bytes())
	return err
}

// lines writes a section with a list, unless the list is empty.
func (p *page) lines(title, class string, lines []string) {
	if len(lines) == 0 {
		return
	}
	p.add(`<section class="%v"><h2>%v</h2><ul>`, class, title)
	for _, line := range lines {
		p.add("<li>%v", line)
	}
	p.add("</ul></section>\n")
}

// method writes what was covered of a method, and ends its details.
func (p *page) method(m Method) {
	if len(m.Parameters) > 0 {
		p.add("<h3>Parameters</h3><ul class=\"i\">\n")
		for _, parameter := range m.Parameters {
			p.item(parameter.Item)
			if len(parameter.Values) > 0 {
				p.add("<ul>")
				for _, value := range parameter.Values {
					p.item(value)
				}
				p.add("</ul>")
			}
			p.add("\n")
		}
		p.add("</ul>\n")
	}
	if len(m.Errors) > 0 {
		p.items("h3", "Errors", m.Errors)
	}
	if len(m.OtherErrors) > 0 {
		p.add("<p>Errors that the specification does not list for it, by faults:")
		for _, name := range slices.Sorted(maps.Keys(m.OtherErrors)) {
			p.add(" <code>%v</code> %v", name, m.OtherErrors[name])
		}
		p.add("</p>\n")
	}
	p.add("</details>\n")
}

func (p *page) items(heading, title string, items []Item) {
	p.add("<%[1]v>%[2]v</%[1]v><ul class=\"i\">\n", heading, title)
	for _, item := range items {
		p.item(item)
		p.add("\n")
	}
	p.add("</ul>\n")
}

func (p *page) item(i Item) {
	if i.Times == 0 {
		p.add(`<li class="n0"><code>%v</code>`, i.Name)
		return
	}
	p.add(`<li class="y"><code>%v</code> %v`, i.Name, i.Times)
	if i.ByFault > 0 {
		p.add(" (%v by a fault)", i.ByFault)
	}
}

// Share returns what of the method was covered: its parameters, values and errors.
func (m Method) Share() Share {
	var s Share
	m.items(func(key Key, item *Item) bool {
		if key.Aspect != Methods {
			s.Total++
			if item.Times > 0 {
				s.Covered++
			}
		}
		return true
	})
	return s
}
