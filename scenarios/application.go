package scenarios

import (
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

// ownerOf is the account that rules and users inherit.
func (d *draft) ownerOf(application int64) int64 {
	if a, ok := d.applications.rows[application]; ok {
		return a.AccountID
	}
	return 0
}
