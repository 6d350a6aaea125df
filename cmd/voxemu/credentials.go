package main

import (
	"net/http"
	"net/url"

	"github.com/spf13/cobra"
)

const defaultKey = "owner-key"

func credentialsCommand() *cobra.Command {
	var key string
	c := downloadCommand(&cobra.Command{
		Use:   "credentials",
		Short: "Print or write a credentials.json for a service-account key",
		Long: `Print the credentials.json of a service-account key of the running emulator, as
every official SDK reads it. It holds a private key: --out writes it so that only
its owner can read it.`,
		Example: "  voxemu credentials --key developer-key --out credentials.json",
		Args:    cobra.NoArgs,
	}, http.MethodPost, 0o600, func() (string, error) { return credentialsPath(key), checkKey(key) })
	keyFlag(c, &key)
	return c
}

func keyFlag(c *cobra.Command, key *string) {
	c.Flags().StringVar(key, "key", defaultKey, "`ID` of the service-account key")
}

func checkKey(key string) error {
	if key == "" {
		return wrongUsage("--key: want a key's id, such as %s", defaultKey)
	}
	return nil
}

func credentialsPath(key string) string {
	return "/_voxemu/keys/" + url.PathEscape(key) + "/credentials"
}
