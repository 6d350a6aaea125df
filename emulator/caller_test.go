package emulator_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"testing"

	"github.com/voxemu/voxemu/emulator/vox"
)

func bearer(token string) *http.Request {
	r := post("/platform_api/DeleteSipRegistration", "application/x-www-form-urlencoded", newReader("sip_registration_id=1"))
	r.Header.Set("Authorization", "Bearer "+token)
	return r
}

func get(method string, p url.Values) *http.Request {
	return forms()[0].make(nil, method, apiKey(p))
}

// refusal returns code and field of an error reply.
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

// Only iss differs in a token of the parent's key for a child account
// (docs/evidence.md#parents-and-children).
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
