package main

import (
	"fmt"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"github.com/voxemu/voxemu/testkit/pbx/server"
)

type pbxFlags struct {
	addr, realm            string
	users                  []string
	answers                []int
	sha256                 bool
	minExpires, maxExpires time.Duration
}

func pbxCommand() *cobra.Command {
	var flags pbxFlags
	c := &cobra.Command{
		Use:   "pbx",
		Short: "Run a SIP registrar for tests of real registrations",
		Long: `Run a SIP registrar, over UDP and TCP at one port, until SIGTERM or SIGINT. Each
request is a line on standard output. Without --user every password is right.

Once it accepts, one line on standard error names the real port:
voxemu pbx ready sip=127.0.0.1:5070`,
		Example: "  voxemu pbx --addr 127.0.0.1:5070 --user alice:secret --answer 503 --answer 503",
		Args:    cobra.NoArgs,
		RunE:    func(c *cobra.Command, _ []string) error { return runPBX(c, flags) },
	}
	f := c.Flags()
	f.StringVar(&flags.addr, "addr", "127.0.0.1:0", "`HOST:PORT` of UDP and TCP; port 0 picks a free one")
	f.StringArrayVar(&flags.users, "user", nil, "`NAME:PASSWORD` of a user; repeat for more")
	f.StringVar(&flags.realm, "realm", "pbx", "`REALM` of digest authentication")
	f.BoolVar(&flags.sha256, "sha256", false, "ask for digests with SHA-256 instead of MD5")
	f.IntSliceVar(&flags.answers, "answer", nil, "`STATUS` of the next answer, instead of the usual one; repeat for more")
	f.DurationVar(&flags.minExpires, "min-expires", 0, "refuse a shorter registration with 423; default: none is too short")
	f.DurationVar(&flags.maxExpires, "max-expires", time.Hour, "shorten a longer registration to this `DURATION`")
	return c
}

func runPBX(c *cobra.Command, flags pbxFlags) error {
	ctx, stop := signal.NotifyContext(c.Context(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	if err := checkAddress(flags.addr); err != nil {
		return wrongUsage("--addr %q: %w; want HOST:PORT such as 127.0.0.1:5070", flags.addr, err)
	}
	config := server.Config{
		Addr: flags.addr, Realm: flags.realm, SHA256: flags.sha256, Users: map[string]string{},
		MinExpires: flags.minExpires, MaxExpires: flags.maxExpires,
		Observe: func(r server.Request) { fmt.Fprintln(c.OutOrStdout(), r) },
	}
	for _, user := range flags.users {
		name, password, ok := strings.Cut(user, ":")
		if !ok || name == "" {
			return wrongUsage("--user %q: want NAME:PASSWORD", name)
		}
		config.Users[name] = password
	}
	answers := make([]server.Answer, len(flags.answers))
	for i, status := range flags.answers {
		if status < 200 || status > 699 {
			return wrongUsage("--answer %d: want a status from 200 to 699", status)
		}
		answers[i] = server.Answer{Status: status}
	}
	pbx, err := server.Start(config)
	if err != nil {
		return err
	}
	pbx.Answers(answers...)
	fmt.Fprintf(c.ErrOrStderr(), "voxemu pbx ready sip=%s\n", pbx.Proxy())
	<-ctx.Done()
	return pbx.Close()
}
