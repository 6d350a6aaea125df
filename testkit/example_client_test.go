package testkit_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/voxemu/voxemu/emulator/fault"
	"github.com/voxemu/voxemu/emulator/vox"
	"github.com/voxemu/voxemu/testkit"
)

// This file is an example: a small client with retries, and tests of its behaviour under
// network failures and lack of money. Replace the client by your own.

// provisioner creates registrations at a PBX.
type provisioner struct {
	http    *http.Client
	base    string // up to and including /platform_api
	account int64
	apiKey  string
	sleep   func(context.Context, time.Duration) error
}

// registration is the part of a registration that the client uses.
type registration struct {
	ID          int64  `json:"sip_registration_id"`
	SIPUsername string `json:"sip_username"`
	Proxy       string `json:"proxy"`
	Deactivated bool   `json:"deactivated"`
}

// refusal is an error of the API.
type refusal struct {
	Code int    `json:"code"`
	Msg  string `json:"msg"`
}

func (r *refusal) Error() string { return fmt.Sprintf("error %d: %s", r.Code, r.Msg) }

// errUnpaid means that a person has to pay first.
var errUnpaid = errors.New("the account has to be topped up")

const (
	insufficientMoney = 127
	rateLimitExceed   = 340
	attempts          = 4
)

// ensure creates a registration unless it exists. It can be repeated after a lost reply:
// it checks before it creates, because creating twice is paid twice.
func (p *provisioner) ensure(ctx context.Context, username, proxy string) (registration, error) {
	var last error
	for attempt := range attempts {
		found, err := p.attempt(ctx, username, proxy)
		wait, again := retryable(err, attempt)
		if !again {
			return found, err
		}
		last = err
		if err := p.sleep(ctx, wait); err != nil {
			return registration{}, err
		}
	}
	return registration{}, fmt.Errorf("gave up after %d attempts: %w", attempts, last)
}

func (p *provisioner) attempt(ctx context.Context, username, proxy string) (registration, error) {
	var listed struct{ Result []registration }
	if err := p.call(ctx, "GetSipRegistrations", url.Values{"sip_username": {username}}, &listed); err != nil {
		return registration{}, err
	}
	at := slices.IndexFunc(listed.Result, func(r registration) bool { return r.Proxy == proxy })
	if at >= 0 {
		if found := listed.Result[at]; found.Deactivated {
			return found, errUnpaid
		}
		return listed.Result[at], nil
	}
	made := registration{SIPUsername: username, Proxy: proxy}
	err := p.call(ctx, "CreateSipRegistration", url.Values{"sip_username": {username}, "proxy": {proxy}}, &made)
	return made, err
}

// throttled means that the client must retry later.
type throttled struct{ after time.Duration }

func (t throttled) Error() string { return "told to wait " + t.after.String() }

// retryable reports whether to retry, and after what time.
func retryable(err error, attempt int) (time.Duration, bool) {
	backoff := time.Second << attempt
	var said *refusal
	var slow throttled
	switch {
	case err == nil, errors.Is(err, errUnpaid):
		return 0, false
	case errors.As(err, &said):
		return backoff, said.Code == rateLimitExceed
	case errors.As(err, &slow):
		return max(backoff, slow.after), true
	}
	return backoff, true // a network failure
}

func (p *provisioner) call(ctx context.Context, method string, parameters url.Values, into any) error {
	parameters.Set("account_id", strconv.FormatInt(p.account, 10))
	parameters.Set("api_key", p.apiKey)
	reply, err := p.post(ctx, method, parameters)
	if err != nil {
		return err
	}
	defer reply.Body.Close()
	if reply.StatusCode == http.StatusTooManyRequests {
		seconds, _ := strconv.Atoi(reply.Header.Get("Retry-After"))
		return throttled{time.Duration(seconds) * time.Second}
	}
	var envelope struct{ Error *refusal }
	var text json.RawMessage
	if err := json.NewDecoder(reply.Body).Decode(&text); err != nil {
		return err
	}
	if err := json.Unmarshal(text, &envelope); err != nil {
		return err
	}
	switch {
	case envelope.Error != nil && envelope.Error.Code == insufficientMoney:
		return errUnpaid
	case envelope.Error != nil:
		return envelope.Error
	}
	return json.Unmarshal(text, into)
}

func (p *provisioner) post(ctx context.Context, method string, parameters url.Values) (*http.Response, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, p.base+"/platform_api/"+method+"?"+parameters.Encode(), nil)
	if err != nil {
		return nil, err
	}
	return p.http.Do(request)
}

