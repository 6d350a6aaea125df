package store

import (
	"time"

	"github.com/voxemu/voxemu/emulator/vox"
)

// Callbacks are the callbacks, including final ones.
var Callbacks = newTable("callbacks",
	func(c *vox.Callback) int64 { return c.ID },
	func(c *vox.Callback) int64 { return c.AccountID },
	CallbackPending,
	CallbackDue,
	CallbackAttempt,
)

// CallbackPending is the flag of callbacks that are not final.
var CallbackPending = flagIndex("pending", func(c *vox.Callback) (set, ok bool) { return !c.State.Final(), true })

// CallbackDue is the index of callbacks on their next retry. Queued ones have none: they
// are sent when the callbacks before them are final.
var CallbackDue = dueIndex("due", func(c *vox.Callback) time.Time {
	if c.State != vox.CallbackRetrying {
		return time.Time{}
	}
	return c.NextAttempt
})

// CallbackAttempt is the index of callbacks that are not final on their next attempt, which
// is the earliest possible one for those that are queued.
var CallbackAttempt = dueIndex("attempt", func(c *vox.Callback) time.Time {
	if c.State.Final() {
		return time.Time{}
	}
	return c.NextAttempt
})
