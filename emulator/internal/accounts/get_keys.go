package accounts

import (
	"github.com/voxemu/voxemu/emulator/internal/query"
	"github.com/voxemu/voxemu/emulator/internal/reply"
	"github.com/voxemu/voxemu/emulator/internal/store"
	"github.com/voxemu/voxemu/emulator/vox"
)

// GetKeysParams are the parameters of GetKeys.
type GetKeysParams struct {
	KeyID     string `param:"key_id"`
	WithRoles bool   `param:"with_roles"`
	query.Page
}

// GetKeysReply is the reply of GetKeys; the real method returns no counts.
type GetKeysReply struct {
	Result []KeyRow `json:"result"`
}

// KeyRow is a key in the reply, without its private key.
type KeyRow struct {
	ID          string    `json:"key_id"`
	Name        string    `json:"key_name"`
	Description string    `json:"description"`
	Roles       []RoleRow `json:"roles,omitzero"` // with with_roles
}

// GetKeys lists the account's keys, by id.
func GetKeys(tx *store.Tx, caller vox.Principal, p GetKeysParams) (GetKeysReply, error) {
	keys := all(tx, store.Keys, func(k vox.Key) bool {
		return k.AccountID == caller.AccountID && (p.KeyID == "" || k.ID == p.KeyID)
	})
	page, _ := reply.Cut(keys, p.Page)
	return GetKeysReply{reply.Rows(page, func(k vox.Key) KeyRow {
		row := KeyRow{ID: k.ID, Name: k.Name, Description: k.Description}
		if p.WithRoles {
			row.Roles = reply.Rows(k.Roles, roleRow)
		}
		return row
	})}, nil
}
