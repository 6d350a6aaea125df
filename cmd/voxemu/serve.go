package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"os/signal"
	"runtime/debug"
	"strconv"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"github.com/voxemu/voxemu/emulator"
	"github.com/voxemu/voxemu/emulator/apidocs"
	"github.com/voxemu/voxemu/emulator/journal"
	"github.com/voxemu/voxemu/scenarios"
)

// closeTimeout is the time that running requests have when the server stops.
const closeTimeout = 5 * time.Second

// off is the address of a listener that is not wanted, and its URL in the ready line.
const off = "off"

type serveFlags struct {
	addr, tlsAddr string
	scenarios     []string
	state         string
	journal       int
	strict        bool
	expose        bool
	watch         bool
	allowPublic   bool
	origins       []string
	tlsNames      []string
	control       controlFlags
	sip           sipFlags
	stopWithStdin bool
	spy           spyFlags
	logFormat     string
	logLevel      slog.Level
}

func serveCommand() *cobra.Command {
	var flags serveFlags
	c := &cobra.Command{
		Use:   "serve",
		Short: "Serve the API until SIGTERM or SIGINT",
		Long: `Serve the API over HTTP and HTTPS until SIGTERM or SIGINT.

Once both listeners accept, one line on standard error names the real ports:
voxemu ready http=http://127.0.0.1:15060 https=https://127.0.0.1:15061
A listener that is off reads https=off. With --control-addr the
line ends in control= and the control API's address.

The certificate authority behind HTTPS and the service-account keys are kept in
voxemu in the user's configuration folder, or in VOXEMU_CONFIG_DIR.

With --state the state is saved, secrets included, within a second of a change
and on exit, in the format of voxemu state --secrets. The next start continues
from there; a file that cannot be read is refused and left unchanged. The journal,
fault counters and snapshots are not saved. Each emulator needs its own file.`,
		Example: "  voxemu serve --scenario demo --scenario mine.yaml --addr 127.0.0.1:0",
		Args:    cobra.NoArgs,
		RunE:    func(c *cobra.Command, _ []string) error { return serve(c, flags) },
	}
	f := c.Flags()
	f.StringVar(&flags.addr, "addr", "localhost:15060", "`HOST:PORT` of the HTTP listener; port 0 picks a free one, localhost is 127.0.0.1 and ::1; off: no listener")
	f.StringVar(&flags.tlsAddr, "tls-addr", "localhost:15061", "`HOST:PORT` of the HTTPS listener, in the same way")
	scenarioFlag(c, &flags.scenarios)
	f.StringVar(&flags.state, "state", "", "`FILE` to keep the state in from one start to the next; once it exists, --scenario is only for reset")
	f.IntVar(&flags.journal, "journal", journal.DefaultSize, "keep the latest `N` requests and callbacks in the journal; 0: none")
	f.BoolVar(&flags.strict, "strict", false, "refuse unknown parameters (492) and check every reply against the specification")
	f.BoolVar(&flags.expose, "expose", false, "allow addresses that other machines can reach; needs a token for the control API, or --control-open")
	f.BoolVar(&flags.watch, "watch", false, "reload the scenario files when one of them changes; after a mistake in one the state stays as it was")
	f.BoolVar(&flags.allowPublic, "callbacks-allow-public", false, "send callbacks to public addresses as well; otherwise they are dropped")
	f.StringArrayVar(&flags.origins, "allow-origin", nil, "`ORIGIN` such as http://localhost:3000 whose pages may use the API in a browser (CORS); repeat for more")
	tlsNameFlag(c, &flags.tlsNames)
	flags.control.add(c)
	flags.spy.add(c)
	flags.sip.add(c)
	f.BoolVar(&flags.stopWithStdin, "stop-with-stdin", false, "stop when standard input is closed, as the pipe from a program that started it is when that program ends")
	f.StringVar(&flags.logFormat, "log-format", "text", "`FORMAT` of the log on standard error: text or json")
	f.TextVar(&flags.logLevel, "log-level", slog.LevelInfo, "log from this `LEVEL` on: debug, info, warn or error")
	complete(c, "log-format", cobra.FixedCompletions([]string{"text", "json"}, cobra.ShellCompDirectiveNoFileComp))
	complete(c, "log-level", cobra.FixedCompletions([]string{"debug", "info", "warn", "error"}, cobra.ShellCompDirectiveNoFileComp))
	return c
}

