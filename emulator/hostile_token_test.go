package emulator_test

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"maps"
	"regexp"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

// forge signs a token that is valid for account 1, with some members of header and claims
// replaced, or removed by null. "now+60" is a time in Unix seconds. signer is an
// algorithm, or one of the cases in [signature].
func forge(t testing.TB, signer, header, claims string) (string, error) {
	h, err := membersReplaced(`{"alg":"RS256","typ":"JWT","kid":"role-key"}`, header)
	if err != nil {
		return "", err
	}
	c, err := membersReplaced(`{"iss":1,"iat":"now+0","exp":"now+1800"}`, claims)
	if err != nil {
		return "", err
	}
	return forgeRaw(t, signer, h, c)
}

// membersReplaced returns a JSON object with some members replaced, or removed by null.
func membersReplaced(base, patch string) (string, error) {
	var object, changes map[string]json.RawMessage
	if err := json.Unmarshal([]byte(base), &object); err != nil {
		return "", err
	}
	if err := json.Unmarshal([]byte(patch), &changes); err != nil {
		return "", fmt.Errorf("%s: %w", patch, err)
	}
	maps.Copy(object, changes)
	maps.DeleteFunc(object, func(_ string, value json.RawMessage) bool { return string(value) == "null" })
	text, err := json.Marshal(object)
	return string(text), err
}

var relative = regexp.MustCompile(`"now([+-]\d+)"`)

// forgeRaw signs header and claims, which need not be JSON.
func forgeRaw(t testing.TB, signer, header, claims string) (string, error) {
	now := time.Now().Unix()
	claims = relative.ReplaceAllStringFunc(claims, func(text string) string {
		offset, _ := strconv.ParseInt(relative.FindStringSubmatch(text)[1], 10, 64) // digits, by the pattern
		return strconv.FormatInt(now+offset, 10)
	})
	signed := base64.RawURLEncoding.EncodeToString([]byte(header)) + "." + base64.RawURLEncoding.EncodeToString([]byte(claims))
	mark, err := signature(t, signer, signed)
	return signed + "." + base64.RawURLEncoding.EncodeToString(mark), err
}

// signature returns a correct or a wrong signature.
func signature(t testing.TB, signer, text string) ([]byte, error) {
	switch signer {
	case "none":
		return nil, nil
	case "garbage":
		return []byte("no signature"), nil
	case "stranger":
		return jwt.SigningMethodRS256.Sign(text, stranger(t))
	case "HS256 with the public key":
		der, err := x509.MarshalPKIXPublicKey(&privateKey(t).PublicKey)
		if err != nil {
			return nil, err
		}
		public := pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der})
		return jwt.SigningMethodHS256.Sign(text, public)
	case "HS256 with nothing":
		return jwt.SigningMethodHS256.Sign(text, []byte{})
	}
	method := jwt.GetSigningMethod(signer)
	if method == nil {
		return nil, fmt.Errorf("nobody signs with %q", signer)
	}
	return method.Sign(text, privateKey(t))
}

var otherKey = sync.OnceValues(func() (*rsa.PrivateKey, error) { return rsa.GenerateKey(rand.Reader, 2048) })

// stranger returns a key that no scenario contains.
func stranger(t testing.TB) *rsa.PrivateKey {
	t.Helper()
	key, err := otherKey()
	if err != nil {
		t.Fatal(err)
	}
	return key
}
