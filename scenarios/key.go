package scenarios

import (
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"regexp"

	"github.com/voxemu/voxemu/emulator/vox"
)

var keyCharacters = regexp.MustCompile(`^[A-Za-z0-9._-]+$`)

func checkKey(c checker, k *vox.Key) {
	if len(k.ID) > 100 || !keyCharacters.MatchString(k.ID) {
		c.refuse("id", "want up to 100 letters, digits, dots, dashes and underscores")
	}
	c.owner(k.AccountID)
	c.text("name", k.Name, false)
	for i, role := range k.Roles {
		oneOf(c, fmt.Sprintf("roles[%d]", i), role, vox.Roles()...)
	}
	if k.PrivateKey != "" && !isPrivateKey(k.PrivateKey) {
		c.refuse("private_key", "want an RSA key of at least 2048 bits as PKCS#8 PEM")
	}
	if k.PublicKey != "" && !isPublicKey(k.PublicKey) {
		c.refuse("public_key", "want an RSA key as PKIX PEM")
	}
}

func isPrivateKey(text string) bool {
	block, _ := pem.Decode([]byte(text))
	if block == nil {
		return false
	}
	parsed, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	key, ok := parsed.(*rsa.PrivateKey)
	return err == nil && ok && key.N.BitLen() >= 2048
}

func isPublicKey(text string) bool {
	block, _ := pem.Decode([]byte(text))
	if block == nil {
		return false
	}
	parsed, err := x509.ParsePKIXPublicKey(block.Bytes)
	_, ok := parsed.(*rsa.PublicKey)
	return err == nil && ok
}
