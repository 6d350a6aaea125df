package accounts

import (
	"github.com/voxemu/voxemu/emulator/internal/store"
	"github.com/voxemu/voxemu/emulator/vox"
)

// MakePair makes an RSA key pair, both halves as PEM.
type MakePair func() (private, public string, err error)

// CreateKeyParams are the parameters of CreateKey.
type CreateKeyParams struct {
	Name        string `param:"key_name"`
	Description string `param:"description"`
	RoleSet
}

// CreateKeyReply is the reply of CreateKey: its result is what the SDKs read from
// credentials.json (A72).
type CreateKeyReply struct {
	Result KeyInfo `json:"result"`
}

// KeyInfo are the credentials of a new key.
type KeyInfo struct {
	AccountEmail string `json:"account_email"`
	AccountID    int64  `json:"account_id"`
	KeyID        string `json:"key_id"`
	PrivateKey   string `json:"private_key"`
}

// CreateKey makes a service account; it can sign at once.
func CreateKey(pair MakePair) func(*store.Tx, vox.Principal, CreateKeyParams) (CreateKeyReply, error) {
	return func(tx *store.Tx, caller vox.Principal, p CreateKeyParams) (CreateKeyReply, error) {
		roles, err := p.RoleSet.resolve()
		if err != nil {
			return CreateKeyReply{}, err
		}
		if len(keysOf(tx, caller.AccountID)) >= maxKeys {
			return CreateKeyReply{}, vox.ErrTooManyKeys
		}
		private, public, err := pair()
		if err != nil {
			return CreateKeyReply{}, err
		}
		account, _ := tx.Accounts().Get(caller.AccountID)
		key := vox.Key{
			ID: secret(), AccountID: account.ID, Name: p.Name, Description: p.Description,
			Roles: roles, PrivateKey: private, PublicKey: public,
		}
		return CreateKeyReply{KeyInfo{account.Email, account.ID, key.ID, private}}, tx.Keys().Put(key)
	}
}
