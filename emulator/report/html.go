package report

import (
	_ "embed"
	"html/template"
	"io"
	"slices"
)

//go:embed report.html
var page string

// htmlView is what the page shows.
type htmlView struct {
	*Report
	Shares                    []Share
	Failures                  []string
	Hidden, Refused, Unserved []string
	Called, Never             []Method
}

// writeHTML writes one file without scripts and without links to other files.
func (r *Report) writeHTML(out io.Writer, failures []string) error {
	shown, err := template.New("report").Parse(page)
	if err != nil {
		return err
	}
	called := slices.DeleteFunc(slices.Clone(r.Methods), func(m Method) bool { return m.Times == 0 })
	never := slices.DeleteFunc(slices.Clone(r.Methods), func(m Method) bool { return m.Times > 0 })
	return shown.Execute(out, htmlView{
		Report: r, Shares: r.Shares(), Failures: failures,
		Hidden:   r.mistakesThat(Mistake.Hidden),
		Refused:  r.mistakesThat(func(m Mistake) bool { return m.Refused }),
		Unserved: r.mistakesThat(func(m Mistake) bool { return m.NotEmulated }),
		Called:   called, Never: never,
	})
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
