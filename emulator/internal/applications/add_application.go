package applications

import (
	"strings"

	"github.com/voxemu/voxemu/emulator/internal/reference"
	"github.com/voxemu/voxemu/emulator/internal/store"
	"github.com/voxemu/voxemu/emulator/vox"
)

// AddApplicationParams are the parameters of AddApplication.
type AddApplicationParams struct {
	Name                string `param:"application_name"`
	SecureRecordStorage bool   `param:"secure_record_storage"`
}

// AddApplicationReply is the reply of AddApplication (docs/evidence.md#applications).
type AddApplicationReply struct {
	Result              int    `json:"result"`
	ID                  int64  `json:"application_id"`
	Name                string `json:"application_name"` // the full one
	SecureRecordStorage bool   `json:"secure_record_storage"`
}

// AddApplication creates an empty application.
func AddApplication(tx *store.Tx, caller vox.Principal, p AddApplicationParams) (AddApplicationReply, error) {
	name, err := newName(tx, caller.AccountID, p.Name)
	if err != nil {
		return AddApplicationReply{}, err
	}
	a := vox.Application{
		ID: store.NextID(tx, store.Applications), AccountID: caller.AccountID, Name: name,
		SecureRecordStorage: p.SecureRecordStorage, Modified: tx.Now(),
	}
	if err := putApplication(tx, a); err != nil {
		return AddApplicationReply{}, err
	}
	row := applicationRow(tx, a)
	return AddApplicationReply{1, row.ID, row.Name, row.SecureRecordStorage}, nil
}

// newName returns the short name of a new application; the official deployment tool sends
// the full one (A86).
func newName(tx *store.Tx, account int64, given string) (string, error) {
	short := reference.ShortName(tx, account, given)
	if strings.Contains(short, ".") {
		return "", vox.ErrInvalidApplication.On("application_name").Because("a short name, with the account's own domain or without")
	}
	return short, nil
}
