package lab

import (
	"fmt"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/voxemu/voxemu/emulator/internal/listen"
	"github.com/voxemu/voxemu/emulator/internal/store"
	"github.com/voxemu/voxemu/emulator/vox"
)

// KeySummary is a service-account key without its key pair.
type KeySummary struct {
	ID        string     `json:"id"`
	AccountID int64      `json:"account_id"`
	Roles     []vox.Role `json:"roles"`
}

// Keys returns the service-account keys of an account, or of all (0), by id.
func (l *Lab) Keys(accountID int64) []KeySummary {
	list := []KeySummary{}
	_ = l.read(func(tx *store.Tx) error { // the function never fails
		for key := range store.All(tx, store.Keys) {
			if accountID == 0 || key.AccountID == accountID {
				list = append(list, KeySummary{key.ID, key.AccountID, append([]vox.Role{}, key.Roles...)})
			}
		}
		return nil
	})
	return list
}

// Credentials returns the credentials of a service-account key. If the key has no pair
// yet, one is generated, or without generate the error is [vox.ErrConflict]. Other error:
// [vox.ErrNotFound].
func (l *Lab) Credentials(keyID string, generate bool) (vox.Credentials, error) {
	var key vox.Key
	var account vox.Account
	err := l.read(func(tx *store.Tx) error {
		var ok bool
		if key, ok = store.Get(tx, store.Keys, keyID); !ok {
			return fmt.Errorf("key %q: %w", keyID, vox.ErrNotFound)
		}
		account, _ = store.Get(tx, store.Accounts, key.AccountID)
		return nil
	})
	if err != nil {
		return vox.Credentials{}, err
	}
	if key.PrivateKey == "" {
		if !generate && key.PublicKey == "" {
			return vox.Credentials{}, fmt.Errorf("%w: key %q has no key pair yet; POST generates it", vox.ErrConflict, keyID)
		}
		if key, err = l.makeKey(key); err != nil {
			return vox.Credentials{}, err
		}
	}
	return vox.Credentials{AccountEmail: account.Email, AccountID: account.ID, KeyID: key.ID, PrivateKey: key.PrivateKey}, nil
}

func (l *Lab) makeKey(key vox.Key) (vox.Key, error) {
	if key.PublicKey != "" {
		return key, fmt.Errorf("%w: key %q: the scenario brings only its public key", vox.ErrConflict, key.ID)
	}
	pair, err := l.keys.Make(key.ID)
	if err != nil {
		return key, err
	}
	err = l.write(func(tx *store.Tx) error {
		current, ok := store.Get(tx, store.Keys, key.ID)
		if !ok {
			return fmt.Errorf("key %q: %w", key.ID, vox.ErrNotFound)
		}
		current.PrivateKey, current.PublicKey = pair.Private, pair.Public
		key = current
		return store.Put(tx, store.Keys, current)
	})
	return key, err
}

// completeKeys returns a copy of keys with missing parts added.
func completeKeys(keyring *listen.Keyring, keys []vox.Key) ([]vox.Key, error) {
	list := make([]vox.Key, len(keys))
	for i, key := range keys {
		var err error
		if list[i], err = completeKey(keyring, key); err != nil {
			return nil, err
		}
	}
	return list, nil
}

// completeKey adds the public key of a private key, or a pair generated earlier.
func completeKey(keyring *listen.Keyring, key vox.Key) (vox.Key, error) {
	var pair listen.KeyPair
	var err error
	switch {
	case key.PublicKey != "":
		return key, nil
	case key.PrivateKey != "":
		pair, err = listen.PairOf(key.PrivateKey)
	default:
		pair, err = keyring.Kept(key.ID)
	}
	key.PrivateKey, key.PublicKey = pair.Private, pair.Public
	return key, err
}

// tokenLife is the maximum that the service accepts (docs/evidence.md#tokens).
const tokenLife = time.Hour

// Token returns a new token of a service-account key. It is valid for an hour of the
// machine's clock, which decides on the expiry of tokens. Errors: those of
// [Lab.Credentials].
func (l *Lab) Token(keyID string) (string, error) {
	credentials, err := l.Credentials(keyID, true)
	if err != nil {
		return "", err
	}
	private, err := jwt.ParseRSAPrivateKeyFromPEM([]byte(credentials.PrivateKey))
	if err != nil {
		return "", fmt.Errorf("key %q: %w", keyID, err)
	}
	now := time.Now()
	token := jwt.NewWithClaims(jwt.SigningMethodRS256, jwt.MapClaims{
		"iss": credentials.AccountID, "iat": now.Unix(), "exp": now.Add(tokenLife).Unix(),
	})
	token.Header["kid"] = keyID
	return token.SignedString(private)
}
