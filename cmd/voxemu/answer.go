package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"

	"github.com/spf13/cobra"
)

// doorFlags are those of every command that asks a running emulator.
type doorFlags struct {
	host   string
	asJSON bool
}

func (f *doorFlags) add(c *cobra.Command) {
	hostFlag(c, &f.host)
	jsonFlag(c, &f.asJSON)
}

// show prints an answer of the control door: as it is, or read into a T and told
// in words.
func show[T any](c *cobra.Command, f doorFlags, answer []byte, tell func(T) error) error {
	if f.asJSON {
		_, err := c.OutOrStdout().Write(answer)
		return err
	}
	var read T
	if err := json.Unmarshal(answer, &read); err != nil {
		return fmt.Errorf("the answer is no JSON that this version of voxemu reads: %w", err)
	}
	return tell(read)
}

// showDone prints an answer that says only that something was done.
func showDone(c *cobra.Command, f doorFlags, answer []byte, format string, args ...any) error {
	return show(c, f, answer, func(struct{}) error {
		_, err := fmt.Fprintf(c.OutOrStdout(), format+"\n", args...)
		return err
	})
}

// showConflict prints what the state does not allow, for example an expectation
// that was not met, without the address that said so; other errors stay as they
// are.
func showConflict(c *cobra.Command, f doorFlags, err error) error {
	conflict := (*refusal)(nil)
	if !errors.As(err, &conflict) || conflict.status != http.StatusConflict {
		return err
	}
	if f.asJSON {
		_, err := c.OutOrStdout().Write(conflict.body)
		return errors.Join(err, exitError{code: exitFailed})
	}
	return errors.New(conflict.said)
}
