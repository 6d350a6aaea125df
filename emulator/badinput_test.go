package emulator_test

import (
	"crypto/rand"
	"crypto/rsa"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/google/go-cmp/cmp"

	"github.com/voxemu/voxemu/emulator/vox"
)

// badInput is a request that must be refused with a code, naming a parameter.
type badInput struct {
	why   string
	code  int
	field string
	r     *http.Request
}

func create(p url.Values) *http.Request {
	form := apiKey(merged(url.Values{"sip_username": {"sales"}, "proxy": {"pbx.example.com"}}, p)).Encode()
	return post("/platform_api/CreateSipRegistration", "application/x-www-form-urlencoded", newReader(form))
}

func raw(contentType, body string) *http.Request {
	return post("/platform_api/CreateSipRegistration?account_id=1&api_key=demo-key", contentType, newReader(body))
}

func bearer(token string) *http.Request {
	r := post("/platform_api/DeleteSipRegistration", "application/x-www-form-urlencoded", newReader("sip_registration_id=1"))
	r.Header.Set("Authorization", "Bearer "+token)
	return r
}

func get(method string, p url.Values) *http.Request {
	return forms()[0].make(nil, method, apiKey(p))
}

func TestBadInputNamesTheParameterAndChangesNothing(t *testing.T) {
	s := newServer(t)
	loadRole(t, s, vox.Support)
	part := "--x\r\nContent-Disposition: form-data; name=\"proxy\"\r\n\r\n"
	for _, c := range append(badTokens(t), []badInput{
		{"wrong type", 496, "is_persistent", create(url.Values{"is_persistent": {"perhaps"}})},
		{"an id that is no number", 116, "application_id", create(url.Values{"application_id": {"myapp"}})},
		{"an id beyond 64 bits", 116, "application_id", create(url.Values{"application_id": {"99999999999999999999"}})},
		{"a negative id", 116, "application_id", create(url.Values{"application_id": {"-1"}})},
		{"unknown id", 275, "sip_registration_id", get("DeleteSipRegistration", url.Values{"sip_registration_id": {"999"}})},
		{"id 0 is none", 275, "sip_registration_id", get("DeleteSipRegistration", url.Values{"sip_registration_id": {"0"}})},
		{"missing parameter", 273, "sip_username", get("CreateSipRegistration", url.Values{"proxy": {"b"}})},
		{"invalid UTF-8", 273, "sip_username", create(url.Values{"sip_username": {"a\xff"}})},
		{"NUL", 274, "proxy", create(url.Values{"proxy": {"a\x00b"}})},
		{"too long", 273, "sip_username", create(url.Values{"sip_username": {strings.Repeat("ä", 256)}})},
		{"unknown parameter in strict mode", 492, "registration_name", create(url.Values{"registration_name": {"x"}})},
		{"broken multipart", 101, "", raw("multipart/form-data; boundary=x", part+"value")},
		{"2 MiB urlencoded", 101, "", raw("application/x-www-form-urlencoded", "proxy="+strings.Repeat("x", 2<<20))},
		{"2 MiB multipart", 101, "", raw("multipart/form-data; boundary=x", part+strings.Repeat("x", 2<<20)+"\r\n--x--\r\n")},
		{"2 MiB JSON", 101, "", raw("application/json", `{"proxy":"`+strings.Repeat("x", 2<<20)+`"}`)},
		{"bad percent-encoding", 101, "", raw("application/x-www-form-urlencoded", "proxy=%z")},
		{"count of 0", 496, "count", get("GetSipRegistrations", url.Values{"count": {"0"}})},
		{"count over 1000", 496, "count", get("GetSipRegistrations", url.Values{"count": {"1001"}})},
		{"negative offset", 496, "offset", get("GetSipRegistrations", url.Values{"offset": {"-1"}})},
		{"reversed range", 496, "status_code", get("GetSipRegistrations", url.Values{"status_code": {"408:403"}})},
		{"wrong key", 100, "", get("GetSipRegistrations", url.Values{"api_key": {"x"}})},
	}...) {
		before := export(t, s)
		code, field := refusal(t, answer(t, s.Handler(), c.r))
		if code != c.code || field != c.field {
			t.Errorf("%s: code %d on %q, want %d on %q", c.why, code, field, c.code, c.field)
		}
		if diff := cmp.Diff(before, export(t, s)); diff != "" {
			t.Errorf("%s: left a trace:\n%s", c.why, diff)
		}
	}
}

