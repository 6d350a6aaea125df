package main

import (
	"encoding/json"
	"os"

	"github.com/spf13/cobra"

	"github.com/voxemu/voxemu/emulator"
	"github.com/voxemu/voxemu/emulator/evidence"
	"github.com/voxemu/voxemu/emulator/vox"
)

// spyFlags name a real service that is asked as well.
type spyFlags struct{ upstream, credentials string }

func (s *spyFlags) add(c *cobra.Command) {
	c.Flags().StringVar(&s.upstream, "spy-upstream", "", "ask the real service at this base `URL` for what only reads as well; the journal has what differs")
	c.Flags().StringVar(&s.credentials, "spy-credentials", "", "`FILE` of a service account for --spy-upstream; clients' own credentials are never sent")
}

func (s *spyFlags) options() ([]emulator.Option, error) {
	if s.upstream == "" && s.credentials == "" {
		return nil, nil
	}
	if s.upstream == "" || s.credentials == "" {
		return nil, wrongUsage("--spy-upstream and --spy-credentials need each other")
	}
	credentials, err := readCredentials("--spy-credentials", s.credentials)
	if err != nil {
		return nil, err
	}
	ask, err := evidence.Spy(s.upstream, credentials, trusted())
	if err != nil {
		return nil, wrongUsage("--spy-upstream, --spy-credentials: %w", err)
	}
	return []emulator.Option{emulator.WithSpy(ask)}, nil
}

// readCredentials reads the credentials.json that a flag names. Its content is in no error.
func readCredentials(flag, name string) (vox.Credentials, error) {
	text, err := os.ReadFile(name)
	if err != nil {
		return vox.Credentials{}, wrongUsage("%s: %w", flag, err)
	}
	var credentials vox.Credentials
	if err := json.Unmarshal(text, &credentials); err != nil || credentials.PrivateKey == "" {
		return vox.Credentials{}, wrongUsage("%s %s: want the credentials.json of a service account", flag, name)
	}
	return credentials, nil
}
