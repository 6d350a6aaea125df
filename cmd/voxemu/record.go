package main

import (
	"cmp"
	"errors"
	"fmt"
	"log/slog"
	"os/signal"
	"syscall"

	"github.com/spf13/cobra"

	"github.com/voxemu/voxemu/emulator/evidence"
)

func recordCommand() *cobra.Command {
	config := evidence.Config{Version: version()}
	c := &cobra.Command{
		Use:   "record --upstream URL --out FILE",
		Short: "Record what a client and a real service say to each other",
		Long: `Pass requests on to a real service, or to another voxemu, and write each
exchange of the API to a new file, until SIGTERM or SIGINT. Point the client at
this proxy instead of the service; credentials are passed on, never written.

Ids, names, hosts and keys become placeholders; texts, money and what voxemu
does not know are masked. The file is complete at the end, after a check that
no masked value stands in it. Nothing but the upstream is reached.

Once it accepts, one line on standard error names the real ports:
voxemu record ready http=http://127.0.0.1:15070 https=https://127.0.0.1:15071`,
		Example: "  voxemu record --upstream https://api.voximplant.com --out session.jsonl",
		Args:    cobra.NoArgs,
		RunE:    func(c *cobra.Command, _ []string) error { return recordUntilSignal(c, config) },
	}
	f := c.Flags()
	f.StringVar(&config.Upstream, "upstream", "", "base `URL` of the service; nothing else is reached")
	f.StringVar(&config.Out, "out", "", "new `FILE` for the recording")
	f.StringVar(&config.Addr, "addr", "localhost:15070", "`HOST:PORT` of the HTTP listener; port 0 picks a free one; off: no listener")
	f.StringVar(&config.TLSAddr, "tls-addr", "localhost:15071", "`HOST:PORT` of the HTTPS listener, in the same way")
	f.StringArrayVar(&config.Only, "only", nil, "`METHOD` to record; repeat for more; default: all")
	f.StringVar(&config.Account, "account", "", "record requests of this account only: its `ID`, name or e-mail")
	return c
}

func recordUntilSignal(c *cobra.Command, config evidence.Config) error {
	for flag, address := range map[string]*string{"--addr": &config.Addr, "--tls-addr": &config.TLSAddr} {
		if *address == off {
			*address = ""
		} else if err := checkAddress(*address); err != nil {
			return wrongUsage("%s %q: %w; want HOST:PORT such as 127.0.0.1:0, or off", flag, *address, err)
		}
	}
	if config.Addr == "" && config.TLSAddr == "" {
		return wrongUsage("--addr and --tls-addr are both off: a client needs one of them")
	}
	dir, err := configDir()
	if err != nil && !errors.Is(err, errNoConfigDir) {
		return err
	}
	config.ConfigDir, config.RootCAs = dir, trusted()
	config.Logger = slog.New(newTextHandler(c.ErrOrStderr(), slog.LevelInfo))
	config.Ready = func(plain, tls string) {
		fmt.Fprintf(c.ErrOrStderr(), "voxemu record ready http=%s https=%s\n", cmp.Or(plain, off), cmp.Or(tls, off))
	}
	ctx, stop := signal.NotifyContext(c.Context(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	exchanges, err := evidence.Record(ctx, config)
	switch {
	case errors.Is(err, evidence.ErrConfig):
		return usageError{err}
	case err != nil:
		return startError(err)
	}
	_, err = fmt.Fprintf(c.OutOrStdout(), "%s: %d exchanges\n", config.Out, exchanges)
	return err
}
