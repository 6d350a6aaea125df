package accounts

import (
	"github.com/voxemu/voxemu/emulator/internal/store"
	"github.com/voxemu/voxemu/emulator/vox"
)

// NewKeyPair generates an RSA key pair, both keys as PEM.
type NewKeyPair func() (private, public string, err error)

// CreateKeyParams are the parameters of CreateKey.
type CreateKeyParams struct {
	Name        string `param:"key_name"`
	Description string `param:"description"`
	RoleSet
}

// CreateKeyReply is the reply of CreateKey.
type CreateKeyReply struct {
	Result any `json:"result"` // KeyInfo, or a list of it (A85)
}

// KeyInfo is the content of credentials.json for a new key.
type KeyInfo struct {
	AccountEmail string `json:"account_email"`
	AccountID    int64  `json:"account_id"`
	KeyID        string `json:"key_id"`
	PrivateKey   string `json:"private_key"`
}

// PrepareKey returns a function that creates a service account with its key pair and does
// not store it. Generating the pair takes 0.1 s, so it runs outside a transaction.
func PrepareKey(newPair NewKeyPair) func(*store.Tx, vox.Principal, CreateKeyParams) (vox.Key, error) {
	return func(tx *store.Tx, caller vox.Principal, p CreateKeyParams) (vox.Key, error) {
		roles, err := p.RoleSet.resolve()
		if err != nil {
			return vox.Key{}, err
		}
		if err := checkKeyLimit(tx, caller.AccountID); err != nil {
			return vox.Key{}, err
		}
		private, public, err := newPair()
		return vox.Key{
			ID: newSecret(), AccountID: caller.AccountID, Name: p.Name, Description: p.Description,
			Roles: roles, PrivateKey: private, PublicKey: public,
		}, err
	}
}

// CreateKey stores a key that [PrepareKey] created.
func CreateKey(tx *store.Tx, _ vox.Principal, key vox.Key) (CreateKeyReply, error) {
	account, ok := store.Get(tx, store.Accounts, key.AccountID)
	if !ok { // deleted meanwhile, through the control API
		return CreateKeyReply{}, vox.ErrAuthorizationFailed
	}
	if err := checkKeyLimit(tx, account.ID); err != nil {
		return CreateKeyReply{}, err
	}
	made := KeyInfo{account.Email, account.ID, key.ID, key.PrivateKey}
	if tx.Settings().Behaviour.CreatedKey == vox.CreatedKeyList {
		return CreateKeyReply{[]KeyInfo{made}}, store.Put(tx, store.Keys, key)
	}
	return CreateKeyReply{made}, store.Put(tx, store.Keys, key)
}

func checkKeyLimit(tx *store.Tx, account int64) error {
	if len(keysOf(tx, account)) >= maxKeys {
		return vox.ErrTooManyKeys
	}
	return nil
}
