package listen

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
)

// KeyPair is an RSA private key and its public key, PEM.
type KeyPair struct{ Private, Public string }

// Keyring keeps key pairs generated for service-account keys without one, so that
// credentials stay valid after a reset and, with a folder, after a restart.
type Keyring struct {
	dir string

	mu    sync.Mutex
	pairs map[string]KeyPair
}

// NewKeyring returns a keyring that keeps key pairs in dir/keys, which it creates when
// needed; with dir "" in memory.
func NewKeyring(dir string) *Keyring {
	return &Keyring{dir: dir, pairs: map[string]KeyPair{}}
}

// Kept returns the kept pair of a key; empty if there is none.
func (k *Keyring) Kept(id string) (KeyPair, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	pair, err := k.kept(id)
	return pair, about(k.dir, err)
}

func (k *Keyring) kept(id string) (KeyPair, error) {
	if pair, ok := k.pairs[id]; ok || k.dir == "" {
		return pair, nil
	}
	text, err := os.ReadFile(k.file(id))
	if errors.Is(err, os.ErrNotExist) {
		return KeyPair{}, nil
	}
	private, rest := pem.Decode(text)
	public, _ := pem.Decode(rest)
	if err != nil || private == nil || public == nil {
		return KeyPair{}, fmt.Errorf("%s: not a kept key pair; delete the file to have a new one made (%w)", k.file(id), err)
	}
	pair := KeyPair{string(pem.EncodeToMemory(private)), string(pem.EncodeToMemory(public))}
	k.pairs[id] = pair
	return pair, nil
}

// Make returns the kept pair of a key, or generates and keeps one.
func (k *Keyring) Make(id string) (KeyPair, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	pair, err := k.make(id)
	return pair, about(k.dir, err)
}

func (k *Keyring) make(id string) (KeyPair, error) {
	if pair, err := k.kept(id); err != nil || pair.Private != "" {
		return pair, err
	}
	pair, err := NewKeyPair()
	if err != nil {
		return pair, err
	}
	if k.dir != "" {
		if err := publish(k.file(id), []byte(pair.Private+pair.Public), 0o600); err != nil {
			return pair, err
		}
		return k.kept(id) // another process may have created it at the same time
	}
	k.pairs[id] = pair
	return pair, nil
}

func (k *Keyring) file(id string) string { return filepath.Join(k.dir, "keys", id+".pem") }

// NewKeyPair generates a 2048-bit RSA key, as the real service does.
func NewKeyPair() (KeyPair, error) {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		return KeyPair{}, err
	}
	private, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return KeyPair{}, err
	}
	return PairOf(string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: private})))
}

// PairOf returns a private key with its public key. It returns an error if the text is
// not an RSA key in PKCS#8 PEM.
func PairOf(private string) (KeyPair, error) {
	block, _ := pem.Decode([]byte(private))
	if block == nil {
		return KeyPair{}, errors.New("private_key: want PKCS#8 PEM")
	}
	parsed, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		return KeyPair{}, err
	}
	key, ok := parsed.(*rsa.PrivateKey)
	if !ok {
		return KeyPair{}, errors.New("private_key: want an RSA key")
	}
	public, err := x509.MarshalPKIXPublicKey(&key.PublicKey)
	if err != nil {
		return KeyPair{}, err
	}
	return KeyPair{private, string(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: public}))}, nil
}
