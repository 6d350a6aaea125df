package lab

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"testing"

	"github.com/voxemu/voxemu/emulator/clock"
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
	events, cancel := l.Subscribe(0)
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
