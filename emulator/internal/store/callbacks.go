package store

import (
	"time"

	"github.com/voxemu/voxemu/emulator/vox"
)

var callbacks = table[int64, vox.Callback]{
	tag: 8, name: "callbacks",
	id:      func(c *vox.Callback) int64 { return c.ID },
	account: func(c *vox.Callback) int64 { return c.AccountID },
	indexes: []index[vox.Callback]{
		flagIndex("pending", func(c *vox.Callback) (set, ok bool) { return !c.State.Final(), true }),
	},
	due: []dueIndex[vox.Callback]{
		{"due", func(c *vox.Callback) time.Time {
			if c.State != vox.CallbackRetrying {
				return time.Time{} // sent when the callbacks before it are final
			}
			return c.NextAttempt
		}},
	},
}

// Callbacks returns the callbacks, including final ones.
func Callbacks(tx *Tx) Rows[int64, vox.Callback] { return Rows[int64, vox.Callback]{tx, &callbacks} }
