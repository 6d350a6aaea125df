package store

import (
	"time"

	"github.com/voxemu/voxemu/emulator/vox"
)

var sessions = newKind("sessions",
	func(s *vox.Session) string { return s.ID },
	func(s *vox.Session) int64 { return s.AccountID },
	SessionEnd,
)

// SessionEnd is the index of sessions on their ends.
var SessionEnd = dueIndex("end", func(s *vox.Session) time.Time { return s.Expires })

// Sessions returns the sessions of Logon.
func Sessions(tx *Tx) Rows[string, vox.Session] { return Rows[string, vox.Session]{tx, sessions} }
