// Package threelines is the shortest test of a user: what its binary contains is checked.
package threelines

import (
	"testing"

	"github.com/voxemu/voxemu/testkit"
)

func TestThreeLines(t *testing.T) {
	emu := testkit.Run(t)
	if emu.AccountID() == 0 {
		t.Fail()
	}
}