// scenarioFlag adds --scenario to a command that starts an emulator.
func scenarioFlag(c *cobra.Command, names *[]string) {
	c.Flags().StringArrayVar(names, "scenario", []string{"demo"}, "built-in `NAME` or file to start from; repeat to merge several, in this order")
	complete(c, "scenario", cobra.FixedCompletions(scenarios.Names(), cobra.ShellCompDirectiveDefault))
}

func serve(c *cobra.Command, flags serveFlags) error {
	collectRarely()
	logger, err := flags.logger(c.ErrOrStderr())
	if err != nil {
		return err
	}
	// Before the listeners open, because a script that sees the ready line can send a
	// signal.
	ctx, stop := signal.NotifyContext(c.Context(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	if flags.stopWithStdin {
		go func() {
			_, _ = io.Copy(io.Discard, c.InOrStdin()) // an error ends the input, too
			stop()
		}()
	}
	options, err := flags.options(logger, stop)
	if err != nil {
		return err
	}
	server, file, err := flags.open(options)
	defer func() { _ = file.close() }() // fails only if it is closed
	if err != nil {
		return startError(err)
	}
	if err := server.Start(); err != nil {
		_ = server.Close(ctx) // unregisters; the error of Start is the one to report
		return startError(err)
	}
	saveLast := func() error { return nil }
	if flags.state != "" { // only now: if the ports were in use, another emulator may use the file
		if saveLast, err = keepSaving(file, server, logger); err != nil {
			return err
		}
	}
	if flags.watch {
		stopWatching, err := watch(server, flags.scenarios, logger)
		if err != nil {
			return err
		}
		defer stopWatching()
	}
	fmt.Fprintln(c.ErrOrStderr(), readyLine(server))
	if isTerminal(c.ErrOrStderr()) {
		screen, err := firstScreen(server, guessShell())
		if err != nil {
			return err
		}
		fmt.Fprint(c.ErrOrStderr(), screen)
	}
	returnMemory()
	<-ctx.Done()
	stop() // a second signal ends the program at once
	closing, cancel := context.WithTimeout(context.WithoutCancel(ctx), closeTimeout)
	defer cancel()
	err = server.Close(closing)
	if errors.Is(err, context.DeadlineExceeded) {
		err = nil
	}
	return errors.Join(err, saveLast())
}

// collectRarely lets the heap grow to three times its live size between garbage
// collections instead of twice: they took a fifth of the time of a create, and the single
// one of a start with a small scenario a quarter of its processor time. GOGC overrides it.
func collectRarely() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(200)
	}
}

// returnMemory gives back what only the start needed, 1 to 2 MB of an idle emulator's 23 MB,
// after a second, so that the first requests do not wait for it.
func returnMemory() { time.AfterFunc(time.Second, debug.FreeOSMemory) }

// open returns the server with the state from the file if there is one, else from the
// scenarios.
func (f serveFlags) open(options []emulator.Option) (*emulator.Server, stateFile, error) {
	if f.state == "" {
		server, err := emulator.New(options...)
		return server, stateFile{}, err
	}
	file, err := openStateFile(f.state)
	if err != nil {
		return nil, file, err
	}
	text, err := file.read()
	if err != nil {
		return nil, file, err
	}
	if text == nil {
		server, err := emulator.New(options...)
		return server, file, err
	}
	if _, err := scenarios.Load(f.scenarios...); err != nil {
		return nil, file, err // the error is not about the file
	}
	server, err := emulator.New(append(options, emulator.WithState(text))...)
	if err != nil && !errors.Is(err, emulator.ErrOptions) {
		return nil, file, file.refused(err)
	}
	return server, file, err
}

