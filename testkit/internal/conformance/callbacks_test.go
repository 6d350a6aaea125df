package main

import (
	"net/http"
	"strings"
	"testing"
)

func TestACallbackIsHeldToItsHashAndItsMembers(t *testing.T) {
	// The hash is the output of printf %s pepper1demo-key7 | md5sum.
	const good = `{"callbacks":[{"callback_id":7,"type":"min_balance","account_id":1,"hash":"227924e9d8b6ba1906264bdb6cd72515"}]}`
	for name, c := range map[string]struct {
		body, mistake string
	}{
		"right":         {good, ""},
		"another hash":  {strings.Replace(good, "2279", "zzzz", 1), "callback.hash"},
		"another type":  {strings.Replace(good, "min_balance", "account_is_frozen", 1), "callback.type"},
		"another id":    {strings.Replace(good, `"callback_id":7`, `"callback_id":8`, 1), "callback.hash"},
		"nobody's":      {strings.Replace(good, `"account_id":1`, `"account_id":99`, 1), "account 99"},
		"of no account": {`{"callbacks":[{"type":"min_balance"}]}`, "account <nil>"},
	} {
		r := newReceiver()
		answer, err := http.Post(r.url(), "application/json", strings.NewReader(c.body))
		if err != nil {
			t.Fatal(err)
		}
		_ = answer.Body.Close()
		err = r.next(map[string]any{"type": "min_balance"})
		if (err == nil) != (c.mistake == "") || err != nil && !strings.Contains(err.Error(), c.mistake) {
			t.Errorf("%s: %v, want %q", name, err, c.mistake)
		}
		r.close()
	}
}
