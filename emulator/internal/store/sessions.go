package store

import (
	"time"

	"github.com/voxemu/voxemu/emulator/vox"
)

// Sessions are the sessions of Logon.
var Sessions = newTable("sessions",
	func(s *vox.Session) string { return s.ID },
	func(s *vox.Session) int64 { return s.AccountID },
	SessionEnd,
)

// SessionEnd is the index of sessions on their ends.
var SessionEnd = dueIndex("end", func(s *vox.Session) time.Time { return s.Expires })
