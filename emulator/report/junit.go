package report

import (
	"encoding/xml"
	"fmt"
	"io"
)

type junitSuites struct {
	XMLName  xml.Name     `xml:"testsuites"`
	Name     string       `xml:"name,attr"`
	Tests    int          `xml:"tests,attr"`
	Failures int          `xml:"failures,attr"`
	Skipped  int          `xml:"skipped,attr"`
	Suites   []junitSuite `xml:"testsuite"`
}

type junitSuite struct {
	Name     string      `xml:"name,attr"`
	Tests    int         `xml:"tests,attr"`
	Failures int         `xml:"failures,attr"`
	Skipped  int         `xml:"skipped,attr"`
	Cases    []junitCase `xml:"testcase"`
}

type junitCase struct {
	Class   string        `xml:"classname,attr"`
	Name    string        `xml:"name,attr"`
	Failure *junitMessage `xml:"failure,omitempty"`
	Skipped *junitMessage `xml:"skipped,omitempty"`
}

type junitMessage struct {
	Message string `xml:"message,attr"`
}

func (s *junitSuite) add(name string, failure, skipped string) {
	c := junitCase{Class: "voxemu." + s.Name, Name: name}
	s.Tests++
	switch {
	case failure != "":
		s.Failures++
		c.Failure = &junitMessage{failure}
	case skipped != "":
		s.Skipped++
		c.Skipped = &junitMessage{skipped}
	}
	s.Cases = append(s.Cases, c)
}

// writeJUnit writes a case for each item, skipped if it was never covered; for each
// mistake, failed if it is hidden; for each failure and each fault that was not triggered,
// failed.
func (r *Report) writeJUnit(out io.Writer, failures []string) error {
	all := junitSuites{Name: "voxemu"}
	checks := junitSuite{Name: "checks"}
	for _, text := range failures {
		checks.add(text, text, "")
	}
	if len(failures) == 0 {
		checks.add("coverage", "", "")
	}
	for _, text := range r.Untriggered {
		checks.add(text, "the fault was not triggered, or not as often as it should be", "")
	}
	mistakes := junitSuite{Name: "mistakes"}
	for _, m := range r.Mistakes {
		text := m.Text + " (" + m.inWords() + ")"
		switch {
		case m.Hidden():
			mistakes.add(m.Text, text, "")
		case m.NotEmulated:
			mistakes.add(m.Text, "", text)
		default:
			mistakes.add(m.Text, "", "the API refused it: "+text)
		}
	}
	all.Suites = append(all.Suites, checks, mistakes)
	for _, aspect := range Aspects() {
		suite := junitSuite{Name: string(aspect)}
		for key, item := range r.Items() {
			if key.Aspect != aspect {
				continue
			}
			skipped := ""
			if item.Times == 0 {
				skipped = "never covered"
			}
			suite.add(key.Label(), "", skipped)
		}
		all.Suites = append(all.Suites, suite)
	}
	for _, s := range all.Suites {
		all.Tests, all.Failures, all.Skipped = all.Tests+s.Tests, all.Failures+s.Failures, all.Skipped+s.Skipped
	}
	if _, err := io.WriteString(out, xml.Header); err != nil {
		return err
	}
	text := xml.NewEncoder(out)
	text.Indent("", " ")
	if err := text.Encode(all); err != nil {
		return err
	}
	_, err := io.WriteString(out, "\n")
	return err
}

// inWords says in how many requests a mistake is.
func (m Mistake) inWords() string {
	if m.Times == 1 {
		return fmt.Sprintf("request %d", m.First)
	}
	return fmt.Sprintf("%d requests, the first is request %d", m.Times, m.First)
}
