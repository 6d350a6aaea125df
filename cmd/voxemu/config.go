package main

import (
	"fmt"
	"os"
	"path/filepath"
)

// configDir is the folder that keeps the certificate authority and keys, as an
// absolute path: it is printed for other programs.
func configDir() (string, error) {
	if dir := os.Getenv("VOXEMU_CONFIG_DIR"); dir != "" {
		return filepath.Abs(dir)
	}
	dir, err := os.UserConfigDir()
	if err != nil {
		return "", fmt.Errorf("no folder for the certificate authority and keys (%w); name one in VOXEMU_CONFIG_DIR", err)
	}
	return filepath.Join(dir, "voxemu"), nil
}
