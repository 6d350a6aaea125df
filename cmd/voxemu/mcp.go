package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strings"
	"sync"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/voxemu/voxemu/cmd/voxemu/internal/mcp"
	"github.com/voxemu/voxemu/emulator"
)

// agentCommands are the commands that coding agents get as tools; a tool has the name of
// its command with _ for spaces.
func agentCommands() []string {
	return []string{
		"load", "reset", "requests", "explain", "verify", "report",
		"faults", "faults add", "faults remove", "faults clear", "advance", "registrations", "answer",
	}
}

func mcpCommand() *cobra.Command {
	var host string
	c := &cobra.Command{
		Use:   "mcp",
		Short: "Serve coding agents over the Model Context Protocol",
		Long: `Serve the Model Context Protocol on standard input and output, for coding agents.
The tool start starts an emulator on free ports, which ends with this command and
replies with the variables that point programs at it. The other tools are commands
of voxemu, with their flags and their output. Before start they use the running
emulator of --host:

` + toolsInWords(),
		Example: `  voxemu mcp
  voxemu mcp --host 127.0.0.1:15060`,
		Args: noArguments,
		RunE: func(c *cobra.Command, _ []string) error {
			a := &agent{host: host, log: c.ErrOrStderr()}
			defer a.stop()
			server, err := a.server()
			if err != nil {
				return err
			}
			return server.Serve(c.Context(), c.InOrStdin(), c.OutOrStdout())
		},
	}
	hostFlag(c, &host)
	return c
}

// toolsInWords lists the tools, a line each.
func toolsInWords() string {
	var lines []string
	for _, command := range agentCommands() {
		lines = append(lines, "  "+toolName(command))
	}
	return strings.Join(lines, "\n")
}

func toolName(command string) string { return strings.ReplaceAll(command, " ", "_") }

// agent is one session: the emulator that its tools use.
type agent struct {
	log io.Writer

	mu      sync.Mutex // guards the fields below
	host    string     // empty: that of the environment
	dir     string     // of the emulator's certificates; empty: none was started
	running *emulator.Server
}

// stop ends the emulator that start has started.
func (a *agent) stop() {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.running != nil {
		closeServer(context.Background(), a.running)
		os.RemoveAll(a.dir)
		a.running, a.dir = nil, ""
	}
}

// scenarioProperty is the property of the tool start.
const scenarioProperty = "scenario"

func (a *agent) server() (*mcp.Server, error) {
	s := &mcp.Server{
		Name: "voxemu", Version: version(),
		Instructions: "voxemu emulates the SIPRegistration part of the Voximplant Management API. Call start first, and run the program under test with the variables that it returns. Then requests shows what the program sent, faults_add makes requests fail, advance moves the clock, verify checks, and load and reset set the state.",
		Tools: []mcp.Tool{{
			Name: "start",
			Description: "Start an emulator on free ports of 127.0.0.1, in place of the one that was started before. Returns the environment variables that point SDKs and programs at it.\n\n" +
				variablesInWords,
			Input: objectSchema(map[string]any{
				scenarioProperty: described(texts(), "built-in scenarios or files, merged in order; default: demo"),
			}),
			Call: func(ctx context.Context, input json.RawMessage) (string, bool) {
				variables, err := a.start(ctx, input)
				if err != nil {
					return "start: " + err.Error(), true
				}
				return variables, false
			},
		}},
	}
	for _, name := range agentCommands() {
		command, _, err := newRoot().Find(strings.Fields(name))
		if err != nil {
			return nil, err
		}
		s.Tools = append(s.Tools, mcp.Tool{
			Name: toolName(name), Description: describeCommand(command), Input: inputSchema(command),
			Call: func(ctx context.Context, input json.RawMessage) (string, bool) {
				return a.run(ctx, strings.Fields(name), input)
			},
		})
	}
	return s, nil
}

// start starts an emulator and returns its variables, a line each.
func (a *agent) start(ctx context.Context, input json.RawMessage) (string, error) {
	given, err := properties(input, []string{scenarioProperty})
	if err != nil {
		return "", err
	}
	dir, err := os.MkdirTemp("", "voxemu-mcp-")
	if err != nil {
		return "", err
	}
	server, err := startFor(a.log, dir, given[scenarioProperty])
	if err != nil {
		os.RemoveAll(dir)
		return "", err
	}
	a.stop()
	a.mu.Lock()
	a.running, a.dir, a.host = server, dir, server.URL()
	a.mu.Unlock()
	key, err := ownerKey(server)
	if err != nil {
		return "", err
	}
	found, err := findVariables(ctx, os.Environ(), dir, server.URL(), key)
	if err != nil {
		return "", err
	}
	var lines []string
	for _, v := range append(found, variable{configDirVar, dir}) {
		lines = append(lines, v.name+"="+v.value)
	}
	return strings.Join(lines, "\n"), nil
}

