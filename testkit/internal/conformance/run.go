package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// timeout is the maximum time of a client for one step.
const timeout = 30 * time.Second

type result struct {
	client  client
	notRun  string // what is missing on this machine
	ran     string // its versions
	passed  int
	cannot  int
	refused int // by the validating proxy, as expected
	failed  []string
}

// judgeByClients runs all clients and writes the table.
func judgeByClients(options options) error {
	sections, err := readSteps(filepath.Join(options.folder, "steps.yaml"))
	if err != nil {
		return err
	}
	emulator, err := startEmulator(options)
	if err != nil {
		return err
	}
	var results []result
	for _, client := range clients(options.folder) {
		if !options.wanted(client.name) {
			continue
		}
		result := client.judge(emulator, sections)
		fmt.Println(result)
		results = append(results, result)
	}
	if err := emulator.stop(); err != nil {
		return err
	}
	if len(results) == 0 {
		return fmt.Errorf("no client is called %s", options.only)
	}
	if options.table != "" && options.only == "" {
		if err := os.WriteFile(options.table, []byte(table(sections, results, readGenerators(options.table))), 0o644); err != nil {
			return err
		}
	}
	return verdict(results)
}

// verdict returns an error if anything failed, and in CI also if anything was not run.
func verdict(results []result) error {
	var failed, notRun []string
	passed := 0
	for _, result := range results {
		switch {
		case result.notRun != "":
			notRun = append(notRun, result.client.name)
		case len(result.failed) > 0:
			failed = append(failed, result.client.name)
		default:
			passed++
		}
	}
	fmt.Printf("%d passed, %d failed, %d skipped\n", passed, len(failed), len(notRun))
	if len(failed) > 0 {
		return fmt.Errorf("failed: %s", strings.Join(failed, ", "))
	}
	if len(notRun) > 0 && os.Getenv("CI") == "true" {
		return fmt.Errorf("not run, and this is CI: %s", strings.Join(notRun, ", "))
	}
	return nil
}

func (r result) String() string {
	if r.notRun != "" {
		return fmt.Sprintf("%-10s not run: %s", r.client.name, r.notRun)
	}
	line := fmt.Sprintf("%-10s %3d passed, %d cannot be said, %d failed (%s)", r.client.name, r.passed, r.cannot, len(r.failed), r.ran)
	if r.client.validated {
		line += fmt.Sprintf(", %d rightly refused by the proxy", r.refused)
	}
	for _, failure := range r.failed {
		line += "\n           " + failure
	}
	return line
}

func (c client) judge(emulator *emulator, sections []section) result {
	result := result{client: c}
	if result.notRun = missing(c.needs); result.notRun != "" {
		return result
	}
	if err := install(c.folder, c.prepare); err != nil {
		result.failed = append(result.failed, err.Error())
		return result
	}
	version := exec.Command(c.version[0], c.version[1:]...)
	version.Dir = c.folder
	text, err := version.Output()
	if err != nil {
		result.failed = append(result.failed, "its version: "+err.Error())
		return result
	}
	result.ran = strings.TrimSpace(string(text))
	if err := c.takeAll(emulator, sections, &result); err != nil {
		result.failed = append(result.failed, err.Error())
	}
	return result
}

// missing returns the first program that is not installed.
func missing(programs []string) string {
	for _, program := range programs {
		if _, err := exec.LookPath(program); err != nil {
			return program + " is missing"
		}
	}
	return ""
}

func install(folder string, commands [][]string) error {
	for _, arguments := range commands {
		command := exec.Command(arguments[0], arguments[1:]...)
		command.Dir = folder
		if err := output(command); err != nil {
			return fmt.Errorf("preparing: %w", err)
		}
	}
	return nil
}

// takeAll starts the client's program and sends it all steps.
func (c client) takeAll(emulator *emulator, sections []section, result *result) (err error) {
	command := exec.Command(c.command[0], c.command[1:]...)
	command.Dir, command.Env, command.Stderr = c.folder, emulator.env(), os.Stderr
	in, err := command.StdinPipe()
	if err != nil {
		return err
	}
	out, err := command.StdoutPipe()
	if err != nil {
		return err
	}
	if err := command.Start(); err != nil {
		return err
	}
	lines := bufio.NewScanner(out)
	lines.Buffer(nil, 1<<20)
	defer func() {
		in.Close()
		io.Copy(io.Discard, out)
		err = errors.Join(err, command.Wait())
	}()
	for _, section := range sections {
		if err := emulator.reset(); err != nil {
			return err
		}
		values := kept{"long": strings.Repeat("x", 1200), "receiver": emulator.receiver.url()}
		for _, step := range section.Steps {
			hung := time.AfterFunc(timeout, func() { command.Process.Kill() })
			got, err := c.take(emulator, step, values, in, lines)
			hung.Stop()
			if err != nil {
				return fmt.Errorf("%s: %w", step.Name, err)
			}
			if c.validated && step.Error != nil && strings.Contains(got.Exception, "422") {
				result.refused++
				continue
			}
			wrong := step.judge(got, values, c.hidesFieldNames)
			for name, member := range step.Keep {
				values[name] = got.Reply[member]
			}
			if wrong == nil && step.Callback != nil {
				wrong = emulator.receiver.next(values.fill(step.Callback).(map[string]any))
			}
			result.note(step, wrong)
		}
	}
	return nil
}

// note counts a step. A step that the client cannot express must fail.
func (r *result) note(step step, err error) {
	_, cannot := step.Cannot[r.client.name]
	switch {
	case cannot && err != nil:
		r.cannot++
	case cannot:
		r.failed = append(r.failed, step.Name+": steps.yaml says that this client cannot say it, but it passes")
	case err != nil:
		r.failed = append(r.failed, step.Name+": "+err.Error())
	default:
		r.passed++
	}
}

func (c client) take(emulator *emulator, step step, values kept, in io.Writer, lines *bufio.Scanner) (outcome, error) {
	caller, ok := emulator.callers[step.As]
	if !ok {
		return outcome{}, fmt.Errorf("unknown key %q", step.As)
	}
	token, err := caller.token()
	if err != nil {
		return outcome{}, err
	}
	parameters := step.Parameters
	if parameters == nil {
		parameters = map[string]any{}
	}
	line, err := json.Marshal(map[string]any{
		"method": step.Method, "parameters": values.fill(parameters), "key": step.As,
		"account_id": caller.AccountID, "api_key": apiKeys[caller.AccountID], "token": token,
	})
	if err != nil {
		return outcome{}, err
	}
	if _, err := in.Write(append(line, '\n')); err != nil {
		return outcome{}, err
	}
	if !lines.Scan() {
		return outcome{}, fmt.Errorf("the client ended without an answer: %w", errors.Join(lines.Err(), io.ErrUnexpectedEOF))
	}
	var got outcome
	if err := json.Unmarshal(lines.Bytes(), &got); err != nil {
		return outcome{}, fmt.Errorf("the client printed %q: %w", lines.Text(), err)
	}
	return got, nil
}
