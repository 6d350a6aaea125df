package store

import (
	"strconv"

	"github.com/voxemu/voxemu/emulator/vox"
)

// Users are the users of applications.
var Users = newTable("users",
	func(u *vox.User) int64 { return u.ID },
	func(u *vox.User) int64 { return u.AccountID },
	UserApplication,
	UserName,
	uniqueIndex("application_id/name", func(u *vox.User) (string, bool) { return inApplication(u.ApplicationID, u.Name), true }),
	flagIndex("user_active", func(u *vox.User) (set, ok bool) { return !u.Inactive, true }),
)

// UserApplication is the index of users on their applications.
var UserApplication = valueIndex("application_id", func(u *vox.User) (int64, bool) { return u.ApplicationID, u.ApplicationID != 0 })

// UserName is the index of users on their names.
var UserName = valueIndex("name", func(u *vox.User) (string, bool) { return u.Name, true })

// inApplication returns a name that is unique in an application only.
func inApplication(application int64, name string) string {
	return strconv.FormatInt(application, 10) + "/" + name
}
