package applications

import (
	"github.com/voxemu/voxemu/emulator/internal/reference"
	"github.com/voxemu/voxemu/emulator/internal/store"
	"github.com/voxemu/voxemu/emulator/vox"
)

// SetApplicationInfoParams are the parameters of SetApplicationInfo.
type SetApplicationInfoParams struct {
	ID                  int64  `param:"application_id"`
	RequiredName        string `param:"required_application_name"`
	Name                string `param:"application_name"`
	SecureRecordStorage *bool  `param:"secure_record_storage"`
}

// SetApplicationInfoReply is the reply of SetApplicationInfo (docs/evidence.md#applications).
type SetApplicationInfoReply struct {
	Result              int    `json:"result"`
	Name                string `json:"application_name"` // the full one
	SecureRecordStorage bool   `json:"secure_record_storage"`
}

// SetApplicationInfo sets the given values.
func SetApplicationInfo(tx *store.Tx, caller vox.Principal, p SetApplicationInfoParams) (SetApplicationInfoReply, error) {
	id, err := reference.Application(p.ID, p.RequiredName).By("required_application_name").Required(tx, caller.AccountID, 0)
	if err != nil {
		return SetApplicationInfoReply{}, err
	}
	a, _ := store.Get(tx, store.Applications, id)
	if p.Name != "" {
		if a.Name, err = newName(tx, caller.AccountID, p.Name); err != nil {
			return SetApplicationInfoReply{}, err
		}
	}
	if p.SecureRecordStorage != nil {
		a.SecureRecordStorage = *p.SecureRecordStorage
	}
	a.Modified = tx.Now()
	if err := putApplication(tx, a); err != nil {
		return SetApplicationInfoReply{}, err
	}
	row := applicationRow(tx, a)
	return SetApplicationInfoReply{1, row.Name, row.SecureRecordStorage}, nil
}
