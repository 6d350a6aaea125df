package emulator_test

import (
	"flag"
	"testing"
)

// TestMain limits property tests to 25 histories, instead of rapid's 100, because each
// takes milliseconds. make long runs more.
func TestMain(m *testing.M) {
	if err := flag.Set("rapid.checks", "25"); err != nil {
		panic(err)
	}
	m.Run()
}