func badTokens(t *testing.T) []badInput {
	stranger, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	expired := validClaims()
	expired["iat"], expired["exp"] = time.Now().Add(-time.Hour).Unix(), time.Now().Add(-time.Minute).Unix()
	other := validClaims()
	other["iss"] = 2
	return []badInput{
		{"expired token", 456, "", bearer(sign(t, expired, "role-key"))},
		{"forged token", 100, "", bearer(signWith(t, jwt.SigningMethodRS256, stranger))},
		{"alg none", 447, "", bearer(signWith(t, jwt.SigningMethodNone, jwt.UnsafeAllowNoneSignatureType))},
		{"HS256 with the public key", 447, "", bearer(signWith(t, jwt.SigningMethodHS256, []byte(testKey(t))))},
		{"PS256", 447, "", bearer(signWith(t, jwt.SigningMethodPS256, privateKey(t)))},
		{"unknown key id", 100, "", bearer(sign(t, validClaims(), "nobody"))},
		{"another account", 100, "", bearer(sign(t, other, "role-key"))},
		{"missing role", 100, "", bearer(sign(t, validClaims(), "role-key"))},
		{"no token", 447, "", bearer("")},
	}
}

func signWith(t *testing.T, method jwt.SigningMethod, key any) string {
	t.Helper()
	token := jwt.NewWithClaims(method, validClaims())
	token.Header["kid"] = "role-key"
	text, err := token.SignedString(key)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// refusal is code and field of an error reply.
func refusal(t *testing.T, body string) (int, string) {
	t.Helper()
	var reply struct {
		Error struct {
			Code  int
			Field string `json:"field_name"`
		}
	}
	if err := json.Unmarshal([]byte(body), &reply); err != nil {
		t.Fatal(err)
	}
	return reply.Error.Code, reply.Error.Field
}

// A child account is acted for with its parent's key: only iss differs
// (facts.md §2.3).
func TestAParentsKeyActsForItsChild(t *testing.T) {
	s := newServer(t)
	more := scenarioOf(vox.Account{ID: 2, ParentID: 1, Name: "child"}, vox.Account{ID: 3, Name: "stranger"})
	more.Keys = []vox.Key{
		{ID: "parent", AccountID: 1, Roles: []vox.Role{vox.Owner}, PrivateKey: testKey(t)},
		{ID: "child", AccountID: 2, Roles: []vox.Role{vox.Owner}, PrivateKey: testKey(t)},
	}
	loadOnDemo(t, s, more)
	for _, c := range []struct {
		key  string
		iss  any
		also url.Values
		want int
	}{
		{"parent", 2, nil, 0}, {"parent", "2", nil, 0}, {"parent", 1, nil, 0}, {"parent", 3, nil, 100},
		{"child", 2, nil, 0}, {"child", 1, nil, 100},
		{"parent", 2, url.Values{"account_id": {"2"}}, 0}, {"parent", 2, url.Values{"account_name": {"child"}}, 0},
		{"parent", 2, url.Values{"account_id": {"1"}}, 115}, {"parent", 2, url.Values{"account_id": {"x"}}, 115},
	} {
		claims := validClaims()
		claims["iss"] = c.iss
		r := forms()[0].make(t, "GetSipRegistrations", c.also)
		r.Header.Set("Authorization", "Bearer "+sign(t, claims, c.key))
		if code := codeOf(t, answer(t, s.Handler(), r)); code != c.want {
			t.Errorf("key %s, iss %v, %v: code %d, want %d", c.key, c.iss, c.also, code, c.want)
		}
	}
}

func TestAnAccountIsNamedByIDNameOrEmail(t *testing.T) {
	s := newServer(t)
	for query, want := range map[string]int{
		"account_id=1": 0, "account_name=demo": 0, "account_email=demo@example.com": 0,
		"account_id=1&account_name=demo&account_email=demo@example.com": 0,
		"account_id=1&account_name=other":                               100,
		"account_id=2":                                                  100, "account_name=nobody": 100, "": 100, "account_id=one": 100,
	} {
		r := post("/platform_api/GetSipRegistrations?api_key=demo-key&"+query, "application/json", newReader("{}"))
		if code := codeOf(t, answer(t, s.Handler(), r)); code != want {
			t.Errorf("%s: code %d, want %d", query, code, want)
		}
	}
}
