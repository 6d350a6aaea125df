package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"time"
)

// generator is a tool that reads both descriptions as they are served. Its script, NAME.sh
// in the folder generators, generates from $API and $CONTROL, compiles, and calls $URL. The
// last lines of its output must be want.
type generator struct {
	name     string // of its script and program, and in -only
	title    string
	language string
	packages string   // those whose versions are shown, separated by spaces
	needs    []string // programs
	want     string
}

// Calls of a generated client: a list with a list and a boolean as filters, a create, a
// call that is refused, a delete, and one of the control API.
const fiveCalls = "list 1,2\ncreate 6\nerror 273\ndelete 1\ncontrol demo"

// mocked is what a mock server answers that is made from the descriptions.
const mocked = "list 200 result\ncreate 200 result\ndelete 200 result\ncontrol 200 result"

var generators = []generator{
	{"openapi-fetch", "openapi-typescript with openapi-fetch", "TypeScript", "openapi-typescript openapi-fetch", []string{"node"}, fiveCalls},
	{"hey-api", "hey-api", "TypeScript", "@hey-api/openapi-ts", []string{"node"}, fiveCalls},
	{"openapi-generator-typescript-fetch", "openapi-generator, typescript-fetch", "TypeScript", "openapi-generator-cli", []string{"node", "java"}, fiveCalls},
	{"openapi-generator-python", "openapi-generator, python", "Python", "openapi-generator-cli", []string{"python3", "java"}, fiveCalls},
	{"openapi-python-client", "openapi-python-client", "Python", "openapi-python-client", []string{"python3"}, fiveCalls},
	{"datamodel-code-generator", "datamodel-code-generator, models only", "Python", "datamodel-code-generator", []string{"python3"}, fiveCalls},
	{"openapi-generator-go", "openapi-generator, go", "Go", "openapi-generator-cli", []string{"go", "java"}, fiveCalls},
	{"ogen", "ogen", "Go", "ogen-go/ogen", []string{"go"}, fiveCalls},
	{"openapi-generator-java", "openapi-generator, java, library native", "Java", "openapi-generator-cli", []string{"javac"}, fiveCalls},
	{"openapi-generator-php", "openapi-generator, php", "PHP", "openapi-generator-cli", []string{"php", "java"}, fiveCalls},
	{"postman", "Postman's converter and runner", "Postman", "openapi-to-postmanv2 newman", []string{"node"}, fiveCalls},
	{"prism", "Prism, a mock server of the file", "mock", "@stoplight/prism-cli", []string{"node"}, mocked},
	{"mockoon", "Mockoon, a mock server of the file", "mock", "@mockoon/cli", []string{"node"}, mocked},
	{"swagger-parser", "swagger-parser", "validation", "@apidevtools/swagger-parser", []string{"node"},
		"valid Voximplant Management API true\nvalid voxemu control API true"},
}

// generate runs all generators and writes their table.
func generate(options options) ([]result, error) {
	g := generatorRun{folder: filepath.Join(options.folder, "generators")}
	err := install(g.folder, [][]string{
		{"npm", "ci", "--silent", "--ignore-scripts"},
		{"python3", "-m", "venv", "venv"},
		{"venv/bin/pip", "install", "--quiet", "--disable-pip-version-check", "--require-hashes", "-r", "requirements.txt"},
		{"mvn", "-q", "-B", "package"},
	})
	if err != nil {
		return nil, err
	}
	if g.emulator, err = startEmulator(options); err != nil {
		return nil, err
	}
	if g.served, err = os.MkdirTemp("", "voxemu-descriptions-"); err != nil {
		return nil, err
	}
	defer os.RemoveAll(g.served)
	err = errors.Join(g.save("/openapi.yaml", "api.yaml"), g.save("/_voxemu/openapi.yaml", "control.yaml"))
	var results []result
	for _, generator := range generators {
		if err == nil && options.wantedPart("generators", generator.name) {
			results = append(results, g.judge(generator))
		}
	}
	if err = errors.Join(err, g.emulator.stop()); err != nil || len(results) < len(generators) || options.table == "" {
		return results, err
	}
	return results, writeGenerators(options.table, generatorTable(g.folder, results))
}

type generatorRun struct {
	folder   string
	emulator *emulator
	served   string // the folder with both descriptions
}

// save writes a description as it is served.
func (g generatorRun) save(path, name string) error {
	reply, err := http.Get("http://" + g.emulator.http + path)
	if err != nil {
		return err
	}
	defer reply.Body.Close()
	text, err := io.ReadAll(reply.Body)
	if err == nil && reply.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s: %s", path, reply.Status)
	}
	return errors.Join(err, os.WriteFile(filepath.Join(g.served, name), text, 0o644))
}

