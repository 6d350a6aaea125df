package main

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/gofrs/flock"

	"github.com/voxemu/voxemu/emulator"
)

// stateFile is the file of --state: an export with secrets, after a comment line by which
// damage is detected.
type stateFile struct {
	path string
	lock *flock.Flock
}

// openStateFile follows symbolic links, which a save would otherwise replace, also to a
// file that does not exist yet. It locks the file until close is called: of two emulators
// that save to one file, each would overwrite what the other has saved.
func openStateFile(path string) (stateFile, error) {
	real, err := followLinks(path)
	if err != nil {
		return stateFile{}, fmt.Errorf("--state: %w", err)
	}
	if info, err := os.Stat(real); err == nil && !info.Mode().IsRegular() {
		return stateFile{}, fmt.Errorf("--state %s: is not a regular file", path)
	}
	lock := flock.New(real + ".lock")
	locked, err := lock.TryLock()
	switch {
	case err != nil:
		return stateFile{}, fmt.Errorf("--state %s: cannot lock it: %w", path, err)
	case !locked:
		return stateFile{}, fmt.Errorf("--state %s: another voxemu uses it; stop that one, or choose another file", path)
	}
	return stateFile{real, lock}, nil
}

// close lets other emulators use the file. The lock file stays: removing it could let two
// others lock it at once.
func (f stateFile) close() error {
	if f.lock == nil {
		return nil
	}
	return f.lock.Unlock()
}

// longestChain is the maximum number of symbolic links that are followed, as in Linux.
const longestChain = 40

func followLinks(path string) (string, error) {
	at := path
	for range longestChain {
		target, err := os.Readlink(at)
		if err != nil { // not a link, or nothing yet
			return at, nil
		}
		if !filepath.IsAbs(target) {
			target = filepath.Join(filepath.Dir(at), target)
		}
		at = target
	}
	return "", fmt.Errorf("%s: too many symbolic links", path)
}

// stateTitle is the start of the first line.
const stateTitle = "# State of voxemu at "

// largestState is the maximum size of a saved state, in bytes.
const largestState = 1 << 30

// read returns the saved state; nil if there is no file.
func (f stateFile) read() ([]byte, error) {
	info, err := os.Stat(f.path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, nil
	case err != nil:
		return nil, fmt.Errorf("--state: %w", err)
	case info.Size() > largestState:
		return nil, f.refused(fmt.Errorf("it has %d bytes; at most %d are read", info.Size(), largestState))
	}
	text, err := os.ReadFile(f.path)
	if err != nil {
		return nil, fmt.Errorf("--state: %w", err)
	}
	if isDamaged(text) {
		return nil, f.refused(errors.New("it is damaged: its content differs from what was saved; " +
			"if you have changed it on purpose, delete its first line"))
	}
	return text, nil
}

// isDamaged reports whether a file is not what was saved: its first line is incomplete, or
// its checksum differs. A file without such a line was written by hand.
func isDamaged(text []byte) bool {
	first, rest, complete := bytes.Cut(text, []byte("\n"))
	switch {
	case len(bytes.TrimSpace(text)) == 0, !complete && strings.HasPrefix(stateTitle, string(first)):
		return true
	case bytes.HasPrefix(first, []byte(stateTitle)):
		return !bytes.HasSuffix(first, fmt.Appendf(nil, ", sha256 %x", sha256.Sum256(rest)))
	}
	return false
}

// refused adds what to do about a file that cannot be used.
func (f stateFile) refused(err error) error {
	return fmt.Errorf("--state %s: %w\nThe file is unchanged. Repair it, or move it away to start with the scenarios", f.path, err)
}

// write replaces the file atomically: readers and a power failure find the old or the new
// state. It returns the number of bytes.
func (f stateFile) write(at time.Time, save func(io.Writer) error) (size int64, err error) {
	first := fmt.Sprintf("%s%s, sha256 %064d\n", stateTitle, at.UTC().Format(time.RFC3339Nano), 0)
	err = replaceFile(f.path, 0o600, func(file *os.File) error {
		content := sha256.New()
		buffered := bufio.NewWriterSize(file, 64<<10)
		_, _ = buffered.WriteString(first) // Flush returns the error
		if err := errors.Join(save(io.MultiWriter(buffered, content)), buffered.Flush()); err != nil {
			return err
		}
		if size, err = file.Seek(0, io.SeekCurrent); err != nil {
			return err
		}
		_, err = file.WriteAt(fmt.Appendf(nil, "%x\n", content.Sum(nil)), int64(len(first)-len("\n")-2*sha256.Size))
		return err
	})
	return size, err
}

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
	size, err := s.file.write(begin, s.server.Save)
	s.took = time.Since(begin)
	s.server.ReportSave(begin, err)
	if err != nil {
		return err
	}
	s.saved = changes
	s.logger.Debug("state saved", "file", s.file.path, "bytes", size, "took_ms", s.took.Milliseconds())
	return nil
}
