package scenarios

import (
	"regexp"

	"github.com/voxemu/voxemu/emulator/vox"
)

// sessionCharacters are those of the ids that Logon returns.
var sessionCharacters = regexp.MustCompile(`^[0-9A-Za-z]+$`)

func checkSession(c checker, s *vox.Session) {
	if len(s.ID) < 16 || len(s.ID) > 100 || !sessionCharacters.MatchString(s.ID) {
		c.refuse("session_id", "want 16 to 100 letters and digits")
	}
	if _, ok := find[vox.Key](c.draft, s.KeyID); s.KeyID != "" && !ok && !c.draft.torn {
		c.refuse("key_id", "there is no such key")
	}
	c.owner(s.AccountID)
	c.moment("expires", s.Expires)
}