func (g generatorRun) judge(generator generator) result {
	judged := result{client: client{name: generator.name, title: generator.title}}
	if judged.notRun = missing(generator.needs); judged.notRun != "" {
		return judged
	}
	begun := time.Now()
	said, err := g.run(generator.name)
	got := strings.TrimSpace(said)
	if err == nil && !strings.HasSuffix(got, generator.want) {
		err = fmt.Errorf("want the last lines\n%s", generator.want)
	}
	if err != nil {
		judged.failed = []string{fmt.Sprintf("%v; it printed\n%s", err, got[max(0, len(got)-4000):])}
	}
	fmt.Printf("%-36s %3.0f s, %s\n", generator.name, time.Since(begun).Seconds(), map[bool]string{true: "passed", false: "FAILED\n" + strings.Join(judged.failed, "\n")}[err == nil])
	return judged
}

// run runs a script in an empty folder and returns what it printed.
func (g generatorRun) run(name string) (string, error) {
	if err := g.emulator.reset(); err != nil {
		return "", err
	}
	work, err := os.MkdirTemp("", "voxemu-"+name+"-")
	if err != nil {
		return "", err
	}
	defer os.RemoveAll(work)
	err = errors.Join(
		os.Symlink(filepath.Join(g.folder, "node_modules"), filepath.Join(work, "node_modules")),
		os.WriteFile(filepath.Join(work, "package.json"), []byte(`{"type": "module"}`), 0o644),
		copyFile(filepath.Join(g.folder, "tsconfig.json"), filepath.Join(work, "tsconfig.json")),
	)
	for _, extension := range []string{".ts", ".mjs", ".py", ".java", ".php"} {
		if program := filepath.Join(g.folder, name+extension); err == nil && exists(program) {
			err = copyFile(program, filepath.Join(work, "main"+extension))
		}
	}
	if err != nil {
		return "", err
	}
	var said bytes.Buffer
	command := exec.Command("bash", "-eu", filepath.Join(g.folder, name+".sh"))
	command.Dir, command.Stdout, command.Stderr = work, &said, &said
	command.Env = append(os.Environ(), "URL=http://"+g.emulator.http, "TOOLS="+g.folder, "GOFLAGS=",
		"API="+filepath.Join(g.served, "api.yaml"), "CONTROL="+filepath.Join(g.served, "control.yaml"),
		"GENERATE=java -jar "+filepath.Join(g.folder, "lib", "openapi-generator-cli-"+versions(g.folder)["openapi-generator-cli"]+".jar")+" generate -q")
	err = command.Run()
	return said.String(), err
}

func copyFile(from, to string) error {
	text, err := os.ReadFile(from)
	return errors.Join(err, os.WriteFile(to, text, 0o644))
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

var pinned = regexp.MustCompile(`(?m)^\s*"([\w@/-]+)": "([\d.]+)"|^([\w-]+)==([\d.]+)|github\.com/([\w/-]+) v([\d.]+)|<artifactId>([\w-]+)</artifactId>\s*<version>([\d.]+)`)

// versions returns the pinned versions by the names of their packages.
func versions(folder string) map[string]string {
	all := map[string]string{}
	for _, name := range []string{"package.json", "requirements.in", "pom.xml", "ogen/go.mod"} {
		text, err := os.ReadFile(filepath.Join(folder, name))
		if err != nil {
			panic(err) // part of the repository
		}
		for _, match := range pinned.FindAllStringSubmatch(string(text), -1) {
			for i := 1; i < len(match); i += 2 {
				if match[i] != "" {
					all[match[i]] = match[i+1]
				}
			}
		}
	}
	return all
}

func generatorTable(folder string, results []result) string {
	var text strings.Builder
	text.WriteString(generatorHead + "| --- | --- | --- | --- |\n")
	pinned := versions(folder)
	for i, result := range results {
		var shown []string
		for name := range strings.FieldsSeq(generators[i].packages) {
			shown = append(shown, name+" "+pinned[name])
		}
		said := "passed"
		switch {
		case result.notRun != "":
			said = "not run: " + result.notRun
		case len(result.failed) > 0:
			said = "failed"
		}
		fmt.Fprintf(&text, "| %s | %s | %s | %s |\n", generators[i].title, generators[i].language, strings.Join(shown, ", "), said)
	}
	return text.String()
}

// generatorHead begins the table of generators in the page, which ends at an empty line.
const generatorHead = "| tool | for | versions | result |\n"

// readGenerators returns the table of a page; empty if there is none.
func readGenerators(page string) string {
	text, _ := os.ReadFile(page) // absent: the page is new
	_, rest, found := strings.Cut(string(text), generatorHead)
	if !found {
		return ""
	}
	rows, _, _ := strings.Cut(rest, "\n\n")
	return generatorHead + rows + "\n"
}

func writeGenerators(page, table string) error {
	text, err := os.ReadFile(page)
	old := readGenerators(page)
	if err == nil && old == "" {
		err = fmt.Errorf("%s lacks the table of generators", page)
	}
	if err != nil {
		return err
	}
	return os.WriteFile(page, []byte(strings.Replace(string(text), old, table, 1)), 0o644)
}
