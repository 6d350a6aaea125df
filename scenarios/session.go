package scenarios

import (
	"regexp"

	"github.com/voxemu/voxemu/emulator/vox"
)

// sessionID is what a session may be called: what Logon gives has this shape.
var sessionID = regexp.MustCompile(`^[0-9A-Za-z]{16,100}$`)

func (d *draft) sessionTable() table[string, vox.Session] {
	return table[string, vox.Session]{
		name:  "sessions",
		list:  func(s *Scenario) *[]vox.Session { return &s.Sessions },
		id:    func(s vox.Session) string { return s.ID },
		owner: func(s *vox.Session) *int64 { return &s.AccountID },
		judge: func(c checker, s *vox.Session) {
			if !sessionID.MatchString(s.ID) {
				c.refuse("session_id", "want 16 to 100 letters and digits")
			}
			if _, ok := d.keys.rows[s.KeyID]; s.KeyID != "" && !ok {
				c.refuse("key_id", "there is no such key")
			}
			c.owner(s.AccountID)
			c.moment("expires", s.Expires)
		},
	}
}
