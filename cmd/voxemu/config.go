package main

import (
	"fmt"
	"os"
	"path/filepath"
)

// configDirVar names the folder that [configDir] finds.
const configDirVar = "VOXEMU_CONFIG_DIR"

// configDir is the folder that keeps the certificate authority and keys, as an
// absolute path: it is printed for other programs.
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
