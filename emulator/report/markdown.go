package report

import (
	"fmt"
	"io"
	"strings"
)

// Limits of the shorter forms, in lines.
const (
	maxRows        = 30
	maxAnnotations = 10 // GitHub shows ten of each kind per step
)

// writeMarkdown writes the shares, the failures, the mistakes, and what the called methods
// lack.
func (r *Report) writeMarkdown(out io.Writer, failures []string) error {
	var b strings.Builder
	shares := r.Shares()
	fmt.Fprintf(&b, "## voxemu: %s of the API covered\n\n", shares[0])
	fmt.Fprintf(&b, "%d requests, %d attempts to deliver a callback.\n\n| aspect | covered |\n| --- | --- |\n", r.Requests, r.CallbackAttempts)
	for _, share := range shares[1:] {
		fmt.Fprintf(&b, "| %s | %s |\n", share.Aspect, share)
	}
	section := func(title string, lines []string) {
		if len(lines) == 0 {
			return
		}
		fmt.Fprintf(&b, "\n### %s\n\n", title)
		for _, line := range lines[:min(len(lines), maxRows)] {
			fmt.Fprintf(&b, "- %s\n", code(line))
		}
		if more := len(lines) - maxRows; more > 0 {
			fmt.Fprintf(&b, "- and %d more\n", more)
		}
	}
	section("Failed", failures)
	section("Mistakes that the API hides", r.mistakesThat(Mistake.Hidden))
	section("Mistakes that the API refused", r.mistakesThat(func(m Mistake) bool { return m.Refused }))
	section("Not emulated", r.mistakesThat(func(m Mistake) bool { return m.NotEmulated }))
	section("Faults that were not triggered", r.Untriggered)
	var never []string
	called := map[string]bool{"": true}
	for _, m := range r.Methods {
		called[m.Name] = m.Times > 0
	}
	for key, item := range r.Items() {
		if item.Times == 0 && called[key.Method] {
			never = append(never, key.String())
		}
	}
	section("Never covered, of the methods that were called", never)
	_, err := io.WriteString(out, b.String())
	return err
}

// code makes a text one line of code in Markdown.
func code(text string) string {
	text = strings.Join(strings.Fields(strings.ReplaceAll(text, "`", "'")), " ")
	return "`" + text + "`"
}

func (r *Report) mistakesThat(want func(Mistake) bool) []string {
	var lines []string
	for _, m := range r.Mistakes {
		if want(m) {
			lines = append(lines, m.Text+" ("+m.inWords()+")")
		}
	}
	return lines
}

// writeAnnotations writes workflow commands: errors for failures and mistakes that the API
// hides, warnings for faults that were not triggered.
func (r *Report) writeAnnotations(out io.Writer, failures []string) error {
	var b strings.Builder
	annotate(&b, "error", "voxemu coverage", failures)
	annotate(&b, "error", "voxemu request does not fit the API", r.mistakesThat(Mistake.Hidden))
	annotate(&b, "warning", "voxemu fault not triggered", r.Untriggered)
	_, err := io.WriteString(out, b.String())
	return err
}

func annotate(b *strings.Builder, level, title string, lines []string) {
	if more := len(lines) - maxAnnotations; more > 0 {
		lines = append(lines[:maxAnnotations-1:maxAnnotations-1], fmt.Sprintf("and %d more", more+1))
	}
	data := strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A")
	property := strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C")
	for _, line := range lines {
		fmt.Fprintf(b, "::%s title=%s::%s\n", level, property.Replace(title), data.Replace(line))
	}
}
