package requestlog

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/voxemu/voxemu/emulator/journal"
	"github.com/voxemu/voxemu/emulator/vox"
)

func TestSecretsAreKnownByNameInEverySpelling(t *testing.T) {
	for _, name := range []string{
		"api_key", "apiKey", "API-KEY", "password", "user_password", "account_password", "parent_account_api_key",
		"session_id", "Authorization", "private_key", "callback_salt", "salt", "api_key[]", "secret_value",
	} {
		if !vox.IsSecretName(name) {
			t.Errorf("%s is not secret", name)
		}
	}
	for _, name := range []string{"account_id", "sip_username", "auth_user", "proxy", "outbound_proxy", "rule_id", "key_id", "cmd", "", "is_persistent"} {
		if vox.IsSecretName(name) {
			t.Errorf("%s is secret", name)
		}
	}
}

func TestParametersAreMaskedAndTheCallersOwnLeftAlone(t *testing.T) {
	values := url.Values{
		"api_key": {"hush", ""}, "proxy": {"p"}, `{"password":"hush"}`: {""}, `{"a":"b`: {`c","password":"hush"}`},
		"callback_url": {"https://u:hush@example.com/?api_key=hush&b=2"}, "cmd": {"X?api_key=hush"}, "bad": {"a\xff"},
	}
	before := fmt.Sprint(values)
	r := New(1).Open(journal.APIRequest, noon)
	r.Given(values)
	want := url.Values{
		"api_key": {"***", ""}, "proxy": {"p"}, "callback_url": {"https://***@example.com/?api_key=***&b=2"},
		"cmd": {"***"}, "bad": {"a\uFFFD"}, "***": {"", "***"},
	}
	slices.Sort(r.Parameters["***"]) // of two texts that cannot be names
	if diff := cmp.Diff(want, r.Parameters); diff != "" {
		t.Errorf("parameters (-want +got):\n%s", diff)
	}
	if fmt.Sprint(values) != before {
		t.Error("the caller's parameters changed")
	}
}

func TestHugeParametersAreCutTheSameWayEachTime(t *testing.T) {
	values := url.Values{"long": {strings.Repeat("ä", 1<<19)}, "many": make([]string, 1<<20)}
	for i := range 1000 {
		values.Set(fmt.Sprintf("p%03d", i), strings.Repeat("x", 100))
	}
	first, second := New(1).Open(journal.APIRequest, noon), New(1).Open(journal.APIRequest, noon)
	first.Given(values)
	second.Given(values)
	if diff := cmp.Diff(first.Parameters, second.Parameters); diff != "" {
		t.Errorf("differ:\n%s", diff)
	}
	text, err := json.Marshal(first.Request)
	if err != nil || len(text) > 16<<10 {
		t.Errorf("request of %d bytes, error %v", len(text), err)
	}
	if kept := first.Parameters.Get("long"); !strings.HasSuffix(kept, "… (1048576 bytes)") || !utf8.ValidString(kept) {
		t.Errorf("long = %q", kept)
	}
	if got := len(first.Parameters) + first.ParametersLeftOut; got != len(values) {
		t.Errorf("%d kept and left out, want %d", got, len(values))
	}
}

func TestBodiesAreMaskedWhereverTheyAreCut(t *testing.T) {
	const body = `{"result":[{"api_key" : "hush","name":"api_key","key":{"private_key":{"pem":["hush}"],"n":1}}}],` +
		`"salt":"a\"hush","password":12345,"session_id":null,"msg":"the 'password' parameter"}`
	const want = `{"result":[{"api_key" : "***","name":"api_key","key":{"private_key":"***"}}],` +
		`"salt":"***","password":"***","session_id":"***","msg":"the 'password' parameter"}`
	if diff := cmp.Diff(want, MaskBody([]byte(body))); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	for end := range len(body) {
		if got := MaskBody([]byte(body[:end])); strings.Contains(got, "hu") || strings.Contains(got, "123") {
			t.Errorf("cut at %d: %s", end, got)
		}
	}
}

func TestLongBodiesKeepTheirBeginning(t *testing.T) {
	j := New(1)
	r := j.Open(journal.APIRequest, noon)
	r.Replied(200, "application/json", bytes.Repeat([]byte("ä"), journal.BodyLimit))
	r.Close(noon)
	e := j.Find(journal.Filter{})[0]
	if e.ReplyBytes != 2*journal.BodyLimit || len(e.Reply) != journal.BodyLimit {
		t.Errorf("%d bytes, kept %d", e.ReplyBytes, len(e.Reply))
	}
}

func FuzzMaskBody(f *testing.F) {
	f.Add([]byte(`{"a":[1,{"api_key":"x\\"}],"b"`))
	f.Add([]byte(`"password": {"`))
	f.Fuzz(func(t *testing.T, body []byte) {
		once := MaskBody(body)
		if !utf8.ValidString(once) {
			t.Errorf("%q is not UTF-8", once)
		}
		if twice := MaskBody([]byte(once)); twice != once {
			t.Errorf("masking twice gives %q, once %q", twice, once)
		}
		if json.Valid(body) && utf8.Valid(body) && !json.Valid([]byte(once)) {
			t.Errorf("JSON %q became %q", body, once)
		}
	})
}
