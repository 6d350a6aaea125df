package emulator_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/http/httptest"
	"reflect"
	"strings"
	"testing"

	"github.com/voxemu/voxemu/emulator/vox"
)

// A request takes every field that an account of a scenario has, except those that
// follow from others.
func TestANewAccountCanHaveWhatAnAccountOfAScenarioCanHave(t *testing.T) {
	values := map[string]any{
		"name": "branch", "api_key": "branch-key", "parent_account_id": 1, "email": "branch@example.com", "password": "sesame",
		"first_name": "Ann", "last_name": "Lee", "language_code": "de", "location": "Europe/Berlin", "mobile_phone": "4930123456",
		"custom_data": "x", "inactive": true, "created": "2020-01-02T03:04:05Z", "balance": "7.50", "credit_limit": "3.25",
		"max_sip_registrations": 4, "callback_url": "http://127.0.0.1:9/hook", "callback_salt": "salt", "account_notifications": true,
		"tariff_changing_notifications": true, "news_notifications": true, "min_balance_to_notify": "1.50", "currency": "EUR", "frozen": true,
	}
	s := newServer(t)
	asked, err := json.Marshal(values)
	if err != nil {
		t.Fatal(err)
	}
	var request vox.AccountRequest
	strict := json.NewDecoder(bytes.NewReader(asked))
	strict.DisallowUnknownFields()
	if err := strict.Decode(&request); err != nil {
		t.Fatal(err)
	}
	w := httptest.NewRecorder()
	r := httptest.NewRequest("POST", "/_voxemu/accounts", bytes.NewReader(asked))
	s.Handler().ServeHTTP(w, r)
	if w.Code != 200 {
		t.Fatal(w.Code, w.Body)
	}
	state, err := s.State()
	if err != nil {
		t.Fatal(err)
	}
	stored := reflect.ValueOf(state.Accounts[len(state.Accounts)-1])
	for field := range reflect.TypeFor[vox.Account]().Fields() {
		name, _, _ := strings.Cut(field.Tag.Get("yaml"), ",")
		want, can := values[name]
		follows := name == "id" || name == "money_on_hold"
		if can == follows {
			t.Errorf("%s: can be asked for: %t", name, can)
		}
		got := fmt.Sprint(stored.FieldByIndex(field.Index))
		if can && !strings.HasPrefix(strings.Replace(got, " ", "T", 1), strings.TrimRight(fmt.Sprint(want), "0Z")) {
			t.Errorf("%s: %v, want %v", name, got, want)
		}
	}
}

func TestANewAccountIsRefusedAsInAScenario(t *testing.T) {
	s := newServer(t)
	for name, request := range map[string]vox.AccountRequest{
		"parent_account_id": {ParentID: 99},
		"callback_url":      {CallbackURL: "ftp://a"},
		"currency":          {Currency: "GBP"},
	} {
		request.Credentials = new(false)
		_, err := s.CreateAccount(request)
		if mistakes := (vox.Mistakes)(nil); !errors.As(err, &mistakes) || !strings.Contains(err.Error(), name) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := s.CreateAccount(vox.AccountRequest{Email: "demo@example.com", Credentials: new(false)}); !errors.Is(err, vox.ErrConflict) {
		t.Errorf("an address that is taken: %v", err)
	}
}
