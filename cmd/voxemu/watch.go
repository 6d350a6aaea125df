package main

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/fsnotify/fsnotify"

	"github.com/voxemu/voxemu/emulator"
	"github.com/voxemu/voxemu/scenarios"
)

// settling is the time that a file must be unchanged before it is read, because editors
// write in several steps.
const settling = 100 * time.Millisecond

// watcher reloads the scenarios when the content of one of their files changes.
type watcher struct {
	server *emulator.Server
	names  []string
	logger *slog.Logger
	notify *fsnotify.Watcher
	done   chan struct{}

	loaded map[string][]byte // the content of each file at the last load, by name
	paths  map[string]bool   // the files, and the links and folders that lead to them
}

// watch reloads changed scenarios until stop is called.
func watch(server *emulator.Server, names []string, logger *slog.Logger) (stop func(), err error) {
	notify, err := fsnotify.NewWatcher()
	if err != nil {
		return nil, err
	}
	w := &watcher{server: server, names: names, logger: logger, notify: notify, done: make(chan struct{})}
	w.loaded = w.read()
	if err := w.follow(); err != nil {
		_ = notify.Close()
		return nil, err
	}
	go w.run()
	return func() {
		_ = notify.Close()
		<-w.done
	}, nil
}

// read returns the content of the files, also of those that were read before and are
// missing now: nil.
func (w *watcher) read() map[string][]byte {
	files := map[string][]byte{}
	for file := range w.loaded {
		files[file] = nil
	}
	for _, file := range scenarios.Files(w.names...) {
		files[file], _ = os.ReadFile(file) // loading reports the error
	}
	return files
}

// follow watches the folder of each file, link and folder that leads to a file: any of
// them can be replaced. A watch on a file itself would end with the file.
func (w *watcher) follow() error {
	w.paths = map[string]bool{}
	for file := range w.loaded {
		if err := leadingTo(file, w.paths); err != nil {
			return err
		}
	}
	for path := range w.paths {
		err := w.notify.Add(filepath.Dir(path))
		if err != nil && !errors.Is(err, fs.ErrNotExist) && !errors.Is(err, fs.ErrPermission) {
			return err
		}
	}
	return nil
}

// leadingTo adds a path, the folders above it, and both of each link on the way.
func leadingTo(path string, paths map[string]bool) error {
	path, err := filepath.Abs(path)
	if err != nil {
		return err
	}
	for range longestChain {
		next := ""
		for at := path; filepath.Dir(at) != at; at = filepath.Dir(at) {
			paths[at] = true
			target, err := os.Readlink(at)
			if err != nil {
				continue // not a link, or missing now
			}
			if !filepath.IsAbs(target) {
				target = filepath.Join(filepath.Dir(at), target)
			}
			next = filepath.Join(target, strings.TrimPrefix(path, at))
		}
		if next == "" {
			return nil
		}
		path = next // with the link that is nearest to the root replaced
	}
	return nil
}

func (w *watcher) run() {
	defer close(w.done)
	settled := time.NewTimer(0)
	settled.Stop()
	defer settled.Stop()
	for {
		select {
		case event, open := <-w.notify.Events:
			if !open {
				return
			}
			if path, err := filepath.Abs(event.Name); err == nil && w.paths[path] {
				settled.Reset(settling)
			}
		case err := <-w.notify.Errors:
			if err != nil {
				w.logger.Warn("watching the scenario files", "error", err)
			}
		case <-settled.C:
			w.load()
		}
	}
}

// load loads the scenarios if a file has changed. A file that was emptied is a mistake: it
// is being written, or its volume is missing, and would delete the whole state.
func (w *watcher) load() {
	files := w.read()
	if maps.EqualFunc(files, w.loaded, bytes.Equal) {
		w.logger.Debug("scenario files were touched, their content is the same")
		w.followAgain()
		return
	}
	var err error
	for file, text := range files {
		if text != nil && len(bytes.TrimSpace(text)) == 0 && len(bytes.TrimSpace(w.loaded[file])) > 0 {
			err = fmt.Errorf("%s is empty", file)
		}
	}
	if err == nil {
		err = w.server.Load(w.names...)
	}
	if err != nil {
		w.logger.Error("scenario not loaded, the state stays as it was", "error", err)
		for file := range files {
			if _, known := w.loaded[file]; !known {
				w.loaded[file] = nil // to be followed
			}
		}
		w.followAgain()
		return
	}
	w.loaded = files
	w.logger.Info("scenario loaded again")
	w.followAgain()
}

func (w *watcher) followAgain() {
	if err := w.follow(); err != nil {
		w.logger.Warn("watching the scenario files", "error", err)
	}
}