// describeCommand returns the help of a command without its flags, which are in the schema.
func describeCommand(c *cobra.Command) string {
	text := c.Short + ".\n\nvoxemu " + strings.TrimPrefix(c.UseLine(), "voxemu ")
	if c.Long != "" {
		text += "\n\n" + c.Long
	}
	if c.Example != "" {
		text += "\n\nExamples:\n" + c.Example
	}
	return text
}

// Names of properties that are no flags.
const (
	argumentsProperty = "arguments"
	stdinProperty     = "stdin"
)

// inputSchema returns the JSON Schema of a command's flags, arguments and standard input.
func inputSchema(c *cobra.Command) map[string]any {
	properties := map[string]any{
		argumentsProperty: described(texts(), "the arguments after the flags, as in: voxemu "+strings.TrimPrefix(c.UseLine(), "voxemu ")),
		stdinProperty:     described(typed("string"), "the text for the argument -, standard input"),
	}
	toolFlags(c, func(f *pflag.Flag) {
		_, usage := pflag.UnquoteUsage(f)
		switch f.Value.Type() {
		case "stringArray":
			properties[f.Name] = described(texts(), usage)
		case "bool":
			properties[f.Name] = described(typed("boolean"), usage)
		case "int":
			properties[f.Name] = described(typed("integer"), usage)
		default:
			properties[f.Name] = described(typed("string"), usage)
		}
	})
	return objectSchema(properties)
}

func objectSchema(properties map[string]any) map[string]any {
	return map[string]any{"type": "object", "properties": properties, "additionalProperties": false}
}

func typed(name string) map[string]any { return map[string]any{"type": name} }

func texts() map[string]any { return map[string]any{"type": "array", "items": typed("string")} }

func described(schema map[string]any, text string) map[string]any {
	schema["description"] = text
	return schema
}

// toolFlags calls do for the flags of a command that a tool has.
func toolFlags(c *cobra.Command, do func(*pflag.Flag)) {
	c.LocalFlags().VisitAll(func(f *pflag.Flag) {
		if f.Name != "host" && f.Name != "help" {
			do(f)
		}
	})
}

// run runs a command with the input of a tool. It returns what the command prints, and
// whether it failed.
func (a *agent) run(ctx context.Context, command []string, input json.RawMessage) (output string, failed bool) {
	root := newRoot()
	c, _, err := root.Find(command)
	if err != nil {
		return err.Error(), true
	}
	args, stdin, err := arguments(c, input)
	if err != nil {
		return toolName(strings.Join(command, " ")) + ": " + err.Error(), true
	}
	a.mu.Lock()
	if c.Flags().Lookup("host") != nil && a.host != "" {
		args = append([]string{"--host=" + a.host}, args...)
	}
	a.mu.Unlock()
	var out bytes.Buffer
	code := runWith(ctx, append(slices.Clone(command), args...), strings.NewReader(stdin), &out, &out)
	return strings.TrimRight(out.String(), "\n"), code != exitFine
}

// arguments returns the command line for the input of a tool.
func arguments(c *cobra.Command, input json.RawMessage) (args []string, stdin string, err error) {
	known := []string{argumentsProperty, stdinProperty}
	toolFlags(c, func(f *pflag.Flag) { known = append(known, f.Name) })
	given, err := properties(input, known)
	if err != nil {
		return nil, "", err
	}
	for _, name := range slices.Sorted(maps.Keys(given)) {
		for _, text := range given[name] {
			switch name {
			case argumentsProperty:
			case stdinProperty:
				stdin = text
			default:
				args = append(args, "--"+name+"="+text)
			}
		}
	}
	return append(append(args, "--"), given[argumentsProperty]...), stdin, nil
}

// properties returns the values in the input of a tool, as texts.
func properties(input json.RawMessage, known []string) (map[string][]string, error) {
	given := map[string]any{}
	if len(input) > 0 {
		numbers := json.NewDecoder(bytes.NewReader(input))
		numbers.UseNumber() // an id as it was written
		if err := numbers.Decode(&given); err != nil {
			return nil, fmt.Errorf("want an object: %w", err)
		}
	}
	texts := map[string][]string{}
	for _, name := range slices.Sorted(maps.Keys(given)) {
		if !slices.Contains(known, name) {
			return nil, fmt.Errorf("no such property: %s; known here: %s", name, strings.Join(known, ", "))
		}
		values, isList := given[name].([]any)
		if !isList {
			values = []any{given[name]}
		}
		for _, value := range values {
			switch value.(type) {
			case string, json.Number, bool:
				texts[name] = append(texts[name], fmt.Sprint(value))
			default:
				return nil, fmt.Errorf("%s: want a text, a number, true or false", name)
			}
		}
	}
	return texts, nil
}
