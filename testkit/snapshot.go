package testkit

import (
	"strconv"

	"github.com/voxemu/voxemu/emulator/fault"
)

// Snapshot is a state to go back to; see [Emulator.Snapshot].
type Snapshot struct {
	name   string
	faults []fault.Rule
}

// Snapshot keeps the state and the armed faults, for the cases of a table test:
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
// It copies nothing. Cases that share an emulator must not run in parallel;
// giving each its own costs little.
func (e *Emulator) Snapshot() Snapshot {
	e.tb.Helper()
	s := Snapshot{name: "testkit-" + strconv.Itoa(e.judge.next())}
	for _, armed := range e.server.Faults().Rules() {
		s.faults = append(s.faults, armed.Rule)
	}
	e.must(e.server.Snapshot(s.name))
	return s
}

// Restore goes back to a snapshot: rows, settings, and the ids that come next.
// The calls so far are forgotten by [Emulator.Expect] and [Emulator.Requests],
// but not their mistakes. The faults of the moment of the snapshot, those of the
// scenario for example, are armed anew and count from zero; it is enough when they
// strike between any two Restores. Later ones are disarmed, and those that were
// armed for nothing fail the test. Time does not go back.
func (e *Emulator) Restore(s Snapshot) {
	e.tb.Helper()
	e.reportFaults(s.faults...)
	e.must(e.server.Faults().Replace(s.faults...))
	e.collectMistakes()
	e.server.Journal().Clear()
	e.must(e.server.Restore(s.name))
}
