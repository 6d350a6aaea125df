package applications

import (
	"github.com/voxemu/voxemu/emulator/internal/query"
	"github.com/voxemu/voxemu/emulator/internal/store"
	"github.com/voxemu/voxemu/emulator/vox"
)

// AddApplicationParams are the parameters of AddApplication.
type AddApplicationParams struct {
	Name                string `param:"application_name"`
	SecureRecordStorage bool   `param:"secure_record_storage"`
}

// AddApplicationReply is the reply of AddApplication (facts.md §7).
type AddApplicationReply struct {
	Result              int    `json:"result"`
	ID                  int64  `json:"application_id"`
	Name                string `json:"application_name"` // the full one
	SecureRecordStorage bool   `json:"secure_record_storage"`
}

// AddApplication makes an application with nothing in it.
func AddApplication(tx *store.Tx, caller vox.Principal, p AddApplicationParams) (AddApplicationReply, error) {
	a := vox.Application{
		ID: tx.Applications().NextID(), AccountID: caller.AccountID, Name: p.Name,
		SecureRecordStorage: p.SecureRecordStorage, Modified: tx.Now(),
	}
	if err := putApplication(tx, a); err != nil {
		return AddApplicationReply{}, err
	}
	row := applicationRow(tx, a)
	return AddApplicationReply{1, row.ID, row.Name, row.SecureRecordStorage}, nil
}

// putApplication refuses a name that another application of the account has.
func putApplication(tx *store.Tx, a vox.Application) error {
	same, err := tx.Applications().Select(a.AccountID, []query.Match{query.Is("name", a.Name)}, query.All())
	if err != nil {
		return err
	}
	if len(same) > 0 && same[0].ID != a.ID {
		return vox.ErrApplicationNotUnique.On("application_name")
	}
	return tx.Applications().Put(a)
}
