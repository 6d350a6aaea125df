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

// recipe is a request that provokes an error on the demo scenario.
type recipe struct {
	parameters url.Values
	scenario   scenarios.Scenario // merged over demo
	roles      []vox.Role         // of the key that signs token
	token      string             // kind of token, "" for none; see sign
	unnamed    bool               // sends no method name
	renamed    string             // sends this method name instead
	alone      bool               // parameters are all parameters, not changes of the bare request
	malform    func(*http.Request) *http.Request
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

// sign returns the token of the recipe; "" for none.
func (r recipe) sign(t testing.TB) string {
	t.Helper()
	claims, now := validClaims(), time.Now()
	switch r.token {
	case "":
		return ""
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

// provocation returns a request that makes a method reply with an error: an example in
// openapi.yaml with a mistake.
func provocation(t testing.TB, m *contract.Method, name vox.Error) (recipe, bool) {
	if how, ok := everywhere()[name]; ok {
		how.parameters = merged(bare(t, m.Name), how.parameters)
		if how.token == "" && how.parameters.Get("api_key") == "" {
			how.parameters = apiKey(how.parameters)
		}
		return how, true
	}
	how, ok := special(m.Name)[name]
	if !ok {
		how.parameters, ok = references()[name]
	}
	if !how.alone {
		how.parameters = merged(bare(t, m.Name), how.parameters)
	}
	how.parameters = apiKey(how.parameters)
	if name == vox.ErrMissingParameter {
		how.scenario.Behaviour.MissingReference = vox.MissingReferenceRequired
	}
	return how, ok
}

// special returns recipes for the specific errors of a method.
func special(method string) map[vox.Error]recipe {
	for _, section := range []map[string]map[vox.Error]recipe{
		registrationRecipes(), applicationRecipes(), userRecipes(), ruleRecipes(), scenarioRecipes(),
		accountRecipes(), keyRecipes(), safetyRecipes(),
	} {
		if recipes, ok := section[method]; ok {
			return recipes
		}
	}
	return nil
}

// bare returns the required parameters of a method.
func bare(t testing.TB, method string) url.Values {
	if least, ok := map[string]url.Values{
		"CreateSipRegistration": {"sip_username": {"sales"}, "proxy": {"pbx.example.com"}},
		"UpdateSipRegistration": {"sip_registration_id": {"1"}},
		"BindSipRegistration":   {"sip_registration_id": {"1"}},
	}[method]; ok {
		return least
	}
	return exampleOf(t, method)
}

func merged(p, more url.Values) url.Values {
	out := url.Values{}
	maps.Copy(out, p)
	maps.Copy(out, more)
	return out
}

// everywhere returns recipes for the errors of all methods.
func everywhere() map[vox.Error]recipe {
	forbidden := scenarios.Scenario{}
	forbidden.Behaviour.MissingRole = vox.MissingRoleForbiddenCommand
	const id = "0f1e2d3c4b5a69788796a5b4c3d2e1f0"
	session := func(id string) url.Values { return url.Values{"session_id": {id}} }
	ended := scenarios.Scenario{Sessions: []vox.Session{{ID: id, AccountID: 1, Expires: start.Add(-time.Second)}}}
	return map[vox.Error]recipe{
		vox.ErrInvalidSessionID:    {parameters: session("no session")},
		vox.ErrNotLoggedOn:         {parameters: session(id)},
		vox.ErrSessionTimeout:      {parameters: session(id), scenario: ended},
		vox.ErrAuthorizationFailed: {parameters: url.Values{"account_id": {"1"}, "api_key": {"wrong"}}},
		vox.ErrInvalidArguments:    {malform: malformed("multipart/form-data; boundary=x", "--x\r\nbroken")},
		vox.ErrMissingCommand:      {unnamed: true},
		vox.ErrUnknownCommand:      {renamed: "GetActiveSessions"},
		vox.ErrForbiddenCommand:    {token: "valid", scenario: forbidden},
		vox.ErrInvalidAccountID:    {token: "valid", roles: []vox.Role{vox.Owner}, parameters: url.Values{"account_id": {"2"}}},
		vox.ErrForbiddenParameter:  {parameters: url.Values{"registration_name": {"sales"}}},
		vox.ErrTokenFormat:         {token: "malformed"},
		vox.ErrTokenTTL:            {token: "long-lived"},
		vox.ErrTokenInFuture:       {token: "future"},
		vox.ErrTokenExpired:        {token: "expired"},
	}
}

// references returns changes for the errors of parameters that several methods share.
func references() map[vox.Error]url.Values {
	return map[vox.Error]url.Values{
		vox.ErrInvalidApplicationID:  {"application_id": {"999"}},
		vox.ErrInvalidApplication:    {"application_name": {"nobody"}},
		vox.ErrInvalidUserID:         {"application_id": {"123"}, "user_id": {"999"}},
		vox.ErrInvalidUserName:       {"application_id": {"123"}, "user_name": {"nobody"}},
		vox.ErrInvalidRuleID:         {"application_id": {"123"}, "rule_id": {"7890"}}, // of another application
		vox.ErrInvalidRuleName:       {"application_id": {"123"}, "rule_name": {"nobody"}},
		vox.ErrUserNotBound:          {"application_id": {"123"}, "user_id": {"12345"}},
		vox.ErrOnlyOneOf:             {"application_id": {"123"}, "application_name": {"shop"}},
		vox.ErrMissingParameter:      {"user_id": {"123"}},
		vox.ErrInvalidRegistrationID: {"sip_registration_id": {"999"}},
		vox.ErrInvalidProxy:          {"proxy": {"sip:pbx.example.com/line"}},
		vox.ErrInvalidSIPUsername:    {"sip_username": {string(make([]byte, 256))}},
	}
}
