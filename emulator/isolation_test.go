package emulator_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/voxemu/voxemu/emulator/fault"
	"github.com/voxemu/voxemu/emulator/journal"
	"github.com/voxemu/voxemu/emulator/vox"
)

// tenant is one of several test clients of a shared server. It uses only the server's
// address and its own account, as a client in another language does.
type tenant struct {
	t    *testing.T
	base string
	account
}

type account struct {
	ID     int64  `json:"account_id"`
	APIKey string `json:"api_key"`
}

// ask sends a request and returns status and body; the body is decoded into into unless
// that is nil.
func (c *tenant) ask(verb, path, body string, into any) (int, string) {
	request, err := http.NewRequest(verb, c.base+path, strings.NewReader(body))
	if err != nil {
		c.t.Error(err)
		return 0, ""
	}
	reply, err := http.DefaultClient.Do(request)
	if err != nil {
		c.t.Error(err)
		return 0, ""
	}
	defer reply.Body.Close()
	text, err := io.ReadAll(reply.Body)
	if err == nil && into != nil {
		err = json.Unmarshal(text, into)
	}
	if err != nil {
		c.t.Errorf("%s %s: %v: %s", verb, path, err, text)
	}
	return reply.StatusCode, string(text)
}

// call calls the API with the account's key and returns a summary of the reply.
func (c *tenant) call(method string, parameters url.Values) string {
	parameters = with(with(parameters, "account_id", fmt.Sprint(c.ID)), "api_key", c.APIKey)
	status, text := c.ask("GET", "/platform_api/"+method+"?"+parameters.Encode(), "", nil)
	if status != http.StatusOK {
		return fmt.Sprint(status, " ", text)
	}
	return fmt.Sprint("code ", codeOf(c.t, text), ", ", strings.Count(text, `"sip_registration_id"`), " registrations")
}

// own adds the account to a path of the control API.
func (c *tenant) own(path string) string { return fmt.Sprintf("/_voxemu/%s?account_id=%d", path, c.ID) }

func (c *tenant) want(what string, want, got any) {
	if diff := cmp.Diff(want, got); diff != "" {
		c.t.Errorf("account %d, %s (-want +got):\n%s", c.ID, what, diff)
	}
}

// work arms two faults for the account, triggers both and continues.
func (c *tenant) work() {
	rules := []string{
		fmt.Sprintf(`{"when":{"account":%d,"method":"CreateSipRegistration","nth":2},"then":{"api_error":"INSUFFICIENT_MONEY"},"times":1}`, c.ID),
		fmt.Sprintf(`{"when":{"account":%d,"method":"GetSipRegistrations"},"then":{"http":{"status":503,"body":"down for %d"}},"times":1}`, c.ID, c.ID),
	}
	for _, rule := range rules {
		if status, text := c.ask("POST", "/_voxemu/faults", rule, nil); status != http.StatusOK {
			c.t.Errorf("%d %s", status, text)
		}
	}
	same := url.Values{"sip_username": {"same"}, "proxy": {"same.example.com"}}
	var seen []string
	for range 3 {
		seen = append(seen, c.call("CreateSipRegistration", same))
	}
	for range 2 {
		seen = append(seen, c.call("GetSipRegistrations", url.Values{}))
	}
	c.want("what its calls saw", []string{
		"code 0, 1 registrations", "code 127, 0 registrations", "code 0, 1 registrations",
		fmt.Sprintf("503 down for %d", c.ID), "code 0, 2 registrations",
	}, seen)
}

// look requests everything on the account from the control API.
func (c *tenant) look() {
	var faults struct {
		Faults []struct {
			Name            string
			Hits, Remaining int64
			Rule            fault.Rule
		}
	}
	c.ask("GET", c.own("faults"), "", &faults)
	var names []string
	for _, f := range faults.Faults {
		names = append(names, f.Name)
		c.want("the account, hits and rest of its fault", []int64{c.ID, 1, 0}, []int64{f.Rule.When.Account, f.Hits, f.Remaining})
	}
	var requests struct {
		Requests []journal.Request
		Evicted  int64
	}
	c.ask("GET", c.own("requests"), "", &requests)
	if len(names) != 2 || len(requests.Requests) != 5 || requests.Evicted != 0 {
		c.t.Errorf("account %d: faults %v, entries %+v, %d evicted", c.ID, names, requests.Requests, requests.Evicted)
		return
	}
	for i, e := range requests.Requests {
		wanted := []string{"", names[0], "", names[1], ""}[i]
		c.want("an entry", []any{c.ID, wanted, fmt.Sprint(c.ID)}, []any{e.AccountID, e.Fault, e.Parameters.Get("account_id")})
	}
	c.verify()
}

