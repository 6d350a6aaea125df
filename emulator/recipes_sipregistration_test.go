package emulator_test

import (
	"net/url"

	"github.com/voxemu/voxemu/emulator/vox"
	"github.com/voxemu/voxemu/scenarios"
)

// registrationRecipes provoke the specific errors of the SIPRegistration methods.
func registrationRecipes() map[string]map[vox.Error]recipe {
	strict := scenarios.Scenario{}
	strict.Behaviour.UserBinding = vox.UserBindingNonPersistentOnly

	poor, full := demoAccount(), demoAccount()
	full.Balance, full.MaxSIPRegistrations = vox.MustParseMoney("100"), 4 // as many as the demo account has
	user := url.Values{"application_id": {"123"}, "user_id": {"123"}}
	return map[string]map[vox.Error]recipe{
		"CreateSipRegistration": {
			vox.ErrInvalidSIPUsername: {alone: true, parameters: url.Values{"proxy": {"pbx.example.com"}}},
			vox.ErrPersistent:         {parameters: user, scenario: strict},
			vox.ErrInvalidParameter:   {parameters: url.Values{"is_persistent": {"perhaps"}}},

			vox.ErrInsufficientMoney:    {scenario: scenarioOf(poor)},
			vox.ErrTooManyRegistrations: {scenario: scenarioOf(full)},
		},
		"UpdateSipRegistration": {
			vox.ErrInvalidParameter: {parameters: url.Values{"outbound_proxy": {"a b"}}},
			vox.ErrPersistent:       {parameters: user, scenario: strict},
		},
		"BindSipRegistration": {
			vox.ErrInvalidParameter: {parameters: url.Values{"bind": {"perhaps"}}},
			vox.ErrPersistent:       {parameters: user, scenario: strict},
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

func unknownIsError() scenarios.Scenario {
	s := scenarios.Scenario{}
	s.Behaviour.UnknownFilter = vox.UnknownFilterError
	return s
}

// demoAccount is the account of the demo scenario, without its money.
func demoAccount() vox.Account { return vox.Account{ID: 1, Name: "demo", APIKey: "demo-key"} }

// money parses a constant amount.
