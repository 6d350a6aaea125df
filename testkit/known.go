package testkit

import (
	"errors"
	"slices"

	"github.com/voxemu/voxemu/emulator/vox"
)

// known ends the test if no request can match the matcher.
func (e *Emulator) known(m CallMatcher) {
	e.tb.Helper()
	err := e.server.CheckFilter(m.filter)
	if mistakes := (vox.Mistakes)(nil); errors.As(err, &mistakes) && e.options.allowUnknown {
		mistakes = slices.DeleteFunc(mistakes, func(m vox.Mistake) bool { return m.Place == "method" || m.Place == "parameters" })
		if len(mistakes) == 0 {
			return
		}
		err = mistakes
	}
	if err != nil {
		e.tb.Fatalf("testkit: no call can match: %v", err)
	}
}
