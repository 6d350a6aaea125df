package emulator_test

import (
	"maps"
	"net/http"
	"net/url"
	"testing"
	"time"

	"github.com/voxemu/voxemu/emulator/internal/contract"
	"github.com/voxemu/voxemu/emulator/vox"
	"github.com/voxemu/voxemu/scenarios"
)

// recipe is a call that provokes an error on the demo scenario.
type recipe struct {
	parameters url.Values
	scenario   scenarios.Scenario // laid on top of demo
	roles      []vox.Role         // of the key that signs token
	token      string             // which token to send, "" for none; see sign
	unnamed    bool               // send no method name
	renamed    string             // send this method name instead
	spoil      func(*http.Request) *http.Request
}

func (r recipe) methodName(name string) string {
	if r.unnamed {
		return ""
	}
	if r.renamed != "" {
		return r.renamed
	}
	return name
}

// sign makes the token that the recipe names.
func (r recipe) sign(t testing.TB) string {
	t.Helper()
	claims, now := validClaims(), time.Now()
	switch r.token {
	case "malformed":
		return "not-a-token"
	case "long-lived":
		claims["exp"] = now.Add(2 * time.Hour).Unix()
	case "future":
		claims["iat"] = now.Add(30 * time.Minute).Unix()
	case "expired":
		claims["iat"], claims["exp"] = now.Add(-time.Hour).Unix(), now.Add(-30*time.Minute).Unix()
	}
	return sign(t, claims, "role-key")
}

// provocation finds the call that makes a method answer an error.
func provocation(m *contract.Method, name vox.Error) (recipe, bool) {
	if how, ok := everywhere()[name]; ok {
		how.parameters = merged(bare(m.Name), how.parameters)
		if how.token == "" && how.parameters.Get("api_key") == "" {
			how.parameters = apiKey(how.parameters)
		}
		return how, true
	}
	how, ok := special()[m.Name][name]
	if !ok {
		var p url.Values
		p, ok = references()[name]
		how.parameters = merged(bare(m.Name), p)
	}
	how.parameters = apiKey(how.parameters)
	return how, ok
}

// bare is the least that a method asks for.
func bare(method string) url.Values {
	return map[string]url.Values{
		"CreateSipRegistration": {"sip_username": {"sales"}, "proxy": {"pbx.example.com"}},
		"UpdateSipRegistration": {"sip_registration_id": {"1"}},
		"BindSipRegistration":   {"sip_registration_id": {"1"}},
		"DeleteSipRegistration": {"sip_registration_id": {"1"}},
	}[method]
}

func merged(p, more url.Values) url.Values {
	out := url.Values{}
	maps.Copy(out, p)
	maps.Copy(out, more)
	return out
}

// everywhere provokes the errors that every method answers.
func everywhere() map[vox.Error]recipe {
	forbidden := scenarios.Scenario{}
	forbidden.Behaviour.MissingRole = vox.MissingRoleForbiddenCommand
	return map[vox.Error]recipe{
		vox.ErrAuthorizationFailed: {parameters: url.Values{"account_id": {"1"}, "api_key": {"wrong"}}},
		vox.ErrInvalidArguments:    {spoil: spoil("multipart/form-data; boundary=x", "--x\r\nbroken")},
		vox.ErrMissingCommand:      {unnamed: true},
		vox.ErrUnknownCommand:      {renamed: "GetActiveSessions"},
		vox.ErrForbiddenCommand:    {token: "valid", roles: []vox.Role{vox.CallHistory}, scenario: forbidden},
		vox.ErrInvalidAccountID:    {token: "valid", roles: []vox.Role{vox.Owner}, parameters: url.Values{"account_id": {"2"}}},
		vox.ErrForbiddenParameter:  {parameters: url.Values{"registration_name": {"sales"}}},
		vox.ErrTokenFormat:         {token: "malformed"},
		vox.ErrTokenTTL:            {token: "long-lived"},
		vox.ErrTokenInFuture:       {token: "future"},
		vox.ErrTokenExpired:        {token: "expired"},
	}
}

