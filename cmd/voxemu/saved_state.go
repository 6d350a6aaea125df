package main

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"github.com/voxemu/voxemu/emulator"
)

// stateFile is the file of --state: an export with secrets, after a comment line by which
// damage is detected.
type stateFile struct{ path string }

// openStateFile resolves a symbolic link, which a save would otherwise replace.
func openStateFile(path string) (stateFile, error) {
	real, err := filepath.EvalSymlinks(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		real, err = path, nil
	case err != nil:
		return stateFile{}, fmt.Errorf("--state: %w", err)
	}
	return stateFile{real}, err
}

// stateTitle is the start of the first line.
const stateTitle = "# State of voxemu at "

// read returns the saved state; nil if there is no file.
func (f stateFile) read() ([]byte, error) {
	text, err := os.ReadFile(f.path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("--state: %w", err)
	}
	first, rest, _ := bytes.Cut(text, []byte("\n"))
	if bytes.HasPrefix(first, []byte(stateTitle)) && !bytes.HasSuffix(first, []byte(sum(rest))) || len(bytes.TrimSpace(text)) == 0 {
		return nil, f.refused(errors.New("it is damaged: its content differs from what was saved; " +
			"if you have changed it on purpose, delete its first line"))
	}
	return text, nil
}

// refused adds what to do about a file that cannot be used.
func (f stateFile) refused(err error) error {
	return fmt.Errorf("--state %s: %w\nThe file is unchanged. Repair it, or move it away to start with the scenarios", f.path, err)
}

// write replaces the file atomically: readers and a power failure find the old or the new
// state.
func (f stateFile) write(at time.Time, text []byte) error {
	first := stateTitle + at.UTC().Format(time.RFC3339Nano) + ", sha256 " + sum(text) + "\n"
	return writeFile(f.path, append([]byte(first), text...), 0o600)
}

func sum(text []byte) string { return fmt.Sprintf("%x", sha256.Sum256(text)) }

// saver saves the state to the file of --state after changes.
type saver struct {
	file   stateFile
	server *emulator.Server
	logger *slog.Logger
	saved  uint64        // the server's number of changes at the last save
	took   time.Duration // duration of the last save
}

// saveEvery is the interval between saves of a changed state.
const saveEvery = time.Second

// saveShare limits the part of the time spent on saving, as a divisor: a state that takes
// longer to save is saved less often.
const saveShare = 5

// keepSaving saves at once, to detect a file that cannot be written, and then after
// changes until stop is called, which saves a last time.
func keepSaving(file stateFile, server *emulator.Server, logger *slog.Logger) (stop func() error, err error) {
	s := &saver{file: file, server: server, logger: logger}
	if err := s.save(); err != nil {
		return nil, err
	}
	quit, done := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(done)
		s.run(quit)
	}()
	return func() error {
		close(quit)
		<-done
		return s.save()
	}, nil
}

func (s *saver) run(quit <-chan struct{}) {
	timer := time.NewTimer(saveEvery)
	defer timer.Stop()
	for {
		select {
		case <-quit:
			return
		case <-timer.C:
		}
		if s.server.Changes() != s.saved {
			if err := s.save(); err != nil {
				s.logger.Error("the state is not saved, what happens from here on may be lost", "error", err)
			}
		}
		timer.Reset(max(saveEvery, (saveShare-1)*s.took))
	}
}

func (s *saver) save() error {
	begin, changes := time.Now(), s.server.Changes()
	text, err := s.server.Save()
	if err == nil {
		err = s.file.write(begin, text)
	}
	s.took = time.Since(begin)
	if err != nil {
		return err
	}
	s.saved = changes
	s.logger.Debug("state saved", "file", s.file.path, "bytes", len(text), "took_ms", s.took.Milliseconds())
	return nil
}
