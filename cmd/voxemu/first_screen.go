package main

import (
	"cmp"
	"fmt"
	"net/url"
	"strconv"
	"strings"

	"github.com/voxemu/voxemu/emulator"
)

// firstScreen is the text below the ready line: first steps for a person.
func firstScreen(server *emulator.Server, shell string) (string, error) {
	state, err := server.State()
	if err != nil {
		return "", err
	}
	var out strings.Builder
	line := func(title, text string) { fmt.Fprintf(&out, "  %-8s  %s\n", title, text) }
	out.WriteString("\n")
	base := cmp.Or(server.URL(), server.TLSURL())
	line("API", base+"/platform_api/")
	if secure := server.TLSURL(); secure != "" && secure != base {
		line("", secure+"/platform_api/")
	}
	if console := server.ConsoleURL(); console != "" {
		line("console", console)
	}
	if sip := server.Health().SIP; sip != nil {
		line("SIP", fmt.Sprintf("%s, really registers at %s", cmp.Or(sip.Address, "not open"), strings.Join(sip.Real, ", ")))
	}
	for _, account := range state.Accounts {
		if account.APIKey == "" {
			continue
		}
		line("account", strconv.FormatInt(account.ID, 10))
		line("api key", account.APIKey)
		line("try it", fmt.Sprintf(`curl "%s/platform_api/GetSipRegistrations?account_id=%d&api_key=%s"`,
			base, account.ID, url.QueryEscape(account.APIKey)))
		break
	}
	env := "voxemu env"
	if address := strings.TrimPrefix(base, "http://"); address != defaultHost {
		env += " --host " + address
	}
	line("SDKs", evaluated(env, shell))
	line("stop it", "Ctrl-C")
	out.WriteString("\n")
	return out.String(), nil
}

// evaluated returns a command line that sets the variables printed by a command.
func evaluated(command, shell string) string {
	switch shell {
	case "fish":
		return command + " | source"
	case "powershell":
		return command + " | Out-String | Invoke-Expression"
	}
	return `eval "$(` + command + `)"`
}
