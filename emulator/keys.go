package emulator

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"

	"github.com/voxemu/voxemu/emulator/internal/control"
	"github.com/voxemu/voxemu/emulator/internal/store"
	"github.com/voxemu/voxemu/emulator/vox"
)

// Credentials is what the official SDKs read from credentials.json
// (facts.md §2.2).
type Credentials = control.Credentials

// Credentials gives the credentials of a service-account key; the key pair is
// made when first asked for, unless the scenario brings one.
func (s *Server) Credentials(keyID string) (Credentials, error) {
	var key vox.Key
	var account vox.Account
	err := s.store.Read(s.clock.Now(), func(tx *store.Tx) error {
		var ok bool
		if key, ok = store.Keys(tx).Get(keyID); !ok {
			return fmt.Errorf("key %q: %w", keyID, control.ErrNotFound)
		}
		account, _ = store.Accounts(tx).Get(key.AccountID)
		return nil
	})
	if err != nil {
		return Credentials{}, err
	}
	if key.PrivateKey == "" {
		if key, err = s.makeKey(key); err != nil {
			return Credentials{}, err
		}
	}
	return Credentials{AccountEmail: account.Email, AccountID: account.ID, KeyID: key.ID, PrivateKey: key.PrivateKey}, nil
}

// makeKey gives a key its pair.
func (s *Server) makeKey(key vox.Key) (vox.Key, error) {
	if key.PublicKey != "" {
		return key, fmt.Errorf("key %q: the scenario brings only its public key", key.ID)
	}
	pair, err := s.keys.make(key.ID)
	if err != nil {
		return key, err
	}
	err = s.store.Write(s.clock.Now(), func(tx *store.Tx) error {
		current, ok := store.Keys(tx).Get(key.ID)
		if !ok {
			return fmt.Errorf("key %q: %w", key.ID, control.ErrNotFound)
		}
		current.PrivateKey, current.PublicKey = pair.private, pair.public
		key = current
		return store.Keys(tx).Put(current)
	})
	return key, err
}

// keyring keeps the key pairs that were made for keys without one, so that
// credentials survive Reset and, with a folder, a restart.
type keyring struct {
	dir string

	mu    sync.Mutex
	pairs map[string]keyPair
}

type keyPair struct{ private, public string } // PEM

func newKeyring(configDir string) *keyring {
	k := &keyring{pairs: map[string]keyPair{}}
	if configDir != "" {
		k.dir = filepath.Join(configDir, "keys")
	}
	return k
}

// completeAll is [keyring.complete] for a list, which it does not change.
func (k *keyring) completeAll(keys []vox.Key) ([]vox.Key, error) {
	list := make([]vox.Key, len(keys))
	for i, key := range keys {
		var err error
		if list[i], err = k.complete(key); err != nil {
			return nil, err
		}
	}
	return list, nil
}

// complete adds what a scenario leaves open: the public half of a private key,
// or a pair made earlier.
func (k *keyring) complete(key vox.Key) (vox.Key, error) {
	switch {
	case key.PublicKey != "":
		return key, nil
	case key.PrivateKey != "":
		pair, err := pairOf(key.PrivateKey)
		key.PublicKey = pair.public
		return key, err
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	pair, err := k.kept(key.ID)
	key.PrivateKey, key.PublicKey = pair.private, pair.public
	return key, err
}

// kept is a pair made earlier, empty when there is none.
func (k *keyring) kept(id string) (keyPair, error) {
	if pair, ok := k.pairs[id]; ok || k.dir == "" {
		return pair, nil
	}
	text, err := os.ReadFile(k.file(id))
	if errors.Is(err, os.ErrNotExist) {
		return keyPair{}, nil
	}
	private, rest := pem.Decode(text)
	public, _ := pem.Decode(rest)
	if err != nil || private == nil || public == nil {
		return keyPair{}, fmt.Errorf("%s: not a kept key pair; delete the file to have a new one made (%w)", k.file(id), err)
	}
	pair := keyPair{string(pem.EncodeToMemory(private)), string(pem.EncodeToMemory(public))}
	k.pairs[id] = pair
	return pair, nil
}

// make gives the kept pair or makes and keeps a new one.
func (k *keyring) make(id string) (keyPair, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if pair, err := k.kept(id); err != nil || pair.private != "" {
		return pair, err
	}
	pair, err := newPair()
	if err != nil {
		return pair, err
	}
	if k.dir != "" {
		if err := publish(k.file(id), []byte(pair.private+pair.public), 0o600); err != nil {
			return pair, err
		}
		return k.kept(id) // a process that started at the same time may have been first
	}
	k.pairs[id] = pair
	return pair, nil
}

func (k *keyring) file(id string) string { return filepath.Join(k.dir, id+".pem") }

// newPair makes RSA 2048, as the real service does.
func newPair() (keyPair, error) {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		return keyPair{}, err
	}
	private, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return keyPair{}, err
	}
	return pairOf(string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: private})))
}

// newKeyPair is newPair for those who do not know what a keyPair is.
func newKeyPair() (private, public string, err error) {
	pair, err := newPair()
	return pair.private, pair.public, err
}

// pairOf derives the public half.
func pairOf(private string) (keyPair, error) {
	block, _ := pem.Decode([]byte(private))
	if block == nil {
		return keyPair{}, errors.New("private_key: want PKCS#8 PEM")
	}
	parsed, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		return keyPair{}, err
	}
	key, ok := parsed.(*rsa.PrivateKey)
	if !ok {
		return keyPair{}, errors.New("private_key: want an RSA key")
	}
	public, err := x509.MarshalPKIXPublicKey(&key.PublicKey)
	if err != nil {
		return keyPair{}, err
	}
	return keyPair{private, string(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: public}))}, nil
}
