package main

import (
	"cmp"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/voxemu/voxemu/emulator"
	"github.com/voxemu/voxemu/emulator/sip"
	"github.com/voxemu/voxemu/emulator/sip/stack"
)

// sipFlags are the flags of serve for real registrations.
type sipFlags struct {
	sip.Config
	ca string
}

func (f *sipFlags) add(c *cobra.Command) {
	to := c.Flags()
	to.StringArrayVar(&f.Real, "sip", nil, "really register at proxies that match this `PATTERN`, such as 127.0.0.1 or *.internal, by SIP; repeat for more (default: none; all registrars are simulated)")
	to.StringVar(&f.Addr, "sip-addr", "", "`HOST:PORT` of SIP, UDP and TCP (default 127.0.0.1 and a free port); others need --expose")
	to.StringVar(&f.Advertise, "sip-advertise", "", "`HOST[:PORT]` in the Contact, at which the PBX reaches --sip-addr (default: --sip-addr)")
	to.StringVar(&f.ca, "sip-ca", "", "`FILE` with the certificate authority of the PBX, PEM, for TLS (default: those of the system)")
	to.BoolVar(&f.AllowPublic, "sip-allow-public", false, "send SIP to public addresses as well; otherwise such registrations fail")
}

func (f sipFlags) option() (emulator.Option, error) {
	if f.Addr != "" {
		if err := checkAddress(f.Addr); err != nil {
			return nil, wrongUsage("--sip-addr %q: %w; want HOST:PORT such as 127.0.0.1:5062", f.Addr, err)
		}
	}
	if f.ca != "" {
		pem, err := os.ReadFile(f.ca)
		if err != nil {
			return nil, err
		}
		f.CA = pem
	}
	return emulator.WithSIP(stack.Open, f.Config), nil
}

func sipCommand() *cobra.Command {
	var full, calls bool
	var account int64
	c := controlCommand(&cobra.Command{
		Use:   "sip [ID]",
		Short: "Print the SIP messages of real registrations",
		Long: `Print the SIP messages of real registrations, or of one, oldest first: an arrow
to the right is what the emulator sent. Digests are ***.`,
		Example: "  voxemu sip 1\n  voxemu sip --full\n  voxemu sip --calls",
		Args:    cobra.MaximumNArgs(1),
	}, func(api controlAPI, args []string) error {
		query := url.Values{}
		if len(args) == 1 {
			id, err := number("ID", args[0], "the number of a registration")
			if err != nil {
				return err
			}
			query.Set("registration_id", strconv.FormatInt(id, 10))
		}
		if calls {
			query.Set("calls", "true")
		}
		if account != 0 {
			query.Set("account_id", strconv.FormatInt(account, 10))
		}
		words := func(l ladder) string { return l.text(full) }
		return api.print(http.MethodGet, "/_voxemu/sip-messages?"+query.Encode(), nil, inWords(words))
	})
	accountFlag(c, &account)
	c.Flags().BoolVar(&full, "full", false, "print whole messages")
	c.Flags().BoolVar(&calls, "calls", false, "print incoming calls only")
	return c
}

// ladder is SIP messages between the emulator and PBXs.
type ladder struct {
	Messages []sip.Message
	Evicted  int64
}

func (l ladder) text(full bool) string {
	var lines []string
	if l.Evicted > 0 {
		lines = append(lines, fmt.Sprintf("%d older messages, of all registrations, were dropped", l.Evicted))
	}
	for _, m := range l.Messages {
		lines = append(lines, rung(m))
		if full && m.Call == nil {
			lines = append(lines, "    "+strings.ReplaceAll(strings.TrimSpace(strings.ReplaceAll(m.Text, "\r", "")), "\n", "\n    "))
		}
	}
	if len(l.Messages) == 0 {
		lines = append(lines, "no SIP messages")
	}
	return strings.Join(lines, "\n")
}

// rung formats a message in a line.
func rung(m sip.Message) string {
	arrow := "<-----"
	if m.Sent {
		arrow = "----->"
	}
	head, _, _ := strings.Cut(m.Text, "\r\n")
	if strings.HasPrefix(head, "SIP/2.0 ") {
		head = strings.TrimPrefix(head, "SIP/2.0 ")
	} else {
		head = strings.TrimSuffix(head, " SIP/2.0")
	}
	line := stamp(m.At)
	if m.RegistrationID != 0 {
		line += fmt.Sprintf("registration %d  ", m.RegistrationID)
	}
	if m.Call != nil {
		text := fmt.Sprintf("%s, answered %d; application %s, rule %s", head, m.Call.StatusCode, cmp.Or(m.Call.Application, "none"), cmp.Or(m.Call.Rule, "none"))
		if len(m.Call.Scripts) > 0 {
			text += ", scripts " + strings.Join(m.Call.Scripts, ", ")
		}
		return line + text
	}
	return line + fmt.Sprintf("%s %s %s  %s", arrow, m.Peer, m.Transport, head)
}
