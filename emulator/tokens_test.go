package emulator_test

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"io"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/voxemu/voxemu/emulator/vox"
)

// pair is one RSA key for all tests, because generating one takes 0.1 s.
var pair = sync.OnceValues(func() (*rsa.PrivateKey, error) { return rsa.GenerateKey(rand.Reader, 2048) })

func privateKey(t testing.TB) *rsa.PrivateKey {
	t.Helper()
	key, err := pair()
	if err != nil {
		t.Fatal(err)
	}
	return key
}

// testKey returns the key as in a scenario.
func testKey(t testing.TB) string {
	t.Helper()
	der, err := x509.MarshalPKCS8PrivateKey(privateKey(t))
	if err != nil {
		t.Fatal(err)
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}))
}

// validClaims are the claims of a token for account 1 that any server accepts for some
// minutes.
func validClaims() jwt.MapClaims {
	now := time.Now()
	return jwt.MapClaims{"iss": 1, "iat": now.Unix(), "exp": now.Add(30 * time.Minute).Unix()}
}

func sign(t testing.TB, claims jwt.MapClaims, keyID string) string {
	t.Helper()
	token := jwt.NewWithClaims(jwt.SigningMethodRS256, claims)
	token.Header["kid"] = keyID
	text, err := token.SignedString(privateKey(t))
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// signedWith returns a token for the account of the credentials, as an SDK creates it.
func signedWith(t testing.TB, c vox.Credentials) string {
	t.Helper()
	key, err := jwt.ParseRSAPrivateKeyFromPEM([]byte(c.PrivateKey))
	if err != nil {
		t.Fatal(err)
	}
	claims := validClaims()
	claims["iss"] = c.AccountID
	token := jwt.NewWithClaims(jwt.SigningMethodRS256, claims)
	token.Header["kid"] = c.KeyID
	text, err := token.SignedString(key)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func newReader(text string) io.Reader { return strings.NewReader(text) }
