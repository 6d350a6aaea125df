package scenarios

import (
	"regexp"

	"github.com/voxemu/voxemu/emulator/vox"
)

// sessionID matches session ids in the form that Logon returns.
var sessionID = regexp.MustCompile(`^[0-9A-Za-z]{16,100}$`)

func checkSession(c checker, s *vox.Session) {
	if !sessionID.MatchString(s.ID) {
		c.refuse("session_id", "want 16 to 100 letters and digits")
	}
	if _, ok := find[vox.Key](c.draft, s.KeyID); s.KeyID != "" && !ok && !c.draft.torn {
		c.refuse("key_id", "there is no such key")
	}
	c.owner(s.AccountID)
	c.moment("expires", s.Expires)
}