// newProvisioner returns a client of the emulator. It waits on the emulator's clock, so
// that the test does not wait and limits per second still end.
func newProvisioner(emu *testkit.Emulator) *provisioner {
	return &provisioner{
		http: emu.HTTPClient(), base: "https://api.voximplant.com", account: emu.AccountID(), apiKey: emu.APIKey(),
		sleep: func(ctx context.Context, d time.Duration) error {
			emu.Advance(d)
			return ctx.Err()
		},
	}
}

var create = testkit.Call("CreateSipRegistration")

func TestALostAnswerDoesNotRegisterTwice(t *testing.T) {
	emu := testkit.Run(t, testkit.Scenario("empty"))
	emu.Fail("CreateSipRegistration", fault.Close{}, testkit.After(), testkit.Times(1)) // saved, but no reply
	made, err := newProvisioner(emu).ensure(t.Context(), "sales", "pbx.example.com")
	if err != nil || made.ID != 1 {
		t.Errorf("got %+v, %v", made, err)
	}
	emu.Expect(create).Once()
	emu.RequireState(testkit.State{Registrations: []vox.Registration{
		{ID: 1, SIPUsername: "sales", Proxy: "pbx.example.com", State: vox.Successful, StatusCode: 200},
	}})
}

func TestAResetConnectionIsTriedAgain(t *testing.T) {
	emu := testkit.Run(t, testkit.Scenario("empty"))
	emu.Fail("CreateSipRegistration", fault.Reset{}, testkit.Times(2))
	if _, err := newProvisioner(emu).ensure(t.Context(), "sales", "pbx.example.com"); err != nil {
		t.Error(err)
	}
	emu.Expect(create).Times(3)
	emu.Expect(create.Succeeded()).Once()
	if waited := emu.Now().Sub(testkit.Start()); waited != 3*time.Second {
		t.Errorf("waited %s, want 1s and 2s", waited)
	}
}

func TestRateLimitsAreRespected(t *testing.T) {
	for name, limit := range map[string]fault.RateLimit{
		"error 340":       {Calls: 1, Per: fault.Duration(time.Second)},
		"429 Retry-After": {Calls: 1, Per: fault.Duration(5 * time.Second), Status: http.StatusTooManyRequests},
	} {
		t.Run(name, func(t *testing.T) {
			emu := testkit.Run(t, testkit.Scenario("empty"))
			limited := emu.Fail("CreateSipRegistration", limit)
			client := newProvisioner(emu)
			for _, username := range []string{"sales", "support"} { // the second request exceeds the limit
				if _, err := client.ensure(t.Context(), username, "pbx.example.com"); err != nil {
					t.Error(err)
				}
			}
			emu.Expect(create.Succeeded()).Times(2)
			emu.Expect(create.WithFault(limited.Name())).Once()
		})
	}
}

func TestAnUnpaidRegistrationNeedsAPerson(t *testing.T) {
	emu := testkit.Run(t, testkit.ScenarioYAML(`
extends: empty
accounts: [{id: 1, name: demo, api_key: demo-key, balance: 2.00}]
billing: {monthly_fee: 1.50}
`))
	client := newProvisioner(emu)
	if _, err := client.ensure(t.Context(), "sales", "pbx.example.com"); err != nil {
		t.Fatal(err)
	}
	emu.Advance(31 * 24 * time.Hour) // the second month cannot be paid
	if found, err := client.ensure(t.Context(), "sales", "pbx.example.com"); !errors.Is(err, errUnpaid) || !found.Deactivated {
		t.Errorf("got %+v, %v", found, err)
	}
	if _, err := client.ensure(t.Context(), "support", "pbx.example.com"); !errors.Is(err, errUnpaid) {
		t.Errorf("got %v", err)
	}
	emu.TopUp(1, "10.00")
	if _, err := client.ensure(t.Context(), "sales", "pbx.example.com"); err != nil {
		t.Errorf("paid, but %v", err)
	}
	emu.Expect(create.With("sip_username", "sales")).Once()
	emu.Expect(create.FailedWith("INSUFFICIENT_MONEY")).Once()
}

func TestTheClientGivesUp(t *testing.T) {
	emu := testkit.Run(t)
	emu.Fail("GetSipRegistrations", fault.HTTP{Status: http.StatusBadGateway, Body: "<html>"})
	if _, err := newProvisioner(emu).ensure(t.Context(), "sales", "pbx.example.com"); err == nil {
		t.Error("no error")
	}
	emu.Expect(testkit.Call("GetSipRegistrations")).Times(attempts)
	emu.Expect(create).Never()
}
