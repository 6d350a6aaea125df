package store

import "github.com/voxemu/voxemu/emulator/vox"

var sessions = table[string, vox.Session]{
	tag: 9, name: "sessions",
	id:      func(s *vox.Session) string { return s.ID },
	account: func(s *vox.Session) int64 { return s.AccountID },
}

// Sessions returns the sessions of Logon.
func Sessions(tx *Tx) Rows[string, vox.Session] { return Rows[string, vox.Session]{tx, &sessions} }