// references provokes the errors of parameters that several methods share.
func references() map[vox.Error]url.Values {
	return map[vox.Error]url.Values{
		vox.ErrInvalidApplicationID:  {"application_id": {"999"}},
		vox.ErrInvalidApplication:    {"application_name": {"nobody"}},
		vox.ErrInvalidUserID:         {"application_id": {"123"}, "user_id": {"999"}},
		vox.ErrInvalidUserName:       {"application_id": {"123"}, "user_name": {"nobody"}},
		vox.ErrInvalidRuleID:         {"application_id": {"123"}, "rule_id": {"7890"}}, // another application's
		vox.ErrInvalidRuleName:       {"application_id": {"123"}, "rule_name": {"nobody"}},
		vox.ErrUserNotBound:          {"application_id": {"123"}, "user_id": {"12345"}},
		vox.ErrOnlyOneOf:             {"application_id": {"123"}, "application_name": {"shop"}},
		vox.ErrMissingParameter:      {"user_id": {"123"}},
		vox.ErrInvalidRegistrationID: {"sip_registration_id": {"999"}},
		vox.ErrInvalidProxy:          {"proxy": {"sip:pbx.example.com/line"}},
		vox.ErrInvalidSIPUsername:    {"sip_username": {string(make([]byte, 256))}},
	}
}

// special provokes what a method answers for reasons of its own.
func special() map[string]map[vox.Error]recipe {
	strict := scenarios.Scenario{}
	strict.Behaviour.UserBinding = vox.UserBindingNonPersistentOnly

	create := bare("CreateSipRegistration")
	poor, full := demoAccount(), demoAccount()
	full.Balance, full.MaxSIPRegistrations = money("100"), 4 // which the demo account has
	user := url.Values{"application_id": {"123"}, "user_id": {"123"}}
	return map[string]map[vox.Error]recipe{
		"CreateSipRegistration": {
			vox.ErrInvalidSIPUsername:   {parameters: url.Values{"proxy": {"pbx.example.com"}}},
			vox.ErrPersistent:           {parameters: merged(bare("CreateSipRegistration"), user), scenario: strict},
			vox.ErrInvalidParameter:     {parameters: merged(bare("CreateSipRegistration"), url.Values{"is_persistent": {"perhaps"}})},
			vox.ErrInsufficientMoney:    {parameters: create, scenario: scenarioOf(poor)},
			vox.ErrTooManyRegistrations: {parameters: create, scenario: scenarioOf(full)},
		},
		"UpdateSipRegistration": {
			vox.ErrInvalidParameter: {parameters: merged(bare("UpdateSipRegistration"), url.Values{"outbound_proxy": {"a b"}})},
			vox.ErrPersistent:       {parameters: merged(bare("UpdateSipRegistration"), user), scenario: strict},
		},
		"BindSipRegistration": {
			vox.ErrInvalidParameter: {parameters: merged(bare("BindSipRegistration"), url.Values{"bind": {"perhaps"}})},
			vox.ErrPersistent:       {parameters: merged(bare("BindSipRegistration"), user), scenario: strict},
		},
		"GetSipRegistrations": {
			vox.ErrInvalidRegistrationID: {parameters: url.Values{"sip_registration_id": {"first"}}},
			vox.ErrInvalidApplicationID:  {parameters: url.Values{"application_id": {"1;x"}}},
			vox.ErrInvalidUserID:         {parameters: url.Values{"user_id": {"1;x"}}},
			vox.ErrInvalidRuleID:         {parameters: url.Values{"rule_id": {"1;x"}}},
			vox.ErrInvalidApplication:    {parameters: url.Values{"application_name": {"nobody"}}, scenario: unknownIsError()},
			vox.ErrInvalidUserName:       {parameters: url.Values{"user_name": {"nobody"}}, scenario: unknownIsError()},
			vox.ErrInvalidRuleName:       {parameters: url.Values{"rule_name": {"nobody"}}, scenario: unknownIsError()},
			vox.ErrInvalidParameter:      {parameters: url.Values{"status_code": {"408:403"}}},
		},
	}
}

// demoAccount is the account of the demo scenario, without its money.
func demoAccount() vox.Account { return vox.Account{ID: 1, Name: "demo", APIKey: "demo-key"} }

// money is an amount that is a constant of a test.
func money(text string) vox.Money {
	m, err := vox.ParseMoney(text)
	if err != nil {
		panic(err)
	}
	return m
}

func unknownIsError() scenarios.Scenario {
	s := scenarios.Scenario{}
	s.Behaviour.UnknownFilter = vox.UnknownFilterError
	return s
}
