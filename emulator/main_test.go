package emulator_test

import (
	"flag"
	"testing"
)

// TestMain has property tests try 25 histories instead of rapid's 100: each takes
// milliseconds, not microseconds. make long asks for more.
func TestMain(m *testing.M) {
	if err := flag.Set("rapid.checks", "25"); err != nil {
		panic(err)
	}
	m.Run()
}
