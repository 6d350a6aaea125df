// Command soak puts the built emulator under load for minutes, with misbehaving clients
// and kills, and compares each reply with a model. The exit code is 1 if a reply was
// wrong, if acknowledged changes were lost, or if goroutines, memory or file descriptors
// grew.
//
//	soak -binary bin/voxemu -duration 2m
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"time"
)

type options struct {
	binary   string
	duration time.Duration // of all phases under load
	rate     int           // requests per second
	accounts int           // that send requests in parallel
	idle     int           // idle connections
}

func main() {
	var o options
	flag.StringVar(&o.binary, "binary", "bin/voxemu", "the emulator's binary")
	flag.DurationVar(&o.duration, "duration", 2*time.Minute, "how long the load lasts in all; restarts and checks come on top")
	flag.IntVar(&o.rate, "rate", 400, "calls per second")
	flag.IntVar(&o.accounts, "accounts", 8, "accounts that call side by side, each one call after the other")
	flag.IntVar(&o.idle, "idle", 10_000, "connections that are opened and left alone")
	flag.Parse()
	if err := run(o); err != nil {
		fmt.Fprintln(os.Stderr, "soak:", err)
		os.Exit(1)
	}
	fmt.Println("soak: nothing lost, nothing wrong, nothing grew")
}

// run runs the phases. Of the duration a quarter is the warm-up, a half is measured, an
// eighth ends with SIGKILL and an eighth with SIGTERM.
func run(o options) (err error) {
	home, err := os.MkdirTemp("", "voxemu-soak-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(home)
	loaded, err := start(o.binary, home, "loaded", "--state", filepath.Join(home, "state.yaml"))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, loaded.end()) }()
	w, err := newWorld(loaded, o)
	if err != nil {
		return err
	}
	defer w.receiver.close()
	for _, phase := range []struct {
		name string
		do   func(*world, options) error
	}{
		{"warm-up and load with broken clients, resets and imports", measured},
		{"a month passes", renewed},
		{"kill -9 under load, and restart", killed},
		{"SIGTERM, and restart", terminated},
		{"kill -9 in the middle of saves, and restart", killedWhileSaving},
		{"attacks on the clock, on saving and on streams", attacked},
	} {
		fmt.Println("==", phase.name)
		if err := phase.do(w, o); err != nil {
			return fmt.Errorf("%s: %w", phase.name, err)
		}
	}
	fmt.Println(w.total())
	return nil
}

// measured runs everything at once, twice. After the first time, which fills the bounded
// stores, nothing may grow.
func measured(w *world, o options) error {
	if err := w.fill(); err != nil {
		return err
	}
	if err := w.everything(o, o.duration/4); err != nil {
		return err
	}
	warm, err := w.emulator.settled()
	if err != nil {
		return err
	}
	fmt.Println("after the warm-up:", warm)
	if err := w.everything(o, o.duration/2); err != nil {
		return err
	}
	end, err := w.emulator.backAt(warm)
	if err != nil {
		return err
	}
	fmt.Println("at the end:       ", end)
	return end.grownFrom(warm)
}

// everything runs the load with all misbehaving clients.
func (w *world) everything(o options, d time.Duration) error {
	hold, err := idle(w.emulator, o.idle)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(context.Background(), d)
	defer cancel()
	var troubles group
	troubles.run(func() error { return hold(ctx) })
	troubles.run(func() error { return w.passTime(ctx) })
	troubles.run(func() error { return upheaval(ctx, o.binary) })
	for _, client := range brokenClients {
		troubles.run(func() error { return client.trouble(ctx, w.emulator.address) })
	}
	loadErr := w.load(d)
	if err := errors.Join(loadErr, troubles.wait()); err != nil {
		return err
	}
	return w.verify()
}
