package main

import (
	"log/slog"
	"path/filepath"
	"slices"
	"time"

	"github.com/fsnotify/fsnotify"

	"github.com/voxemu/voxemu/emulator"
	"github.com/voxemu/voxemu/scenarios"
)

// settling is the time that a file must be unchanged before it is read, because editors
// write in several steps.
const settling = 100 * time.Millisecond

// watcher reloads the scenarios when one of their files changes.
type watcher struct {
	server *emulator.Server
	names  []string
	logger *slog.Logger
	notify *fsnotify.Watcher
	done   chan struct{}
}

// watch reloads changed scenarios until stop is called.
func watch(server *emulator.Server, names []string, logger *slog.Logger) (stop func(), err error) {
	notify, err := fsnotify.NewWatcher()
	if err != nil {
		return nil, err
	}
	w := watcher{server, names, logger, notify, make(chan struct{})}
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

// follow watches the folders of the files, because many editors replace a file, which
// ends a watch on the file itself.
func (w watcher) follow() error {
	for _, file := range scenarios.Files(w.names...) {
		if err := w.notify.Add(filepath.Dir(file)); err != nil {
			return err
		}
	}
	return nil
}

func (w watcher) run() {
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
			if w.concerns(event) {
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

func (w watcher) concerns(event fsnotify.Event) bool {
	return slices.ContainsFunc(scenarios.Files(w.names...), func(file string) bool {
		return filepath.Clean(file) == filepath.Clean(event.Name)
	})
}

func (w watcher) load() {
	if err := w.server.Load(w.names...); err != nil {
		w.logger.Error("scenario not loaded, the state stays as it was", "error", err)
		return
	}
	w.logger.Info("scenario loaded again")
	if err := w.follow(); err != nil {
		w.logger.Warn("watching the scenario files", "error", err)
	}
}
