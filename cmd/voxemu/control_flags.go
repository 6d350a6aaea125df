package main

import (
	"cmp"
	"fmt"
	"log/slog"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"github.com/voxemu/voxemu/emulator"
	"github.com/voxemu/voxemu/scenarios/document"
)

// controlFlags are the flags of serve for the control API.
type controlFlags struct {
	addr, token, tokenFile string
	hosts                  []string
	open                   bool
	allowShutdown          bool
	console, noConsole     bool
}

func (f *controlFlags) add(c *cobra.Command) {
	to := c.Flags()
	to.StringVar(&f.addr, "control-addr", "", "`HOST:PORT` of a listener for the control API alone (default: it is on the other listeners)")
	to.StringVar(&f.token, "control-token", "", "`TOKEN` that the control API requires (default $"+tokenVar+", else none)")
	to.StringVar(&f.tokenFile, "control-token-file", "", "`FILE` with the token, which keeps it out of the process list")
	to.StringArrayVar(&f.hosts, "allowed-host", nil, "host `NAME` that the control API answers for, besides localhost; repeat for more; where other machines connect: only these and addresses (default: any there)")
	to.BoolVar(&f.open, "control-open", false, "with --expose: let other machines use the control API without a token")
	to.BoolVar(&f.console, "console", false, "with --expose: serve the console as well (default: it is on unless exposed)")
	to.BoolVar(&f.noConsole, "no-console", false, "do not serve the console, the page at /_voxemu/console/")
	to.BoolVar(&f.allowShutdown, "allow-shutdown", false, "allow the control API to stop the emulator")
}

func (f controlFlags) options(logger *slog.Logger, stop func()) ([]emulator.Option, error) {
	var options []emulator.Option
	if f.addr != "" {
		if err := checkAddress(f.addr); err != nil {
			return nil, wrongUsage("--control-addr %q: %w; want HOST:PORT such as 127.0.0.1:0", f.addr, err)
		}
		options = append(options, emulator.WithControlListen(f.addr))
	}
	token, err := f.readToken()
	if err != nil {
		return nil, err
	}
	if f.tokenFile != "" && emulator.ReadableByOthers(f.tokenFile) {
		logger.Warn(f.tokenFile + " can be read by other users; make it readable by its owner only, with chmod 600")
	}
	if token != "" {
		options = append(options, emulator.WithControlToken(token))
	}
	if len(f.hosts) > 0 {
		options = append(options, emulator.WithAllowedHost(f.hosts...))
	}
	if f.open {
		options = append(options, emulator.WithControlOpen())
	}
	switch {
	case f.console && f.noConsole:
		return nil, wrongUsage("want --console or --no-console, not both")
	case f.console || f.noConsole:
		options = append(options, emulator.WithConsole(f.console))
	}
	if f.allowShutdown {
		options = append(options, emulator.WithShutdown(stop))
	}
	return options, nil
}

// readToken returns the token from the file, the flag or the environment; empty: none.
func (f controlFlags) readToken() (string, error) {
	if f.tokenFile == "" {
		return cmp.Or(f.token, os.Getenv(tokenVar)), nil
	}
	if f.token != "" {
		return "", wrongUsage("want --control-token or --control-token-file, not both")
	}
	text, err := os.ReadFile(f.tokenFile)
	if err != nil {
		return "", err
	}
	if text, err = document.UTF8(text); err != nil {
		return "", fmt.Errorf("%s %w", f.tokenFile, err)
	}
	token := strings.TrimSpace(string(text))
	if token == "" {
		return "", fmt.Errorf("%s contains no token", f.tokenFile)
	}
	return token, nil
}
