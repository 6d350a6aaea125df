package report

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Format is a form of a report.
type Format string

// The forms of a report.
const (
	// JSON is the report itself, for programs and [Report.Merge].
	JSON Format = "json"
	// HTML is one file for people, without scripts.
	HTML Format = "html"
	// JUnit is JUnit XML, which CI systems read.
	JUnit Format = "junit"
	// Markdown is a summary, for example for $GITHUB_STEP_SUMMARY.
	Markdown Format = "markdown"
	// GitHub are workflow commands, which GitHub Actions shows as annotations.
	GitHub Format = "github"
)

// UnmarshalText reads a format; for other words the error lists the formats.
func (f *Format) UnmarshalText(text []byte) error {
	got := Format(text)
	if !slices.ContainsFunc(Outputs(), func(o Output) bool { return o.Format == got }) {
		var words []string
		for _, o := range Outputs() {
			words = append(words, string(o.Format))
		}
		return fmt.Errorf("%q: want one of %s", text, strings.Join(words, ", "))
	}
	*f = got
	return nil
}

// Output is one form with its file.
type Output struct {
	// Format is the form.
	Format Format
	// File is the name of the file of [Report.Write].
	File string
	// MediaType is the Content-Type.
	MediaType string

	write func(r *Report, out io.Writer, failures []string) error
}

// Outputs returns all forms.
func Outputs() []Output {
	return []Output{
		{JSON, "report.json", "application/json; charset=utf-8", (*Report).writeJSON},
		{HTML, "report.html", "text/html; charset=utf-8", (*Report).writeHTML},
		{JUnit, "junit.xml", "application/xml; charset=utf-8", (*Report).writeJUnit},
		{Markdown, "summary.md", "text/markdown; charset=utf-8", (*Report).writeMarkdown},
		{GitHub, "annotations.txt", "text/plain; charset=utf-8", (*Report).writeAnnotations},
	}
}

// Text returns the report in a form. failures are those of [Report.Check].
func (r *Report) Text(form Format, failures []string) ([]byte, error) {
	for _, o := range Outputs() {
		if o.Format == form {
			var text bytes.Buffer
			err := o.write(r, &text, failures)
			return text.Bytes(), err
		}
	}
	return nil, new(Format).UnmarshalText([]byte(form))
}

// Write writes all forms into a folder, which is created if it is missing. failures are
// those of [Report.Check].
func (r *Report) Write(dir string, failures []string) error {
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return fmt.Errorf("cannot write the report: %w", err)
	}
	for _, o := range Outputs() {
		text, err := r.Text(o.Format, failures)
		if err == nil {
			err = os.WriteFile(filepath.Join(dir, o.File), text, 0o666)
		}
		if err != nil {
			return fmt.Errorf("cannot write the report: %w", err)
		}
	}
	return nil
}

func (r *Report) writeJSON(out io.Writer, _ []string) error {
	lines := json.NewEncoder(out)
	lines.SetIndent("", " ")
	lines.SetEscapeHTML(false)
	return lines.Encode(r)
}
