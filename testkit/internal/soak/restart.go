package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"time"
)

// killed kills the emulator under load. After the restart each account must have the
// state of one point in time, not earlier than the last save: no change acknowledged
// before it is lost, and no request is half done.
func killed(w *world, o options) error {
	for _, a := range w.accounts {
		a.history = []version{a.now()}
	}
	path := filepath.Join(w.emulator.home, "state.yaml")
	var killing group
	var end time.Time
	killing.run(func() error {
		defer close(w.stop)
		if err := awaitSave(path, time.Now()); err != nil {
			return err
		}
		time.Sleep(o.duration / 8) // while the load continues
		w.killing.Store(true)
		end = time.Now()
		return w.emulator.kill()
	})
	if err := errors.Join(w.load(o.duration/8+saveLimit), killing.wait()); err != nil {
		return err
	}
	w.killing.Store(false)
	w.stop = make(chan struct{})
	saved, err := savedAt(path)
	if err != nil {
		return err
	}
	if err := w.emulator.start(); err != nil {
		return err
	}
	lost := 0
	for _, a := range w.accounts {
		n, err := w.recognize(a, saved)
		if err != nil {
			return err
		}
		lost += n
	}
	fmt.Printf("killed %v after the last save had begun: %d acknowledged calls were later and are lost, none before\n",
		end.Sub(saved).Round(time.Millisecond), lost)
	last, err := w.lastCallback()
	if err != nil {
		return err
	}
	w.receiver.forget(last)
	return w.verify()
}

// saveLimit is the maximum time to wait for a save.
const saveLimit = 30 * time.Second

// awaitSave waits for a save that starts after a time.
func awaitSave(path string, after time.Time) error {
	for time.Since(after) < saveLimit {
		at, err := savedAt(path)
		if err != nil || at.After(after) {
			return err
		}
		time.Sleep(20 * time.Millisecond) // interval between two checks
	}
	return fmt.Errorf("nothing is saved within %v of a change", saveLimit)
}

var stamp = regexp.MustCompile(`^# State of voxemu at (\S+), sha256 `)

// savedAt returns the start of the last save, from the file's first line.
func savedAt(path string) (time.Time, error) {
	file, err := os.Open(path)
	if err != nil {
		return time.Time{}, err
	}
	defer file.Close()
	first := make([]byte, 80)
	if _, err := io.ReadFull(file, first); err != nil {
		return time.Time{}, err
	}
	match := stamp.FindSubmatch(first)
	if match == nil {
		return time.Time{}, fmt.Errorf("%s begins with %q", path, first)
	}
	return time.Parse(time.RFC3339Nano, string(match[1]))
}

// recognize finds the state of the model with which the emulator restarted, and returns
// the number of later ones, which are lost.
func (w *world) recognize(a *account, saved time.Time) (lost int, err error) {
	var list, info reply
	for o, into := range map[*operation]*reply{a.list(): &list, a.info(): &info} {
		o.judge = func(r reply) error { *into = r; return nil }
		pending := a.pending
		if err := w.call(a, o); err != nil {
			return 0, err
		}
		a.pending = pending
	}
	versions := a.history
	for len(versions) > 1 && !versions[1].at.After(saved) {
		versions = versions[1:] // the changes before it were acknowledged before the save
	}
	for i, v := range slices.Backward(versions) {
		if list.lists(v.listed()) == nil && info.hasBalance(v) == nil {
			lost = len(versions) - 1 - i
			a.back(v)
			a.history = nil
			return lost, nil
		}
	}
	if w.unanswered(a, list, info) {
		a.history = nil
		return 0, nil
	}
	return 0, fmt.Errorf("account %d is as it was at no moment after %v: %s", a.ID, saved, list.Result)
}

// unanswered reports whether the request without a reply was processed.
func (w *world) unanswered(a *account, list, info reply) bool {
	o := a.pending
	if o == nil || o.apply == nil {
		return false
	}
	o.apply(idOfRow(list, o.creates))
	a.pending = nil
	return list.lists(a.now().listed()) == nil && info.hasBalance(a.now()) == nil
}

// lastCallback returns the id of the emulator's latest callback.
func (w *world) lastCallback() (int64, error) {
	var all struct {
		Callbacks []struct {
			ID int64 `json:"id"`
		} `json:"callbacks"`
	}
	if err := w.emulator.control(http.MethodGet, "callbacks", nil, &all); err != nil {
		return 0, err
	}
	last := int64(0)
	for _, c := range all.Callbacks {
		last = max(last, c.ID)
	}
	return last, nil
}

// terminated stops the emulator with SIGTERM; nothing may be lost.
func terminated(w *world, o options) error {
	if err := w.load(max(o.duration/8, 3*time.Second)); err != nil {
		return err
	}
	if err := w.emulator.end(); err != nil {
		return err
	}
	if err := w.emulator.start(); err != nil {
		return err
	}
	return w.verify()
}

// kills is how often the emulator is killed in the middle of a save.
const kills = 30

// killedWhileSaving has the emulator save, by SIGTERM, and kills it at another moment of
// the save each time. After the restart, it has the change before the save or has it not;
// it never refuses its file and loses nothing older.
func killedWhileSaving(w *world, _ options) error {
	begin := time.Now()
	if err := w.emulator.end(); err != nil {
		return err
	}
	length := time.Since(begin) // of a whole save and what is around it
	if err := w.emulator.start(); err != nil {
		return err
	}
	ended, before := 0, 0
	for i := range kills {
		if err := w.emulator.control(http.MethodPost, "accounts", map[string]string{"name": fmt.Sprintf("saved-%d", i)}, nil); err != nil {
			return err
		}
		if err := w.emulator.command.Process.Signal(syscall.SIGTERM); err != nil {
			return err
		}
		time.Sleep(length * time.Duration(i) / kills) // another moment each time
		if err := w.emulator.kill(); err != nil {
			ended++ // the save was faster
		}
		if err := w.emulator.start(); err != nil {
			return fmt.Errorf("after kill %d: %w", i+1, err)
		}
		accounts, err := w.accountNames()
		if err != nil {
			return err
		}
		now := slices.DeleteFunc(accounts, func(name string) bool { return !strings.HasPrefix(name, "saved-") })
		if len(now) < before || len(now) > before+1 {
			return fmt.Errorf("kill %d: %d accounts made since the first one, there were %d", i+1, len(now), before)
		}
		before = len(now)
	}
	fmt.Printf("killed %d times within the %v of a save: %d changes were saved, %d saves were done before\n", kills, length.Round(time.Millisecond), before, ended)
	return w.verify()
}

func (w *world) accountNames() ([]string, error) {
	var all struct {
		Accounts []struct {
			Name string `json:"name"`
		} `json:"accounts"`
	}
	if err := w.emulator.control(http.MethodGet, "accounts", nil, &all); err != nil {
		return nil, err
	}
	names := make([]string, len(all.Accounts))
	for i, a := range all.Accounts {
		names[i] = a.Name
	}
	return names, nil
}

// idOfRow returns the id of the row with a user name; 0 if there is none.
func idOfRow(r reply, username string) int64 {
	var rows []listed
	if json.Unmarshal(r.Result, &rows) != nil {
		return 0
	}
	for _, row := range rows {
		if row.Username == username {
			return row.ID
		}
	}
	return 0
}
