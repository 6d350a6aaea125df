package main

import (
	"fmt"
	"os"
	"path/filepath"
)

// writeFile is [replaceFile] with a text.
func writeFile(path string, text []byte, mode os.FileMode) error {
	return replaceFile(path, mode, func(file *os.File) error {
		_, err := file.Write(text)
		return err
	})
}

// replaceFile replaces a file atomically and durably: readers and a power failure find the
// old or the new content.
func replaceFile(path string, mode os.FileMode, write func(*os.File) error) error {
	beside, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".*.new")
	if err != nil {
		return fmt.Errorf("cannot write %s: %w", path, err)
	}
	defer os.Remove(beside.Name()) // has no effect after the rename
	defer beside.Close()           // has no effect after the other
	for _, step := range []func() error{
		func() error { return write(beside) },
		func() error { return beside.Chmod(mode) },
		beside.Sync,
		beside.Close,
		func() error { return os.Rename(beside.Name(), path) },
		func() error { return syncFolder(filepath.Dir(path)) },
	} {
		if err := step(); err != nil {
			return fmt.Errorf("cannot write %s: %w", path, err)
		}
	}
	return nil
}

// syncFolder makes a rename in the folder durable.
func syncFolder(path string) error {
	folder, err := os.Open(path)
	if err != nil {
		return err
	}
	_ = folder.Sync() // some file systems do not support this
	return folder.Close()
}
