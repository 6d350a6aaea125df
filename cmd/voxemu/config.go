package main

import (
	"fmt"
	"os"
	"path/filepath"
)

// configDirVar is the variable that [configDir] reads.
const configDirVar = "VOXEMU_CONFIG_DIR"

// configDir returns the folder with the certificate authority and keys. The path is
// absolute because it is printed for other programs.
func configDir() (string, error) {
	if dir := os.Getenv(configDirVar); dir != "" {
		return filepath.Abs(dir)
	}
	dir, err := os.UserConfigDir()
	if err != nil {
		return "", fmt.Errorf("no folder for the certificate authority and keys (%w); name one in %s", err, configDirVar)
	}
	return filepath.Join(dir, "voxemu"), nil
}