// verify requires something that was not sent; the explanation must not contain requests
// of other accounts.
func (c *tenant) verify() {
	const expectation = `{"filter":{"account_id":%d,"method":"CreateSipRegistration","parameters":{"sip_username":"%s"}},"times":{"min":3,"max":3}}`
	if status, text := c.ask("POST", "/_voxemu/verify", fmt.Sprintf(expectation, c.ID, "same"), nil); status != http.StatusOK {
		c.t.Errorf("%d %s", status, text)
	}
	var unmet struct {
		Error struct{ Detail journal.Unmet }
	}
	status, _ := c.ask("POST", "/_voxemu/verify", fmt.Sprintf(expectation, c.ID, "other"), &unmet)
	c.want("an unmet expectation", []int{http.StatusConflict, 5, 3}, []int{status, unmet.Error.Detail.Seen, unmet.Error.Detail.CameClose})
}

// gone deletes the account and checks that nothing is left.
func (c *tenant) gone() {
	if status, text := c.ask("DELETE", fmt.Sprintf("/_voxemu/accounts/%d", c.ID), "", nil); status != http.StatusOK {
		c.t.Errorf("%d %s", status, text)
	}
	for path, want := range map[string]string{
		"faults": `{"faults":[]}`, "requests": `{"requests":[],"evicted":0}`, "registrations": `{"registrations":[]}`,
		"users": `{"users":[]}`, "callbacks": `{"callbacks":[]}`,
	} {
		_, text := c.ask("GET", c.own(path), "", nil)
		c.want("what is left in "+path, want, strings.Join(strings.Fields(text), ""))
	}
}

func TestFiftyClientsOfOneServerNeverSeeEachOther(t *testing.T) {
	s := listening(t)
	const clients = 50
	var running sync.WaitGroup
	var shared atomic.Int64
	for i := range clients {
		running.Go(func() {
			c := &tenant{t: t, base: s.URL()}
			if status, text := c.ask("POST", "/_voxemu/accounts", `{"credentials":false}`, &c.account); status != http.StatusOK {
				t.Errorf("%d %s", status, text)
				return
			}
			c.work()
			c.look()
			if i%2 == 1 {
				c.gone() // while the others continue
				return
			}
			rule := fmt.Sprintf(`{"when":{"account":%d,"nth":99},"then":{"hang":{}}}`, c.ID)
			if status, _ := c.ask("PUT", "/_voxemu/faults/shared", rule, nil); status == http.StatusOK {
				shared.Add(1)
			}
		})
	}
	running.Wait()
	if n := shared.Load(); n != 1 {
		t.Errorf("%d clients armed the rule shared, want 1: the others must not take its place", n)
	}
	if n := s.Journal().Count(journal.Filter{}); n != clients/2*5 {
		t.Errorf("%d entries left, want the %d of those who stayed", n, clients/2*5)
	}
	if n := len(s.Faults().Rules()); n != clients+1 {
		t.Errorf("%d rules left, want %d", n, clients+1)
	}
}

// Rules that apply to the account only are deleted with it, however they name it; others
// stay.
func TestDeletingAnAccountDisarmsTheRulesThatAreAboutIt(t *testing.T) {
	s := newServer(t)
	a, err := s.CreateAccount(vox.AccountRequest{Credentials: new(false)})
	if err != nil {
		t.Fatal(err)
	}
	for name, when := range map[string]fault.When{
		"id": {Account: a.ID}, "parameter": {Parameters: map[string]string{"account_id": fmt.Sprint(a.ID)}},
		"name": {Parameters: map[string]string{"account_name": a.Name}}, "email": {Parameters: map[string]string{"account_email": a.Email}},
		"key": {Key: a.KeyID},
		"all": {}, "other": {Account: 1}, "pattern": {Parameters: map[string]string{"account_id": "*"}}, "other-key": {Key: "owner-key"},
	} {
		put(t, s, fault.Rule{Name: name, When: when, Then: unavailable, Optional: true})
	}
	if err := s.DeleteAccount(a.ID); err != nil {
		t.Fatal(err)
	}
	left := map[string]bool{}
	for _, rule := range s.Faults().Rules() {
		left[rule.Name] = true
	}
	if diff := cmp.Diff(map[string]bool{"all": true, "other": true, "pattern": true, "other-key": true}, left); diff != "" {
		t.Errorf("(-want +left):\n%s", diff)
	}
}

// After a reset the same ids are used again: a new account must have no requests in the
// journal.
func TestAFreshAccountHasNoPast(t *testing.T) {
	s := newServer(t)
	for range 2 {
		a, err := s.CreateAccount(vox.AccountRequest{Credentials: new(false)})
		if err != nil {
			t.Fatal(err)
		}
		if n := s.Journal().Count(journal.Filter{AccountID: a.ID}); n != 0 {
			t.Errorf("account %d is %d entries old", a.ID, n)
		}
		listOf(t, s, a)
		reset(t, s)
	}
}
