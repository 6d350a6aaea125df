package main

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/voxemu/voxemu/emulator"
)

func envCommand() *cobra.Command {
	var host, key, shell string
	var noCredentials bool
	c := &cobra.Command{
		Use:   "env",
		Short: "Print variables that point programs at the running emulator",
		Long: `Print the environment variables that point SDKs at the running emulator, for a
shell, a .env file (--shell dotenv) or $GITHUB_ENV (--shell github):

` + variablesInWords + `

voxemu exec sets the same for one command, and starts the emulator as well.`,
		Example: `  eval "$(voxemu env)"
  voxemu env --shell fish | source
  voxemu env --shell powershell | Out-String | Invoke-Expression
  voxemu env --shell github >> "$GITHUB_ENV"`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			if err := checkKey(key); err != nil {
				return err
			}
			if noCredentials {
				if c.Flags().Changed("key") {
					return wrongUsage("want --key or --no-credentials, not both")
				}
				key = ""
			}
			line, ok := shells()[cmp.Or(shell, guessShell())]
			if !ok {
				return wrongUsage("--shell %q: want %s", shell, strings.Join(slices.Sorted(maps.Keys(shells())), ", "))
			}
			dir, err := configDir()
			if err != nil {
				return err
			}
			found, err := findVariables(c.Context(), os.Environ(), dir, host, key)
			if err != nil {
				return err
			}
			for _, v := range found {
				fmt.Fprintln(c.OutOrStdout(), line(v))
			}
			return nil
		},
	}
	hostFlag(c, &host)
	keyFlag(c, &key)
	noCredentialsFlag(c, &noCredentials)
	c.Flags().StringVar(&shell, "shell", "", "print for this `SHELL`: sh, fish, powershell, dotenv or github (default: that of $SHELL)")
	complete(c, "shell", cobra.FixedCompletions(slices.Sorted(maps.Keys(shells())), cobra.ShellCompDirectiveNoFileComp))
	return c
}

const (
	tlsHostVar       = "VOXEMU_TLS_HOST"
	credentialsVar   = "VOXIMPLANT_CREDENTIALS"
	credentialsPHP   = "VOXIMPLANT_CREDENTIALS_PATH"
	variablesInWords = `VOXIMPLANT_EMULATOR_HOST     the emulator
VOXEMU_TLS_HOST              its HOST:PORT for https, if there is one
VOXIMPLANT_CREDENTIALS       a credentials.json, kept in the configuration
                             folder (VOXEMU_CONFIG_DIR)
VOXIMPLANT_CREDENTIALS_PATH  the same for the PHP SDK
NODE_EXTRA_CA_CERTS          the certificate authority behind HTTPS, in addition
                             to the usual ones
REQUESTS_CA_BUNDLE           a file with the usual authorities and this one: those
SSL_CERT_FILE                that these variables named before, else the system's
CURL_CA_BUNDLE, SSL_CERT_DIR only if set: the same file, and empty
NO_PROXY, no_proxy           only if a proxy is set: the emulator in addition`
)

// noCredentialsFlag adds --no-credentials to a command that sets variables.
func noCredentialsFlag(c *cobra.Command, to *bool) {
	c.Flags().BoolVar(to, "no-credentials", false, "leave out VOXIMPLANT_CREDENTIALS, which the Node SDK prefers to the path that a program gives it")
}

type variable struct{ name, value string }

