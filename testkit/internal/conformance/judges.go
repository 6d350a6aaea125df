package main

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
)

// specificationJudges are the judges by their names in -only.
var specificationJudges = []struct {
	name string
	run  func(options) ([]result, error)
}{
	{"schemathesis", fuzz},
	{"proxy", proxy},
	{"generators", generate},
}

// judgeBySpecification runs the judges that use only openapi.yaml.
func judgeBySpecification(options options) error {
	var results []result
	for _, judge := range specificationJudges {
		if !options.wanted(judge.name) && !(judge.name == "generators" && options.wantsGenerator()) {
			continue
		}
		judged, err := judge.run(options)
		if err != nil {
			return fmt.Errorf("%s: %w", judge.name, err)
		}
		results = append(results, judged...)
	}
	return verdict(results)
}

// checks are the checks of schemathesis that fit an API whose replies all have status
// 200. Those that expect 4xx for invalid data, methods or credentials are omitted.
// declared_error is defined in hooks.py.
const checks = "not_a_server_error,status_code_conformance,content_type_conformance," +
	"response_headers_conformance,response_schema_conformance,declared_error"

// fuzz runs schemathesis with a fixed seed for the budget.
func fuzz(options options) ([]result, error) {
	judged := result{client: client{name: "schemathesis", folder: filepath.Join(options.folder, "schemathesis")}}
	if judged.notRun = missing([]string{"python3"}); judged.notRun != "" {
		return []result{judged}, nil
	}
	err := install(judged.client.folder, [][]string{
		{"python3", "-m", "venv", "venv"},
		{"venv/bin/pip", "install", "--quiet", "--disable-pip-version-check", "--require-hashes", "-r", "requirements.txt"},
	})
	if err != nil {
		return nil, err
	}
	emulator, err := startEmulator(options)
	if err != nil {
		return nil, err
	}
	for _, phase := range phases(options.budget) {
		if err := schemathesis(judged.client.folder, "http://"+emulator.http, phase); err != nil {
			judged.failed = append(judged.failed, phase.names+": "+err.Error())
		}
	}
	return []result{judged}, emulator.stop()
}

// phase is a run of schemathesis with a time limit in seconds.
type phase struct {
	names   string
	seconds int
}

// phases gives a quarter of the budget to the phase that follows the links added by
// hooks.py. In a single run, fuzzing would use up all of it.
func phases(budget int) []phase {
	following := max(budget/4, 1)
	return []phase{{"examples,coverage,fuzzing", max(budget-following, 1)}, {stateful, following}}
}

// schemathesis sends generated requests to a URL, with a fixed seed.
func schemathesis(folder, url string, phase phase) error {
	command := exec.Command("venv/bin/schemathesis", "run", "../../../../openapi.yaml", "--url", url, "--seed", "1",
		"--phases", phase.names, "--max-time", strconv.Itoa(phase.seconds), "--checks", checks, "--continue-on-failure", "--no-color")
	var said bytes.Buffer
	command.Dir, command.Stdout, command.Stderr = folder, io.MultiWriter(os.Stdout, &said), os.Stderr
	command.Env = append(os.Environ(), "SCHEMATHESIS_HOOKS=hooks", "PYTHONPATH=.")
	if err := command.Run(); err != nil {
		return err
	}
	if phase.names == stateful && !followed.Match(said.Bytes()) {
		return fmt.Errorf("no link was followed")
	}
	return nil
}

// stateful is the phase that follows links, followed by its result. The phase also passes
// if it followed no link, so the result must be checked.
const stateful = "stateful"

var followed = regexp.MustCompile(`API Links: +[1-9][0-9]* covered`)
