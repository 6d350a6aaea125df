package main

import (
	"cmp"
	"fmt"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"github.com/voxemu/voxemu/emulator"
)

func caCommand() *cobra.Command {
	var host, out string
	c := &cobra.Command{
		Use:   "ca",
		Short: "Print where the CA certificate is and how runtimes trust it",
		Long: `Print the path of the certificate of the authority behind HTTPS (made if missing)
and how Node, Python, PHP, Java, Go, .NET and curl trust it. --out writes a copy
and prints only its path.

With --host or VOXIMPLANT_EMULATOR_HOST the certificate is that of the running
emulator, which may be another machine's; it needs --out.`,
		Example: "  voxemu ca --out voxemu-ca.pem",
		Args:    cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			if host = cmp.Or(host, os.Getenv(hostVar)); host != "" {
				return remoteCA(c, host, out)
			}
			return localCA(c, out)
		},
	}
	hostFlag(c, &host)
	c.Flag("host").Usage = "fetch it from a running emulator, `HOST[:PORT]` or URL (default $" + hostVar + ")"
	c.Flags().StringVar(&out, "out", "", "write a copy to `FILE`")
	c.AddCommand(renewCommand())
	return c
}

func renewCommand() *cobra.Command {
	var names []string
	c := &cobra.Command{
		Use:   "renew",
		Short: "Replace the certificate authority by a new one",
		Long: `Replace the certificate authority in the configuration folder by a new one, which
lasts for two years, and print the path of its certificate. Emulators that run keep
the old one until they start again. Whatever has a copy of the old certificate then
needs the new one: trust stores, Java keystores, files of ca --out, shells with the
variables of voxemu env.`,
		Example: "  voxemu ca renew --tls-name emulator.example.com",
		Args:    cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			dir, err := configDir()
			if err != nil {
				return err
			}
			path, err := emulator.RenewCA(dir, names...)
			if err != nil {
				return err
			}
			_, err = fmt.Fprintln(c.OutOrStdout(), path)
			return err
		},
	}
	tlsNameFlag(c, &names)
	return c
}

// tlsNameFlag adds --tls-name to a command that can make an authority.
func tlsNameFlag(c *cobra.Command, names *[]string) {
	c.Flags().StringArrayVar(names, "tls-name", nil, "host `NAME` or address that the certificate authority is for, besides the usual ones; repeat for more")
}

func localCA(c *cobra.Command, out string) error {
	dir, err := configDir()
	if err != nil {
		return err
	}
	path, err := emulator.CAFile(dir)
	if err != nil {
		return err
	}
	if out == "" {
		_, err := fmt.Fprint(c.OutOrStdout(), path, "\n\n", strings.ReplaceAll(trust, "{ca}", quote(path)))
		return err
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	return writeCA(c, out, text)
}

func remoteCA(c *cobra.Command, host, out string) error {
	if out == "" {
		return wrongUsage("the certificate of %s has no file on this machine yet; name one with --out, or leave out --host and unset %s for the local one", host, hostVar)
	}
	client, err := newControlClient(host)
	if err != nil {
		return err
	}
	text, err := client.get(c.Context(), "/_voxemu/ca.pem")
	if err != nil {
		return err
	}
	return writeCA(c, out, text)
}

func writeCA(c *cobra.Command, out string, text []byte) error {
	if err := writeFile(out, text, 0o644); err != nil {
		return err
	}
	_, err := fmt.Fprintln(c.OutOrStdout(), out)
	return err
}

// trust states for each runtime how it trusts an additional CA. {ca} is the file, quoted
// for a shell.
const trust = `Node      export NODE_EXTRA_CA_CERTS={ca}
Python    export REQUESTS_CA_BUNDLE={ca}
          (requests; replaces the usual authorities)
PHP       php -d openssl.cafile={ca} -d curl.cainfo={ca} script.php
Java      keytool -importcert -noprompt -alias voxemu -file {ca} \
            -keystore voxemu.p12 -storetype PKCS12 -storepass changeit
          java -Djavax.net.ssl.trustStore=voxemu.p12 -Djavax.net.ssl.trustStorePassword=changeit …
          (replaces the usual authorities)
Go        export SSL_CERT_FILE={ca}
          (Linux and BSD, replaces the usual authorities; elsewhere the system's trust store)
.NET      export SSL_CERT_FILE={ca}
          (Linux, replaces the usual authorities; elsewhere the user's trust store:
          Windows: certutil -user -addstore Root {ca}
          macOS: security add-trusted-cert -k ~/Library/Keychains/login.keychain-db {ca})
curl      curl --cacert {ca} https://127.0.0.1:15061/_voxemu/health
`
