package main

import (
	"context"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"github.com/voxemu/voxemu/emulator/clock"
)

// pollInterval is short for people and longer than a request takes.
const pollInterval = 25 * time.Millisecond

func waitCommand() *cobra.Command {
	var host string
	var timeout time.Duration
	c := &cobra.Command{
		Use:     "wait",
		Short:   "Wait until an emulator answers",
		Long:    "Wait until an emulator answers; exit 1 with the last error if none does in time.",
		Example: "  voxemu serve & voxemu wait --timeout 10s",
		Args:    cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			if timeout <= 0 {
				return wrongUsage("--timeout %s: want more than 0", timeout)
			}
			emulator, err := newControlClient(host)
			if err != nil {
				return err
			}
			ctx, cancel := context.WithTimeout(c.Context(), timeout)
			defer cancel()
			if err := wait(ctx, emulator); err != nil {
				return fmt.Errorf("waited %s: %w", timeout, err)
			}
			return nil
		},
	}
	hostFlag(c, &host)
	timeoutFlag(c, &timeout, 30*time.Second, "give up after this `DURATION`")
	return c
}

// wait polls until the emulator answers or the context ends. In the latter case it
// returns the last error other than the context's.
func wait(ctx context.Context, emulator *controlClient) (last error) {
	tick := time.NewTicker(pollInterval)
	defer tick.Stop()
	for {
		_, err := emulator.get(ctx, "/_voxemu/health")
		if err == nil {
			return nil
		}
		if ctx.Err() == nil || last == nil {
			last = err
		}
		select {
		case <-ctx.Done():
			return last
		case <-tick.C:
		}
	}
}

// timeoutFlag adds --timeout, in real time.
func timeoutFlag(c *cobra.Command, timeout *time.Duration, usual time.Duration, usage string) {
	*timeout = usual
	c.Flags().Var((*realTime)(timeout), "timeout", usage)
}

// realTime is a duration of real time in the format of durations of the emulator's clock.
type realTime time.Duration

// Set parses the flag.
func (d *realTime) Set(text string) error {
	span, err := clock.ParseSpan(text)
	if err == nil && span.Months > 0 {
		err = fmt.Errorf("%q: months and years differ in length; want for example 90s or 1w", text)
	}
	*d = realTime(span.Rest)
	return err
}

// String formats the flag like a [time.Duration].
func (d *realTime) String() string { return time.Duration(*d).String() }

// Type is the flag's type in the help.
func (d *realTime) Type() string { return "duration" }
