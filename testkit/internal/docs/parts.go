package main

import (
	"encoding/csv"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path"
	"regexp"
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"

	"github.com/voxemu/voxemu/emulator"
	"github.com/voxemu/voxemu/scenarios"
)

const partEnds = "<!-- end -->"

// parts returns the generated parts of pages, by name.
func parts(m measurements) (map[string]string, error) {
	assumptions, err := assumptionTable()
	if err != nil {
		return nil, err
	}
	control, err := controlTable("emulator/internal/control/openapi.yaml")
	if err != nil {
		return nil, err
	}
	truth, err := truthTable("docs/evidence.md", strings.Count(assumptions, "\n| A"))
	if err != nil {
		return nil, err
	}
	faults, err := faultTable("testkit/internal/conformance/faults/seen.csv")
	if err != nil {
		return nil, err
	}
	switches, err := switchTable("emulator/vox/settings.go")
	if err != nil {
		return nil, err
	}
	return map[string]string{
		"assumptions":      assumptions,
		"switches":         switches,
		"scenarios":        scenarioTable(),
		"control-requests": control,
		"queries":          m.queryTable(),
		"writes":           m.writeTable(),
		"others":           m.otherTable(),
		"truth":            truth,
		"what clients see": faults,
	}, nil
}

// replaceParts replaces the parts of a page, each from <!-- NAME --> or <!-- NAME: SOURCE
// --> to <!-- end -->. A part whose name is that of its source contains the whole file.
func replaceParts(page, text string, parts map[string]string, used map[string]bool) (string, error) {
	var out strings.Builder
	for {
		before, rest, found := strings.Cut(text, "<!-- ")
		out.WriteString(before)
		if !found {
			return out.String(), nil
		}
		marker, rest, opened := strings.Cut(rest, " -->\n")
		_, rest, closed := strings.Cut(rest, partEnds)
		if !opened || !closed {
			return "", fmt.Errorf("the part <!-- %s has no end", marker)
		}
		name, source, _ := strings.Cut(marker, ": ")
		part, known := parts[name]
		switch {
		case known:
			used[name] = true
		case name == path.Base(source):
			var err error
			if part, err = quoted(source); err != nil {
				return "", err
			}
		default:
			return "", fmt.Errorf("the part <!-- %s --> is made by nothing", marker)
		}
		if strings.HasPrefix(page, "docs/") {
			part = strings.ReplaceAll(part, "](scenarios/", "](../scenarios/")
		}
		out.WriteString("<!-- " + marker + " -->\n" + part + partEnds)
		text = rest
	}
}

// languages are the languages of fenced blocks, by extension of the quoted file.
var languages = map[string]string{".mjs": "js", ".go": "go", ".sh": "sh"}

// quoted returns a file as a fenced block; of Go examples, the body of the function
// Example.
func quoted(name string) (string, error) {
	text, err := os.ReadFile(name)
	if err != nil {
		return "", err
	}
	language, ok := languages[path.Ext(name)]
	if !ok {
		return "", fmt.Errorf("%s: no language is known for %q", name, path.Ext(name))
	}
	source := string(text)
	if language == "go" {
		_, body, ok := strings.Cut(source, "func Example() {\n")
		body, _, ok2 := strings.Cut(body, "\n}\n")
		if !ok || !ok2 {
			return "", fmt.Errorf("%s has no function Example", name)
		}
		source = strings.ReplaceAll("\n"+body+"\n", "\n\t", "\n")[1:]
	}
	return "```" + language + "\n" + source + "```\n", nil
}

// assumptionTable omits the experiments, for which a page is too narrow.
func assumptionTable() (string, error) {
	list, err := emulator.Assumptions()
	if err != nil {
		return "", err
	}
	out := "| id | what the emulator does | why | evidence | if it is wrong | switch |\n| --- | --- | --- | --- | --- | --- |\n"
	for _, a := range list {
		choice := ""
		if a.Behaviour != "" {
			choice = "`" + string(a.Behaviour) + "`"
		}
		out += fmt.Sprintf("| %s | %s | %s | [%s, %s](evidence.md#%s) | %s | %s |\n",
			a.ID, cell(a.Says), cell(a.Because), a.Mark, a.Date, a.Source, cell(a.Risk), choice)
	}
	return out, nil
}

