package scenarios

import (
	"cmp"
	"fmt"

	"github.com/voxemu/voxemu/emulator/vox"
)

func (d *draft) applicationTable() table[int64, vox.Application] {
	return table[int64, vox.Application]{
		name:  "applications",
		list:  func(s *Scenario) *[]vox.Application { return &s.Applications },
		id:    func(a vox.Application) int64 { return a.ID },
		owner: func(a *vox.Application) *int64 { return &a.AccountID },
		judge: func(c checker, a *vox.Application) {
			c.text("name", a.Name, true)
			c.owner(a.AccountID)
		},
		unique: []uniqueness[vox.Application]{
			{"name", func(a vox.Application) string { return fmt.Sprint(a.AccountID, " ", a.Name) }},
		},
	}
}

func (d *draft) ruleTable() table[int64, vox.Rule] {
	return table[int64, vox.Rule]{
		name: "rules",
		list: func(s *Scenario) *[]vox.Rule { return &s.Rules },
		id:   func(r vox.Rule) int64 { return r.ID },
		fill: func(r *vox.Rule, _ place) {
			r.AccountID = cmp.Or(r.AccountID, d.ownerOf(r.ApplicationID))
			r.Pattern = cmp.Or(r.Pattern, ".*")
		},
		judge: func(c checker, r *vox.Rule) {
			c.text("name", r.Name, true)
			c.within(r.ApplicationID, r.AccountID)
		},
		unique: []uniqueness[vox.Rule]{
			{"name", func(r vox.Rule) string { return fmt.Sprint(r.ApplicationID, " ", r.Name) }},
		},
	}
}

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
			c.within(u.ApplicationID, u.AccountID)
		},
		unique: []uniqueness[vox.User]{
			{"name", func(u vox.User) string { return fmt.Sprint(u.ApplicationID, " ", u.Name) }},
		},
	}
}

// ownerOf is the account that rules and users inherit.
func (d *draft) ownerOf(application int64) int64 {
	if a, ok := d.applications.rows[application]; ok {
		return a.AccountID
	}
	return 0
}
