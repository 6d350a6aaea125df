package lab

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"testing"
	"time"

	"github.com/voxemu/voxemu/emulator/clock"
	"github.com/voxemu/voxemu/emulator/internal/store"
	"github.com/voxemu/voxemu/emulator/vox"
)

func TestASlowListenerHoldsNobodyUpAndLearnsWhatItMissed(t *testing.T) {
	l := newLab(t, clock.Stopped(noon), slog.DiscardHandler)
	frozen := false
	change := func() {
		t.Helper()
		frozen = !frozen
		if err := l.SetAccountFrozen(1, frozen); err != nil {
			t.Fatal(err)
		}
	}
	events, cancel := l.Subscribe(0, false)
	defer cancel()
	const changes = 2000
	for range changes {
		change()
	}
	received := 0
	for len(events) > 0 {
		<-events
		received++
	}
	change()
	e := <-events
	text, err := json.Marshal(e.Data)
	if want := fmt.Sprintf(`{"lost":%d}`, changes-received); e.Type != "lost" || err != nil || string(text) != want || received == changes {
		t.Errorf("received %d, then %s %s, want lost %s", received, e.Type, text, want)
	}
	if e := <-events; e.Type != "account" {
		t.Errorf("then %s, want the account", e.Type)
	}
}

// A move whose caller has gone is reported as interrupted.
func TestAMoveIsReportedAsItHasEnded(t *testing.T) {
	l := newLab(t, clock.Stopped(noon), slog.DiscardHandler)
	events, cancel := l.Subscribe(0, false)
	defer cancel()
	gone := make(chan struct{})
	close(gone)
	for _, c := range []struct {
		interrupt <-chan struct{}
		want      string
	}{{gone, "interrupted"}, {nil, "advanced"}} {
		err := l.Advance(time.Hour, c.interrupt)
		change, ok := (<-events).Data.(clockChange)
		if !ok || change.Change != c.want || (err != nil) != (c.interrupt != nil) {
			t.Errorf("%v, %+v, want %s", err, change, c.want)
		}
	}
}

func TestAChangeOfMoneyAloneIsReportedToThoseWhoAskForIt(t *testing.T) {
	l := newLab(t, clock.Stopped(noon), slog.DiscardHandler)
	plain, cancelPlain := l.Subscribe(0, false)
	defer cancelPlain()
	withMoney, cancel := l.Subscribe(0, true)
	defer cancel()
	err := l.write(func(tx *store.Tx) error {
		r, _ := store.Get(tx, store.Registrations, 1)
		r.Price = r.Price.Add(vox.MustParseMoney("1"))
		return store.Put(tx, store.Registrations, r)
	})
	if err != nil {
		t.Fatal(err)
	}
	change, ok := (<-withMoney).Data.(stateChange)
	if !ok || change.Registration.Price.String() != "2.00" || len(plain) != 0 {
		t.Errorf("%+v, and %d events without money", change, len(plain))
	}
}