// truthTable counts what is known about the real service, what is assumed and what is
// open.
func truthTable(evidence string, assumptions int) (string, error) {
	text, err := os.ReadFile(evidence)
	if err != nil {
		return "", err
	}
	facts, open, ok := strings.Cut(string(text), "\n## Open questions\n")
	open, _, ok2 := strings.Cut(open, "\n## ")
	if !ok || !ok2 {
		return "", fmt.Errorf("%s has no section on open questions", evidence)
	}
	proven := len(regexp.MustCompile(`\*\*(page|measured( \(client\))?|documented)\*\*`).FindAllString(facts, -1))
	return "| | | |\n| --- | --- | --- |\n" +
		fmt.Sprintf("| proven | %d | facts from the API page, measurements and official documents: [evidence](docs/evidence.md) |\n", proven) +
		fmt.Sprintf("| assumed | %d | beliefs, each with its reason and an experiment: [assumptions](docs/assumptions.md) |\n", assumptions) +
		fmt.Sprintf("| unknown | %d | [questions](docs/evidence.md#open-questions) that no source answers |\n", strings.Count(open, "\n- ")), nil
}

// cell escapes a text for a cell of a table.
func cell(text string) string {
	return strings.ReplaceAll(strings.Join(strings.Fields(text), " "), "|", `\|`)
}

// faultTable returns the table of the clients' reports of faults; the second row has
// their versions.
func faultTable(name string) (string, error) {
	file, err := os.Open(name)
	if err != nil {
		return "", err
	}
	defer file.Close()
	rows, err := csv.NewReader(file).ReadAll()
	if err != nil || len(rows) < 2 {
		return "", fmt.Errorf("%s: want rows (%w)", name, err)
	}
	var out strings.Builder
	fmt.Fprintf(&out, "| `then` | %s |\n|%s\n", strings.Join(rows[0][1:], " | "), strings.Repeat(" --- |", len(rows[0])))
	for _, row := range rows[2:] {
		fmt.Fprintf(&out, "| `%s` | %s |\n", row[0], strings.Join(row[1:], " | "))
	}
	out.WriteString("\n| client | version |\n| --- | --- |\n")
	for i, client := range rows[0][2:] {
		fmt.Fprintf(&out, "| %s | %s |\n", client, rows[1][i+2])
	}
	return out.String(), nil
}

func scenarioTable() string {
	out := "| scenario | what it is |\n| --- | --- |\n"
	for _, name := range scenarios.Names() {
		out += fmt.Sprintf("| [%[1]s](scenarios/%[1]s.yaml) | %[2]s |\n", name, scenarios.Description(name))
	}
	return out
}

// controlTable lists the operations of the control API in the order of its description.
func controlTable(name string) (string, error) {
	text, err := os.ReadFile(name)
	if err != nil {
		return "", err
	}
	var doc struct{ Paths yaml.Node }
	if err := yaml.Load(text, &doc); err != nil {
		return "", err
	}
	server, err := emulator.New(emulator.WithScenario("empty"))
	if err != nil {
		return "", err
	}
	out := "| request | what it does |\n| --- | --- |\n"
	for item := range slices.Chunk(doc.Paths.Content, 2) { // name and value alternate
		at := item[0].Value
		allowed := verbs(server, at)
		for operation := range slices.Chunk(item[1].Content, 2) {
			var described struct{ Summary string }
			verb := strings.ToUpper(operation[0].Value)
			if !slices.Contains(allowed, verb) {
				continue
			}
			if err := operation[1].Load(&described); err != nil {
				return "", err
			}
			out += "| `" + verb + " " + at + "` | " + cell(described.Summary) + " |\n"
		}
	}
	return out, nil
}

// verbs returns the verbs of a path of the control API, from the reply to a wrong one.
func verbs(server *emulator.Server, at string) []string {
	answer := httptest.NewRecorder()
	at = strings.NewReplacer("{", "", "}", "").Replace(at)
	server.Handler().ServeHTTP(answer, httptest.NewRequest(http.MethodTrace, at, nil))
	return strings.Split(answer.Header().Get("Allow"), ", ")
}
