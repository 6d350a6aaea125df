package platform

import (
	"cmp"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/voxemu/voxemu/emulator/journal"
	"github.com/voxemu/voxemu/emulator/vox"
)

// Asked is a request as the API reads it.
type Asked struct {
	Method     string // *** if it cannot be a name
	Style      journal.Style
	Encoding   vox.Encoding
	Parameters url.Values // query and body, the body after the query
	Token      string     // of the Authorization header
	Unreadable bool       // such as a broken body
}

// Ask reads a request as a server does, for who records requests to another one. It
// returns false for a path that is none of the API; known are the methods that a path may
// name without /platform_api. It reads the body.
func Ask(r *http.Request, known func(method string) bool) (Asked, bool) {
	segment, bare := "", false
	switch rest, found := strings.CutPrefix(r.URL.Path, "/platform_api"); {
	case found && (rest == "" || rest[0] == '/'):
		segment = strings.TrimSuffix(strings.TrimPrefix(rest, "/"), "/")
	case known(r.URL.Path[min(1, len(r.URL.Path)):]):
		segment, bare = r.URL.Path[1:], true
	default:
		return Asked{}, false
	}
	if strings.Contains(segment, "/") {
		return Asked{}, false
	}
	c := read(nil, r, segment, bare)
	if c.parameters == nil {
		c.parameters = url.Values{}
	}
	token, _ := c.bearer()
	return Asked{c.method, c.style, c.encoding, c.parameters, token, c.unread != nil}, true
}

// Claims are what a token says of itself. Nothing in it is verified.
type Claims struct {
	Key     string // id of the key
	Account int64
	Defect  string // why every key would be refused: malformed, long, future or expired; empty: nothing
}

// Unverified returns what a token says of itself at a moment.
func Unverified(token string, at time.Time) Claims {
	kid, err := readHeader(token)
	if err != nil {
		return Claims{Defect: "malformed"}
	}
	claims := jwt.MapClaims{}
	_, _, _ = jwt.NewParser(jwt.WithJSONNumber()).ParseUnverified(token, claims) // cannot fail: readHeader read it
	account, err := readClaims(claims, at)
	defects := map[error]string{vox.ErrTokenTTL: "long", vox.ErrTokenInFuture: "future", vox.ErrTokenExpired: "expired"}
	defect := ""
	if err != nil {
		defect = cmp.Or(defects[err], "malformed")
		account, _ = issuer(claims["iss"])
	}
	return Claims{Key: kid, Account: account, Defect: defect}
}
