package scenarios

import (
	"cmp"
	"fmt"

	"github.com/voxemu/voxemu/emulator/vox"
)

func (d *draft) userTable() table[int64, vox.User] {
	return table[int64, vox.User]{
		name: "users",
		list: func(s *Scenario) *[]vox.User { return &s.Users },
		id:   func(u vox.User) int64 { return u.ID },
		fill: func(u *vox.User, _ place) {
			u.AccountID = cmp.Or(u.AccountID, d.ownerOf(u.ApplicationID))
			u.DisplayName = cmp.Or(u.DisplayName, u.Name)
		},
		judge: func(c checker, u *vox.User) {
			c.text("name", u.Name, true)
			c.text("display_name", u.DisplayName, false)
			c.text("password", u.Password, false)
			c.member(u.ApplicationID, u.AccountID)
		},
		unique: []uniqueness[vox.User]{
			{"name", func(u vox.User) string { return fmt.Sprint(u.AccountID, " ", u.ApplicationID, " ", u.Name) }},
		},
	}
}
