package testkit

import (
	"strconv"

	"github.com/voxemu/voxemu/emulator/fault"
)

// Snapshot is a saved state; see [Emulator.Snapshot].
type Snapshot struct {
	name   string
	faults []fault.Rule
}

// Snapshot saves the state and the armed faults, for the cases of a table test:
//
//	before := emu.Snapshot()
//	for _, c := range cases {
//		t.Run(c.name, func(t *testing.T) {
//			emu := emu.For(t)
//			emu.Restore(before)
//			…
//		})
//	}
//
// It copies nothing. Cases that share an emulator must not run in parallel; an emulator
// for each case costs little too.
func (e *Emulator) Snapshot() Snapshot {
	e.tb.Helper()
	s := Snapshot{name: "testkit-" + strconv.Itoa(e.checks.next())}
	for _, armed := range e.server.Faults().Rules() {
		s.faults = append(s.faults, armed.Rule)
	}
	e.must(e.server.Snapshot(s.name))
	return s
}

// Restore restores a snapshot: rows, settings, and the next ids. The clock does not go
// back. [Emulator.Expect] and [Emulator.Requests] ignore earlier requests, but their
// mistakes are still reported. The faults in the snapshot, for example those of the
// scenario, are armed again with counters of zero; each must be triggered between any two
// Restores, not in all cases. Later faults are disarmed, and fail the test if they were
// not triggered.
func (e *Emulator) Restore(s Snapshot) {
	e.tb.Helper()
	e.reportFaults(s.faults...)
	e.must(e.server.Faults().Replace(s.faults...))
	e.collectMistakes()
	e.server.Journal().Clear()
	e.must(e.server.Restore(s.name))
}
