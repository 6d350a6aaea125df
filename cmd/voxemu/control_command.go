package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"

	"github.com/spf13/cobra"
)

// controlAPI is the control API of a running emulator together with the command's output.
type controlAPI struct {
	*controlClient
	command *cobra.Command
	asJSON  bool
}

// controlCommand makes c a command for a running emulator, with --host and --json.
func controlCommand(c *cobra.Command, run func(api controlAPI, args []string) error) *cobra.Command {
	var host string
	var asJSON bool
	hostFlag(c, &host)
	c.Flags().BoolVar(&asJSON, "json", false, "print the control API's reply, JSON")
	c.RunE = func(c *cobra.Command, args []string) error {
		client, err := newControlClient(host)
		if err != nil {
			return err
		}
		return run(controlAPI{client, c, asJSON}, args)
	}
	return c
}

// print sends a request and prints the reply: unchanged with --json, else formatted by
// words.
func (a controlAPI) print(verb, path string, body []byte, words func(reply []byte) (string, error)) error {
	reply, err := a.call(a.command.Context(), verb, path, body)
	if err != nil {
		return err
	}
	if a.asJSON {
		_, err := a.command.OutOrStdout().Write(reply)
		return err
	}
	text, err := words(reply)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintln(a.command.OutOrStdout(), text)
	return err
}

// inWords decodes a reply for [controlAPI.print].
func inWords[T any](words func(T) string) func([]byte) (string, error) {
	return func(reply []byte) (string, error) {
		var decoded T
		if err := json.Unmarshal(reply, &decoded); err != nil {
			return "", fmt.Errorf("the reply is not JSON that this version of voxemu can read: %w", err)
		}
		return words(decoded), nil
	}
}

// say is the text for a reply without content.
func say(text string) func([]byte) (string, error) {
	return inWords(func(struct{}) string { return text })
}

// printVerdict is [controlAPI.print] for checks. A negative result, such as an
// expectation that is not met, is printed without the emulator's address, and the exit
// code is 1.
func (a controlAPI) printVerdict(verb, path string, body []byte, words func(reply []byte) (string, error)) error {
	err := a.print(verb, path, body, words)
	conflict := (*controlError)(nil)
	if !errors.As(err, &conflict) || conflict.status != http.StatusConflict {
		return err
	}
	if a.asJSON {
		_, err := a.command.OutOrStdout().Write(conflict.body)
		return errors.Join(err, exitError{code: exitFailed})
	}
	return errors.New(conflict.message)
}

// downloadCommand makes c a command that asks a path of the control API and prints the reply
// or writes it to a file, with --host and --out.
func downloadCommand(c *cobra.Command, verb string, mode os.FileMode, path func() (string, error)) *cobra.Command {
	var host, out string
	hostFlag(c, &host)
	usage := "write `FILE` instead of standard output"
	if mode == 0o600 {
		usage = "write `FILE`, readable by its owner only, instead of standard output"
	}
	c.Flags().StringVar(&out, "out", "", usage)
	c.RunE = func(c *cobra.Command, _ []string) error {
		path, err := path()
		if err != nil {
			return err
		}
		client, err := newControlClient(host)
		if err != nil {
			return err
		}
		text, err := client.call(c.Context(), verb, path, nil)
		if err != nil {
			return err
		}
		if out != "" {
			return writeFile(out, text, mode)
		}
		_, err = c.OutOrStdout().Write(text)
		return err
	}
	return c
}
