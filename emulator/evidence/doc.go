// Package evidence holds the emulator against the real service: [Record] writes what a
// client and the service say to each other into a file, without what is secret or personal;
// [Compare] sends the same requests to a fresh emulator and reports what differs. [Probe]
// settles assumptions by experiments.
//
// A recording is a file of JSON lines: a [Head], an [Exchange] for each request, and an
// [End]. A file without an end is not complete and is refused.
package evidence

import (
	"sync"

	"github.com/voxemu/voxemu"
	"github.com/voxemu/voxemu/emulator/internal/contract"
)

// Patterns of this package are compiled on first use: together they would take more than
// half a millisecond at each start of the program.

// specification is loaded once per process.
var specification = sync.OnceValues(func() (*contract.Contract, error) {
	return contract.Load(voxemu.OpenAPI())
})
