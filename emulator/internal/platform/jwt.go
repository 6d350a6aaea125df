package platform

import (
	"encoding/json"
	"strconv"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/voxemu/voxemu/emulator/internal/requestlog"
	"github.com/voxemu/voxemu/emulator/internal/store"
	"github.com/voxemu/voxemu/emulator/vox"
)

const (
	// maxTTL is the maximum lifetime of a token, inclusive: the .NET SDK and the script
	// in the documentation use exactly one hour (docs/evidence.md#tokens).
	maxTTL = time.Hour
	// skew is the tolerated difference between the clocks (A11).
	skew = 10 * time.Second
)

// identifyToken verifies a service account's token (docs/evidence.md#tokens). Its expiry
// is compared with the machine's clock, because SDKs use it.
func (h *Handler) identifyToken(tx *store.Tx, c *call, token string) (vox.Principal, error) {
	kid, err := readHeader(token)
	if err != nil {
		return vox.Principal{}, err
	}
	key, ok := store.Get(tx, store.Keys, kid)
	if !ok || key.PublicKey == "" {
		return vox.Principal{}, c.deny("no key has the id %s, which the token names", requestlog.Name(kid))
	}
	claims, err := verify(token, key)
	if err != nil {
		return vox.Principal{}, c.deny("key %s exists, but the token was signed with another private key", kid)
	}
	account, err := readClaims(claims, h.Wall())
	if err != nil {
		return vox.Principal{}, err
	}
	if !actsFor(tx, key.AccountID, account) {
		return vox.Principal{}, c.deny("key %s is of account %d and cannot act for account %d", kid, key.AccountID, account)
	}
	if err := agrees(tx, c, account); err != nil {
		return vox.Principal{}, err
	}
	return vox.Principal{AccountID: account, KeyID: kid, Roles: key.Roles}, nil
}

// readHeader returns the key id. A token that is not RS256, has no key id or demands an
// extension is malformed, whatever its signature (A11).
func readHeader(token string) (kid string, err error) {
	parsed, _, err := jwt.NewParser().ParseUnverified(token, jwt.MapClaims{})
	if err != nil || parsed.Method != jwt.SigningMethodRS256 {
		return "", vox.ErrTokenFormat
	}
	if _, critical := parsed.Header["crit"]; critical { // RFC 7515, 4.1.11: extensions that must be understood; none is
		return "", vox.ErrTokenFormat
	}
	kid, _ = parsed.Header["kid"].(string)
	if kid == "" {
		return "", vox.ErrTokenFormat
	}
	return kid, nil
}

func verify(token string, key vox.Key) (jwt.MapClaims, error) {
	claims := jwt.MapClaims{}
	parser := jwt.NewParser(jwt.WithValidMethods([]string{"RS256"}), jwt.WithJSONNumber(), jwt.WithoutClaimsValidation())
	_, err := parser.ParseWithClaims(token, claims, func(*jwt.Token) (any, error) {
		return jwt.ParseRSAPublicKeyFromPEM([]byte(key.PublicKey))
	})
	return claims, err
}

// readClaims checks the times and returns the account for which the token acts.
func readClaims(claims jwt.MapClaims, now time.Time) (account int64, err error) {
	issued, ok1 := moment(claims["iat"])
	expires, ok2 := moment(claims["exp"])
	account, ok3 := issuer(claims["iss"])
	notBefore, ok4 := moment(claims["nbf"])
	limit := now.Add(skew)
	switch {
	case !ok1 || !ok2 || !ok3 || claims["nbf"] != nil && !ok4:
		return 0, vox.ErrTokenFormat
	case expires.Sub(issued) > maxTTL:
		return 0, vox.ErrTokenTTL
	case issued.After(limit), notBefore.After(limit):
		return 0, vox.ErrTokenInFuture
	case !now.Add(-skew).Before(expires):
		return 0, vox.ErrTokenExpired
	}
	return account, nil
}

// moment reads Unix seconds, with or without a fraction, up to the year 9999.
func moment(claim any) (time.Time, bool) {
	number, _ := claim.(json.Number)
	seconds, err := number.Float64()
	const year9999 = 253402300799
	if err != nil || seconds < 0 || seconds > year9999 {
		return time.Time{}, false
	}
	return time.UnixMilli(int64(seconds * 1000)), true
}

// issuer reads an account id, as a number or as decimal text (docs/evidence.md#tokens).
func issuer(claim any) (int64, bool) {
	text, _ := claim.(string)
	if number, ok := claim.(json.Number); ok {
		text = number.String()
	}
	id, err := strconv.ParseInt(text, 10, 64)
	return id, err == nil
}

// unverified returns the account and the key that a token names, without verifying it; 0
// and "" if there are none.
func unverified(token string) (account int64, key string) {
	claims := jwt.MapClaims{}
	parsed, _, err := jwt.NewParser(jwt.WithJSONNumber()).ParseUnverified(token, claims)
	if err != nil {
		return 0, ""
	}
	key, _ = parsed.Header["kid"].(string)
	account, _ = issuer(claims["iss"])
	return account, key
}

// actsFor reports whether a key of owner may act for an account: the owner or its child
// (docs/evidence.md#parents-and-children).
func actsFor(tx *store.Tx, owner, account int64) bool {
	found, ok := store.Get(tx, store.Accounts, account)
	return ok && (account == owner || found.ParentID == owner)
}

// agrees checks that account parameters beside a token name its account (A11).
func agrees(tx *store.Tx, c *call, account int64) error {
	for _, parameter := range []string{"account_id", "account_name", "account_email"} {
		value := c.parameters.Get(parameter)
		if value == "" {
			continue
		}
		if named, ok := accountBy(tx, parameter, value); !ok || named.ID != account {
			return vox.ErrInvalidAccountID.On(parameter)
		}
	}
	return nil
}
