package store

import "github.com/voxemu/voxemu/emulator/vox"

var rules = table[int64, vox.Rule]{
	tag: 4, name: "rules",
	id:      func(r *vox.Rule) int64 { return r.ID },
	account: func(r *vox.Rule) int64 { return r.AccountID },
	indexes: []index[vox.Rule]{
		valueIndex("application_id", func(r *vox.Rule) (int64, bool) { return r.ApplicationID, true }),
		valueIndex("name", func(r *vox.Rule) (string, bool) { return r.Name, true }),
		uniqueIndex("application_id/name", func(r *vox.Rule) (string, bool) { return inApplication(r.ApplicationID, r.Name), true }),
		flagIndex("video_conference", func(r *vox.Rule) (set, ok bool) { return r.VideoConference, true }),
	},
}

// Rules returns the rules of applications.
func Rules(tx *Tx) Rows[int64, vox.Rule] { return Rows[int64, vox.Rule]{tx, &rules} }
