package main

import (
	"bytes"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/spf13/cobra"
)

func envCommand() *cobra.Command {
	var host, key string
	c := &cobra.Command{
		Use:   "env",
		Short: "Print shell exports that point programs at the running emulator",
		Long: `Print export lines for sh that point SDKs at the running emulator:

VOXIMPLANT_EMULATOR_HOST  the emulator
VOXIMPLANT_CREDENTIALS    a credentials.json for --key, kept in the configuration
                          folder (VOXEMU_CONFIG_DIR)
NODE_EXTRA_CA_CERTS       the certificate authority behind HTTPS, in addition to
                          the usual ones
REQUESTS_CA_BUNDLE        the same, instead of the usual ones: other https hosts
SSL_CERT_FILE             are not trusted in this shell any more`,
		Example: `  eval "$(voxemu env)"`,
		Args:    cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			exports, err := collectExports(c, host, key)
			if err != nil {
				return err
			}
			_, err = c.OutOrStdout().Write(exports)
			return err
		},
	}
	hostFlag(c, &host)
	c.Flags().StringVar(&key, "key", defaultKey, "`ID` of the service-account key")
	return c
}

// collectExports asks for everything before it prints anything: an evaluated
// half would point programs at two places.
func collectExports(c *cobra.Command, host, key string) ([]byte, error) {
	dir, err := configDir()
	if err != nil {
		return nil, err
	}
	emulator, err := openDoor(host)
	if err != nil {
		return nil, err
	}
	ca, err := emulator.get(c.Context(), "/_voxemu/ca.pem")
	if err != nil {
		return nil, err
	}
	credentials, err := fetchCredentials(c, host, key)
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	credentialsFile := filepath.Join(dir, "credentials-"+url.PathEscape(key)+".json")
	if err := writeFile(credentialsFile, credentials, 0o600); err != nil {
		return nil, err
	}
	caFile, err := keepCA(dir, emulator.base, ca)
	return exportLines(
		hostVar, hostValue(emulator.base),
		"VOXIMPLANT_CREDENTIALS", credentialsFile,
		"NODE_EXTRA_CA_CERTS", caFile,
		"REQUESTS_CA_BUNDLE", caFile,
		"SSL_CERT_FILE", caFile,
	), err
}

// keepCA is the file with an emulator's certificate: this user's own, or a copy
// beside it when the emulator has another (it runs in a container, say).
func keepCA(dir string, base *url.URL, text []byte) (string, error) {
	own := filepath.Join(dir, "ca.pem")
	if kept, err := os.ReadFile(own); err == nil && bytes.Equal(kept, text) {
		return own, nil
	}
	path := filepath.Join(dir, "ca-"+unfit.ReplaceAllString(base.Host, "-")+".pem")
	return path, writeFile(path, text, 0o644)
}

// unfit is what a host has and a file name should not have.
var unfit = regexp.MustCompile(`[^A-Za-z0-9.]+`)

// hostValue names the emulator: without scheme where that means http.
func hostValue(base *url.URL) string {
	if base.Scheme == "http" {
		return base.Host
	}
	return base.String()
}

// exportLines takes names and values in turn.
func exportLines(pairs ...string) []byte {
	var out bytes.Buffer
	for i := 0; i < len(pairs); i += 2 {
		fmt.Fprintf(&out, "export %s=%s\n", pairs[i], quote(pairs[i+1]))
	}
	return out.Bytes()
}

// quote makes one word of sh that means the text and nothing else.
func quote(text string) string { return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'" }