// findVariables returns the variables that point programs at an emulator, without
// credentials if key is empty. It fetches everything first: with half of the variables,
// programs would use two emulators. The files that the variables name are written to dir.
func findVariables(ctx context.Context, around emulator.Inherited, dir, host, key string) ([]variable, error) {
	client, err := newControlClient(host)
	if err != nil {
		return nil, err
	}
	ca, err := client.get(ctx, "/_voxemu/ca.pem")
	if err != nil {
		return nil, err
	}
	tlsHost, err := client.tlsHost(ctx)
	if err != nil {
		return nil, err
	}
	var credentials []byte
	credentialsFile := ""
	if key != "" {
		if credentials, err = client.call(ctx, http.MethodPost, credentialsPath(key), nil); err != nil {
			return nil, err
		}
		credentialsFile = filepath.Join(dir, "credentials-"+url.PathEscape(key)+".json")
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	caFile, err := keepCA(dir, client.base, ca)
	bundle := strings.TrimSuffix(caFile, ".pem") + "-bundle.pem"
	if err == nil {
		err = writeFile(bundle, slices.Concat(around.Authorities(), ca), 0o644)
	}
	if err == nil && key != "" {
		err = writeFile(credentialsFile, credentials, 0o600)
	}
	found := slices.DeleteFunc([]variable{
		{hostVar, hostValue(client.base)}, {tlsHostVar, tlsHost}, {credentialsVar, credentialsFile}, {credentialsPHP, credentialsFile},
		{"NODE_EXTRA_CA_CERTS", caFile}, {"REQUESTS_CA_BUNDLE", bundle}, {"SSL_CERT_FILE", bundle},
	}, func(v variable) bool { return v.value == "" })
	tlsName, _, _ := net.SplitHostPort(tlsHost) // empty: there is no HTTPS
	for _, override := range around.Overrides(bundle, client.base.Hostname(), tlsName) {
		name, value, _ := strings.Cut(override, "=")
		found = append(found, variable{name, value})
	}
	return found, err
}

// tlsHost returns HOST:PORT of the HTTPS listener; empty: there is none. The host is that
// of base, because the listener may use all addresses.
func (c *controlClient) tlsHost(ctx context.Context) (string, error) {
	if c.base.Scheme == "https" {
		return c.base.Host, nil
	}
	reply, err := c.get(ctx, "/_voxemu/health")
	if err != nil {
		return "", err
	}
	var health struct{ Listeners struct{ HTTPS string } }
	if err := json.Unmarshal(reply, &health); err != nil {
		return "", fmt.Errorf("%s: the reply is not JSON: %w", c.base, err)
	}
	listener, err := url.Parse(health.Listeners.HTTPS)
	if err != nil || listener.Port() == "" {
		return "", err
	}
	return net.JoinHostPort(c.base.Hostname(), listener.Port()), nil
}

// keepCA returns the path of an emulator's CA certificate: the user's own, or a copy
// beside it if the emulator has another, for example in a container.
func keepCA(dir string, base *url.URL, text []byte) (string, error) {
	own := filepath.Join(dir, "ca.pem")
	if kept, err := os.ReadFile(own); err == nil && bytes.Equal(kept, text) {
		return own, nil
	}
	path := filepath.Join(dir, "ca-"+unfit.ReplaceAllString(base.Host, "-")+".pem")
	return path, writeFile(path, text, 0o644)
}

// unfit matches characters of a host that are not used in file names.
var unfit = regexp.MustCompile(`[^A-Za-z0-9.]+`)

// hostValue returns the value of VOXIMPLANT_EMULATOR_HOST, without scheme for http.
func hostValue(base *url.URL) string {
	if base.Scheme == "http" {
		return base.Host
	}
	return base.String()
}

// shells maps the values of --shell to functions that format a variable.
func shells() map[string]func(variable) string {
	return map[string]func(variable) string{
		"sh": func(v variable) string { return "export " + v.name + "=" + quote(v.value) },
		"fish": func(v variable) string {
			return "set -gx " + v.name + " '" + strings.NewReplacer(`\`, `\\`, "'", `\'`).Replace(v.value) + "'"
		},
		"powershell": func(v variable) string {
			return "$Env:" + v.name + " = '" + strings.ReplaceAll(v.value, "'", "''") + "'"
		},
		"dotenv": func(v variable) string { return v.name + "=" + dotenvValue(v.value) },
		"github": func(v variable) string { return v.name + "=" + v.value }, // $GITHUB_ENV takes values literally
	}
}

// guessShell returns the shell named in $SHELL.
func guessShell() string {
	shell := strings.TrimSuffix(strings.ToLower(filepath.Base(os.Getenv("SHELL"))), ".exe")
	switch {
	case shell == "fish":
		return "fish"
	case shell == "pwsh", shell == "powershell", os.Getenv("SHELL") == "" && runtime.GOOS == "windows":
		return "powershell"
	}
	return "sh"
}

// quote returns a literal text as a word of sh.
func quote(text string) string { return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'" }

// dotenvValue returns a value in single quotes, which are literal, unless the text
// contains one.
func dotenvValue(text string) string {
	if !strings.Contains(text, "'") {
		return "'" + text + "'"
	}
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, "$", `\$`).Replace(text) + `"`
}