func readyLine(server *emulator.Server) string {
	line := fmt.Sprintf("voxemu ready http=%s https=%s", cmp.Or(server.URL(), off), cmp.Or(server.TLSURL(), off))
	if control := server.ControlURL(); control != server.URL() && control != server.TLSURL() {
		line += " control=" + control
	}
	return line
}

func (f serveFlags) options(logger *slog.Logger, stop func()) ([]emulator.Option, error) {
	for _, address := range []struct {
		flag  string
		value *string
	}{{"--addr", &f.addr}, {"--tls-addr", &f.tlsAddr}} {
		if *address.value == off {
			*address.value = ""
		} else if err := checkAddress(*address.value); err != nil {
			return nil, wrongUsage("%s %q: %w; want HOST:PORT such as 127.0.0.1:0, or off", address.flag, *address.value, err)
		}
	}
	if f.addr == "" && f.tlsAddr == "" {
		return nil, wrongUsage("--addr and --tls-addr are both off: the API needs one of them")
	}
	if f.journal < 0 {
		return nil, wrongUsage("--journal %d: want how many requests to keep, 0 or more", f.journal)
	}
	dir, err := configDir()
	switch {
	case errors.Is(err, errNoConfigDir):
		logger.Warn("the certificate authority and the keys are in memory only, and new at every start", "reason", err)
	case err != nil:
		return nil, err
	}
	options, err := f.control.options(logger, stop)
	if err != nil {
		return nil, err
	}
	spy, err := f.spy.options()
	if err != nil {
		return nil, err
	}
	options = append(options, spy...)
	realSIP, err := f.sip.option()
	if err != nil {
		return nil, err
	}
	options = append(options, realSIP,
		emulator.WithListen(f.addr, f.tlsAddr), emulator.WithScenario(f.scenarios...), emulator.WithJournalSize(f.journal),
		emulator.WithLogger(logger), emulator.WithConfigDir(dir), emulator.WithAPIDocs(apidocs.Script()),
	)
	if f.strict {
		options = append(options, emulator.WithStrict())
	}
	if len(f.tlsNames) > 0 {
		options = append(options, emulator.WithTLSName(f.tlsNames...))
	}
	if len(f.origins) > 0 {
		options = append(options, emulator.WithAllowOrigin(f.origins...))
	}
	if f.expose {
		options = append(options, emulator.WithExpose())
	}
	if f.allowPublic {
		options = append(options, emulator.WithCallbacksAllowPublic())
	}
	return options, nil
}

func checkAddress(address string) error {
	_, port, err := net.SplitHostPort(address)
	if err != nil {
		return errors.New("not an address")
	}
	if _, err := strconv.ParseUint(port, 10, 16); err != nil {
		return errors.New("the port is not a number from 0 to 65535")
	}
	return nil
}

func (f serveFlags) logger(out io.Writer) (*slog.Logger, error) {
	switch f.logFormat {
	case "text":
		return slog.New(newTextHandler(out, f.logLevel)), nil
	case "json":
		return slog.New(slog.NewJSONHandler(out, &slog.HandlerOptions{Level: f.logLevel})), nil
	}
	return nil, wrongUsage("--log-format %q: want text or json", f.logFormat)
}

// startError adds what to do about an address that cannot be used.
func startError(err error) error {
	var socket *net.OpError
	switch {
	case errors.Is(err, emulator.ErrExposed), errors.Is(err, emulator.ErrOptions):
		return usageError{err}
	case errors.Is(err, syscall.EADDRINUSE) && errors.As(err, &socket):
		return fmt.Errorf("%s is in use, perhaps by another emulator; choose other ports with --addr, --tls-addr and --control-addr, 0 picks a free one", socket.Addr)
	}
	return err
}
