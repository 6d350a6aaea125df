package platform

import (
	"encoding/json"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/voxemu/voxemu/emulator/vox"
)

var noon = time.Date(2026, 1, 31, 12, 0, 0, 0, time.UTC)

// claims parses JSON in the same way as the claims of a verified token; %d is noon.
func claims(t *testing.T, text string) jwt.MapClaims {
	t.Helper()
	var c map[string]any
	if err := json.Unmarshal([]byte(text), &c); err != nil {
		t.Fatal(err)
	}
	out := jwt.MapClaims{}
	for name, value := range c {
		if n, ok := value.(float64); ok {
			value = json.Number(fmt.Sprintf("%.3f", float64(noon.Unix())+n))
		}
		out[name] = value
	}
	return out
}

func TestTheTimesOfATokenAreJudgedInclusively(t *testing.T) {
	for _, c := range []struct {
		why, claims string // numbers in claims are seconds after noon
		want        error
	}{
		{"Go: half a minute", `{"iss":"1","iat":0,"exp":30}`, nil},
		{"Python: issued five seconds ago", `{"iss":"1","iat":-5,"exp":24}`, nil},
		{".NET: an hour exactly, with nbf", `{"iss":"1","iat":0,"nbf":0,"exp":3600}`, nil},
		{"fractions of a second", `{"iss":"1","iat":0.5,"exp":3600.5}`, nil},
		{"a second more than an hour", `{"iss":"1","iat":0,"exp":3601}`, vox.ErrTokenTTL},
		{"huge expiry", `{"iss":"1","iat":0,"exp":1e17}`, vox.ErrTokenFormat},
		{"client's clock 10 s ahead", `{"iss":"1","iat":10,"exp":40}`, nil},
		{"client's clock 11 s ahead", `{"iss":"1","iat":11,"exp":41}`, vox.ErrTokenInFuture},
		{"not valid yet", `{"iss":"1","iat":0,"nbf":11,"exp":60}`, vox.ErrTokenInFuture},
		{"expired 9 s ago", `{"iss":"1","iat":-60,"exp":-9}`, nil},
		{"expired 10 s ago", `{"iss":"1","iat":-60,"exp":-10}`, vox.ErrTokenExpired},
		{"no iat", `{"iss":"1","exp":60}`, vox.ErrTokenFormat},
		{"no exp", `{"iss":"1","iat":0}`, vox.ErrTokenFormat},
		{"no iss", `{"iat":0,"exp":60}`, vox.ErrTokenFormat},
		{"iss is no id", `{"iss":"demo","iat":0,"exp":60}`, vox.ErrTokenFormat},
		{"iat is a text", `{"iss":"1","iat":"now","exp":60}`, vox.ErrTokenFormat},
		{"nbf is a text", `{"iss":"1","iat":0,"nbf":"now","exp":60}`, vox.ErrTokenFormat},
		{"exp is an object", `{"iss":"1","iat":0,"exp":{}}`, vox.ErrTokenFormat},
	} {
		_, err := readClaims(claims(t, c.claims), noon)
		if !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", c.why, err, c.want)
		}
	}
}

func TestTheIssuerIsAnIDAsNumberOrText(t *testing.T) {
	for _, claim := range []any{"42", json.Number("42")} {
		if id, ok := issuer(claim); !ok || id != 42 {
			t.Errorf("issuer(%T) = %d, %v", claim, id, ok)
		}
	}
	for _, claim := range []any{nil, true, "", "4.2", json.Number("4.2"), map[string]any{}} {
		if id, ok := issuer(claim); ok {
			t.Errorf("issuer(%v) = %d", claim, id)
		}
	}
}

func TestATokenThatIsNoRS256TokenWithAKeyIDIsMalformed(t *testing.T) {
	for why, token := range map[string]string{
		"empty":       "",
		"two parts":   "e30.e30",
		"no JSON":     "e30.!!.x",
		"alg none":    unsigned(t, jwt.SigningMethodNone, map[string]any{"kid": "owner-key"}),
		"alg HS256":   unsigned(t, jwt.SigningMethodHS256, map[string]any{"kid": "owner-key"}),
		"alg RS512":   unsigned(t, jwt.SigningMethodRS512, map[string]any{"kid": "owner-key"}),
		"no kid":      unsigned(t, jwt.SigningMethodRS256, nil),
		"kid a list":  unsigned(t, jwt.SigningMethodRS256, map[string]any{"kid": []string{"owner-key"}}),
		"kid a path":  unsigned(t, jwt.SigningMethodRS256, map[string]any{"kid": ""}),
		"crit":        unsigned(t, jwt.SigningMethodRS256, map[string]any{"kid": "owner-key", "crit": []string{"exp"}}),
		"crit, known": unsigned(t, jwt.SigningMethodRS256, map[string]any{"kid": "owner-key", "crit": []string{"b64"}, "b64": true}),
		"crit, empty": unsigned(t, jwt.SigningMethodRS256, map[string]any{"kid": "owner-key", "crit": []string{}}),
		"unknown alg": "eyJhbGciOiJYWCIsImtpZCI6ImEifQ.e30.e30",
	} {
		if kid, err := readHeader(token); !errors.Is(err, vox.ErrTokenFormat) {
			t.Errorf("%s: kid %q, error %v", why, kid, err)
		}
	}
	token := unsigned(t, jwt.SigningMethodRS256, map[string]any{"kid": "owner-key"})
	if kid, err := readHeader(token); err != nil || kid != "owner-key" {
		t.Errorf("kid %q, error %v", kid, err)
	}
}

// unsigned returns a token with an invalid signature.
func unsigned(t *testing.T, method jwt.SigningMethod, header map[string]any) string {
	t.Helper()
	token := jwt.NewWithClaims(method, jwt.MapClaims{"iss": 1})
	for name, value := range header {
		token.Header[name] = value
	}
	text, err := token.SigningString()
	if err != nil {
		t.Fatal(err)
	}
	return text + ".c2ln"
}

func FuzzToken(f *testing.F) {
	for _, seed := range []string{"", "a.b.c", "e30.e30.e30", "eyJhbGciOiJub25lIn0.e30."} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, token string) {
		kid, err := readHeader(token)
		if (err == nil) != (kid != "") {
			t.Errorf("kid %q with error %v", kid, err)
		}
		if _, err := verify(token, vox.Key{ID: kid}); err == nil {
			t.Error("a token was verified without a key")
		}
	})
}
