package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// configDirVar is the variable that [configDir] reads.
const configDirVar = "VOXEMU_CONFIG_DIR"

// errNoConfigDir reports that the user has no folder, as in a container without HOME.
var errNoConfigDir = errors.New("no folder for the certificate authority and keys")

// configDir returns the folder with the certificate authority and keys. The path is
// absolute because it is printed for other programs.
func configDir() (string, error) {
	if dir := os.Getenv(configDirVar); dir != "" {
		return filepath.Abs(dir)
	}
	dir, err := os.UserConfigDir()
	if err != nil {
		return "", fmt.Errorf("%w (%w); name one in %s", errNoConfigDir, err, configDirVar)
	}
	return filepath.Join(dir, "voxemu"), nil
}
