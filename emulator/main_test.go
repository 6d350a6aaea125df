package emulator_test

import (
	"flag"
	"runtime/debug"
	"testing"
)

// TestMain limits property tests to 25 histories, instead of rapid's 100, because each
// takes milliseconds. make long runs more. Garbage is collected less often, an eighth of the
// processor time: tests that measure memory collect it themselves.
func TestMain(m *testing.M) {
	debug.SetGCPercent(400)
	if err := flag.Set("rapid.checks", "25"); err != nil {
		panic(err)
	}
	m.Run()
}
