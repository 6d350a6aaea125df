package main

import (
	"errors"
	"fmt"
	"net"
	"os/signal"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"github.com/voxemu/voxemu/emulator/evidence"
	"github.com/voxemu/voxemu/emulator/vox"
)

type probeFlags struct {
	config       evidence.ProbeConfig
	credentials  string
	spend        string
	behaviourOut string
	callbackAddr string
}

func probeCommand() *cobra.Command {
	var flags probeFlags
	c := &cobra.Command{
		Use:   "probe --upstream URL --credentials FILE",
		Short: "Settle assumptions by experiments on a real service",
		Long: `Make experiments on a real service that settle assumptions, and write what it did
to a file. Without --yes nothing is sent: each call and the worst cost are printed.

Experiments that only read, or that make and remove what is free, are made with
--yes; those that cost need --spend. What is charged stays charged. Everything
that is made has the run's id in its name, is written to the file before, and is
removed at the end, which an inventory proves. Nothing else is touched. A run that
was interrupted goes on when it is started with the same file.

Experiments with callbacks need --callback-url: it is set in an account that has
no callback_url, and removed.

An account that has registrations is refused, because it looks like one in use.`,
		Example: "  voxemu probe --upstream https://api.voximplant.com --credentials credentials.json",
		Args:    cobra.NoArgs,
		RunE:    func(c *cobra.Command, _ []string) error { return probe(c, flags) },
	}
	f := c.Flags()
	f.StringVar(&flags.config.Upstream, "upstream", "", "base `URL` of the service; nothing else is reached")
	f.StringVar(&flags.credentials, "credentials", "", "`FILE` of a service account with the role Owner, as the SDKs read it")
	f.StringVar(&flags.config.File, "out", "evidence.json", "`FILE` for the result; an interrupted run goes on in it")
	f.BoolVar(&flags.config.Run, "yes", false, "send the calls; otherwise they are only printed")
	f.StringVar(&flags.spend, "spend", "0.00", "most `AMOUNT` that the run may cost, in the account's currency")
	f.StringArrayVar(&flags.config.Only, "only", nil, "`ASSUMPTION` to settle, such as A12; repeat for more; default: all")
	f.BoolVar(&flags.config.InUse, "in-use", false, "probe an account that has registrations, too")
	f.StringVar(&flags.config.CallbackURL, "callback-url", "", "base `URL` at which the service reaches --callback-addr")
	f.StringVar(&flags.callbackAddr, "callback-addr", "127.0.0.1:15080", "`ADDRESS` to receive callbacks at, with --callback-url")
	f.DurationVar(&flags.config.Interval, "interval", time.Second, "least `TIME` between two calls")
	f.StringVar(&flags.behaviourOut, "behaviour-out", "", "write a scenario that behaves like the service to `FILE`")
	return c
}

func probe(c *cobra.Command, flags probeFlags) error {
	config := flags.config
	var err error
	if config.Spend, err = vox.ParseMoney(flags.spend); err != nil || config.Spend.IsNegative() {
		return wrongUsage("--spend %q: want an amount such as 2.50", flags.spend)
	}
	if config.Run {
		if config.Credentials, err = readCredentials("--credentials", flags.credentials); err != nil {
			return err
		}
	}
	if config.Run && config.CallbackURL != "" {
		if config.Callbacks, err = net.Listen("tcp", flags.callbackAddr); err != nil {
			return fmt.Errorf("--callback-addr: %w", err)
		}
		defer config.Callbacks.Close()
	}
	config.Out, config.RootCAs = c.OutOrStdout(), trusted()
	ctx, stop := signal.NotifyContext(c.Context(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	result, err := evidence.Probe(ctx, config)
	switch {
	case errors.Is(err, evidence.ErrConfig):
		return usageError{err}
	case err != nil:
		return err
	case !config.Run:
		return nil
	}
	if flags.behaviourOut != "" {
		if err := writeFile(flags.behaviourOut, result.Behaviour(), 0o644); err != nil {
			return err
		}
	}
	counts := map[evidence.Verdict]int{}
	for _, r := range result.Results {
		counts[r.Verdict]++
	}
	_, err = fmt.Fprintf(c.OutOrStdout(), "%s: %d as assumed, %d otherwise, %d unclear; %s charged at most\n",
		config.File, counts[evidence.AsAssumed], counts[evidence.Otherwise], counts[evidence.Unclear], result.Spent)
	return err
}
