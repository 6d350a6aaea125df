package testkit_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strconv"
	"testing"
	"time"

	"github.com/voxemu/voxemu/emulator/clock"
	"github.com/voxemu/voxemu/emulator/fault"
	"github.com/voxemu/voxemu/emulator/vox"
	"github.com/voxemu/voxemu/testkit"
)

// The same twelve tests are in testkit/python/tests/test_twelve.py and
// testkit/node/test/twelve.test.mjs: what a user writes in each language.

// reply is the part of the API's replies that the tests read.
type reply struct {
	ID    int64 `json:"sip_registration_id"`
	Count int   `json:"count"`
	Error struct {
		Code int `json:"code"`
	} `json:"error"`
}

// api is the client of the tests.
func api(t *testing.T, emu *testkit.Emulator, method string, parameters url.Values) (got reply, err error) {
	t.Helper()
	parameters.Set("account_id", strconv.FormatInt(emu.AccountID(), 10))
	parameters.Set("api_key", emu.APIKey())
	answered, err := http.PostForm(emu.URL()+"/platform_api/"+method, parameters)
	if err != nil {
		return reply{}, err
	}
	defer answered.Body.Close()
	if answered.StatusCode != http.StatusOK {
		return reply{}, http.ErrNotSupported
	}
	return got, json.NewDecoder(answered.Body).Decode(&got)
}

func createSales(t *testing.T, emu *testkit.Emulator, proxy string) (reply, error) {
	t.Helper()
	return api(t, emu, "CreateSipRegistration", url.Values{"sip_username": {"sales"}, "proxy": {proxy}})
}

// stored creates a registration, which must succeed, and returns its row.
func stored(t *testing.T, emu *testkit.Emulator, proxy string) vox.Registration {
	t.Helper()
	created, err := createSales(t, emu, proxy)
	if err != nil || created.ID == 0 {
		t.Fatalf("%+v, %v", created, err)
	}
	return emu.Registration(created.ID)
}

func TestTwelveCreated(t *testing.T) {
	emu := testkit.Run(t)
	row := stored(t, emu, "sip.example.com")
	if balance := emu.Account(1).Balance.String(); row.State != vox.Successful || balance != "99.00" {
		t.Errorf("%s, balance %s", row.State, balance)
	}
	emu.Expect(testkit.Call("CreateSipRegistration").With("proxy", "sip.example.com")).Once()
}

func TestTwelveRefusedByThePBX(t *testing.T) {
	if row := stored(t, testkit.Run(t), "sip-403.test"); row.StatusCode != 403 {
		t.Errorf("%+v", row)
	}
}

func TestTwelveLostAnswer(t *testing.T) {
	emu := testkit.Run(t)
	emu.Fail("CreateSipRegistration", fault.Close{}, testkit.After(), testkit.Times(1))
	if _, err := createSales(t, emu, "sip.example.com"); err == nil || len(emu.Registrations()) != 5 {
		t.Errorf("error %v, %d registrations", err, len(emu.Registrations()))
	}
}

func TestTwelveSecondCallFails(t *testing.T) {
	emu := testkit.Run(t)
	emu.Fail("CreateSipRegistration", fault.APIError("INSUFFICIENT_MONEY"), testkit.Nth(2))
	stored(t, emu, "sip.example.com")
	if got, _ := createSales(t, emu, "sip.example.com"); got.Error.Code != 127 {
		t.Errorf("%+v", got)
	}
	emu.Expect(testkit.Call("CreateSipRegistration").FailedWith("INSUFFICIENT_MONEY")).Once()
}

func TestTwelveTooManyRequests(t *testing.T) {
	emu := testkit.Run(t)
	emu.Fail("*", fault.HTTP{Status: 429}, testkit.Times(1))
	if _, err := createSales(t, emu, "sip.example.com"); err == nil {
		t.Error("no error")
	}
	stored(t, emu, "sip.example.com")
}

func TestTwelveRenewed(t *testing.T) {
	emu := testkit.Run(t)
	row := stored(t, emu, "sip.example.com")
	month, err := clock.ParseSpan("1mo")
	if err != nil {
		t.Fatal(err)
	}
	emu.AdvanceTo(month.After(emu.Now()))
	if next := emu.Registration(row.ID).NextRenewal; !next.After(row.NextRenewal) {
		t.Errorf("next renewal %s, before %s", next, row.NextRenewal)
	}
}

func TestTwelveFrozenAndPaid(t *testing.T) {
	emu := testkit.Run(t, testkit.ScenarioYAML("extends: empty\naccounts: [{id: 1, name: demo, api_key: demo-key, balance: 1.00}]\n"))
	row := stored(t, emu, "sip.example.com")
	emu.Advance(32 * 24 * time.Hour)
	if !emu.Registration(row.ID).Deactivated {
		t.Error("not frozen")
	}
	emu.TopUp(1, "10.00")
	if emu.Registration(row.ID).Deactivated {
		t.Error("frozen")
	}
}

func TestTwelveAnswerLater(t *testing.T) {
	emu := testkit.Run(t)
	row := stored(t, emu, "sip.example.com")
	emu.Answer(row.ID, 503, "")
	if row = emu.Registration(row.ID); row.State != vox.Failed || row.StatusCode != 503 {
		t.Errorf("%+v", row)
	}
}

func TestTwelveCallback(t *testing.T) {
	emu := testkit.Run(t)
	sink := emu.CallbackSink()
	emu.Answer(1, 403, "")
	emu.Settle()
	if got := sink.Received(); len(got) != 1 || got[0].Type != "sip_registration_fail" {
		t.Errorf("%+v", got)
	}
}

func TestTwelveLogin(t *testing.T) {
	emu := testkit.Run(t)
	row := emu.AddRegistration(vox.Registration{NonPersistent: true, ApplicationID: 123, UserID: 123})
	for _, step := range []struct {
		do   func(int64)
		want vox.State
	}{{emu.Login, vox.Successful}, {emu.Logout, vox.Offline}} {
		step.do(123)
		if got := emu.Registration(row.ID).State; got != step.want {
			t.Errorf("%s, want %s", got, step.want)
		}
	}
}

func TestTwelveScenario(t *testing.T) {
	emu := testkit.Run(t, testkit.ScenarioYAML("extends: empty\nregistrations: [{id: 9, sip_username: a, proxy: b}]\n"))
	if _, err := api(t, emu, "DeleteSipRegistration", url.Values{"sip_registration_id": {"9"}}); err != nil {
		t.Error(err)
	}
	emu.RequireState(testkit.State{Registrations: []vox.Registration{}})
}

func TestTwelveTable(t *testing.T) {
	emu := testkit.Run(t)
	before := emu.Snapshot()
	for _, status := range []int{403, 404, 503} {
		emu.Restore(before)
		if row := stored(t, emu, "sip-"+strconv.Itoa(status)+".test"); row.ID != 5 || row.StatusCode != int64(status) {
			t.Errorf("%+v", row)
		}
		emu.Expect(testkit.Call("CreateSipRegistration")).Once()
	}
}
