package main

import (
	"net/url"

	"github.com/spf13/cobra"
)

const defaultKey = "owner-key"

func credentialsCommand() *cobra.Command {
	var host, key, out string
	c := &cobra.Command{
		Use:   "credentials",
		Short: "Print or write a credentials.json for a service-account key",
		Long: `Print the credentials.json of a service-account key of the running emulator, as
every official SDK reads it. It holds a private key: --out writes it so that only
its owner can read it.`,
		Example: "  voxemu credentials --key developer-key --out credentials.json",
		Args:    cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			if err := checkKey(key); err != nil {
				return err
			}
			emulator, err := openDoor(host)
			if err != nil {
				return err
			}
			text, err := emulator.get(c.Context(), credentialsPath(key))
			if err != nil {
				return err
			}
			if out != "" {
				return writeFile(out, text, 0o600)
			}
			_, err = c.OutOrStdout().Write(text)
			return err
		},
	}
	hostFlag(c, &host)
	c.Flags().StringVar(&key, "key", defaultKey, "`ID` of the service-account key")
	c.Flags().StringVar(&out, "out", "", "write `FILE` instead of standard output")
	return c
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
