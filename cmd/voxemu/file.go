package main

import (
	"fmt"
	"os"
	"path/filepath"
)

// writeFile replaces a file's content at once, so that nobody reads half of it,
// and a failure, even of the power, leaves the old one or the new one.
func writeFile(path string, text []byte, mode os.FileMode) error {
	beside, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".*.new")
	if err != nil {
		return fmt.Errorf("cannot write %s: %w", path, err)
	}
	defer os.Remove(beside.Name()) // after the rename there is nothing to remove
	_, err = beside.Write(text)
	for _, step := range []func() error{
		func() error { return beside.Chmod(mode) },
		beside.Sync,
		beside.Close,
		func() error { return os.Rename(beside.Name(), path) },
		func() error { return syncFolder(filepath.Dir(path)) },
	} {
		if err == nil {
			err = step()
		}
	}
	if err != nil {
		return fmt.Errorf("cannot write %s: %w", path, err)
	}
	return nil
}

// syncFolder makes a rename in it last.
func syncFolder(path string) error {
	folder, err := os.Open(path)
	if err != nil {
		return err
	}
	_ = folder.Sync() // some file systems cannot, and need not
	return folder.Close()
}
