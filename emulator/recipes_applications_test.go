package emulator_test

import (
	"fmt"
	"net/url"
	"strings"

	"github.com/voxemu/voxemu/emulator/vox"
	"github.com/voxemu/voxemu/scenarios"
)

// change returns a recipe that changes the bare request.
func change(parameters ...string) recipe {
	p := url.Values{}
	for i := 0; i < len(parameters); i += 2 {
		p.Set(parameters[i], parameters[i+1])
	}
	return recipe{parameters: p}
}

// only returns a recipe with all parameters of the request.
func only(parameters ...string) recipe {
	r := change(parameters...)
	r.alone = true
	return r
}

func applicationRecipes() map[string]map[vox.Error]recipe {
	return map[string]map[vox.Error]recipe{
		"AddApplication": {
			vox.ErrInvalidApplication:   change("application_name", "Sales"),
			vox.ErrApplicationNotUnique: change("application_name", "shop"),
			vox.ErrInvalidParameter:     change("secure_record_storage", "perhaps"),
		},
		"GetApplications": {
			vox.ErrInvalidApplicationID: change("application_id", "x"),
			vox.ErrInvalidParameter:     change("count", "0"),
		},
		"SetApplicationInfo": {
			vox.ErrInvalidApplication:   change("application_id", "", "required_application_name", "nobody"),
			vox.ErrApplicationNotUnique: change("application_name", "shop"),
			vox.ErrOnlyOneOf:            change("required_application_name", "shop"),
			vox.ErrMissingParameter:     only("application_name", "other"),
			vox.ErrInvalidParameter:     change("secure_record_storage", "perhaps"),
		},
		"DelApplication": {
			vox.ErrInvalidApplication: only("application_name", "shop;nobody"),
			vox.ErrMissingParameter:   only(),
		},
	}
}

func userRecipes() map[string]map[vox.Error]recipe {
	strangers := scenarios.Scenario{Users: []vox.User{{ID: 9, ApplicationID: 4567, Name: "alice"}}}
	full := scenarios.Scenario{}
	for i := range int64(1000) {
		full.Users = append(full.Users, vox.User{ID: 100_000 + i, ApplicationID: 123, Name: fmt.Sprint("user", i)})
	}
	long := strings.Repeat("x", 8192)
	return map[string]map[vox.Error]recipe{
		"AddUser": {
			vox.ErrTooManyUsers:       {scenario: full},
			vox.ErrInvalidPassword:    change("user_password", "1234567"),
			vox.ErrInvalidUserName:    change("user_name", "x"),
			vox.ErrUserNotUnique:      change("user_name", "alice"),
			vox.ErrInvalidDisplayName: change("user_display_name", ""),
			vox.ErrCustomDataTooLong:  change("user_custom_data", long),
			vox.ErrInvalidApplication: change("application_id", "", "application_name", "nobody"),
			vox.ErrMissingParameter:   change("application_id", ""),
			vox.ErrInvalidParameter:   change("user_active", "perhaps"),
		},
		"GetUsers": {
			vox.ErrInvalidApplicationID: change("application_id", "x"),
			vox.ErrInvalidUserID:        change("user_id", "x"),
			vox.ErrInvalidParameter:     change("order_by", "age"),
		},
		"SetUserInfo": {
			vox.ErrInvalidUserID:      change("user_id", "999"),
			vox.ErrInvalidUserName:    change("user_id", "", "user_name", "nobody", "application_id", "123"),
			vox.ErrInvalidNewUserName: change("new_user_name", "x"),
			vox.ErrUserNotUnique:      {parameters: url.Values{"user_id": {"123"}, "new_user_name": {"carol"}}, scenario: carol()},
			vox.ErrInvalidPassword:    change("user_password", "password"),
			vox.ErrInvalidDisplayName: change("user_display_name", long),
			vox.ErrCustomDataTooLong:  change("user_custom_data", long),
			vox.ErrMissingParameter:   change("user_id", "", "user_name", "alice"),
			vox.ErrInvalidParameter:   change("user_active", "perhaps"),
		},
		"DelUser": {
			vox.ErrInvalidUserID:      change("user_id", "123;999"),
			vox.ErrInvalidUserName:    only("user_name", "nobody", "application_id", "123"),
			vox.ErrInvalidApplication: change("application_name", "nobody"),
			vox.ErrMissingParameter:   only("user_name", "alice"),
		},
		"BindUser": {
			vox.ErrInvalidUserID:      change("user_id", "123;999"),
			vox.ErrInvalidUserName:    only("user_name", "nobody", "application_id", "123"),
			vox.ErrInvalidApplication: change("application_id", "", "application_name", "nobody"),
			vox.ErrUserNotUnique:      {scenario: strangers},
			vox.ErrMissingParameter:   only("user_id", "123"),
			vox.ErrInvalidParameter:   change("bind", "perhaps"),
		},
	}
}

// carol adds a second user to application 123.
func carol() scenarios.Scenario {
	return scenarios.Scenario{Users: []vox.User{{ID: 9, ApplicationID: 123, Name: "carol"}}}
}

func ruleRecipes() map[string]map[vox.Error]recipe {
	return map[string]map[vox.Error]recipe{
		"AddRule": {
			vox.ErrInvalidApplication:    change("application_id", "", "application_name", "nobody"),
			vox.ErrInvalidRuleName:       change("rule_name", ""),
			vox.ErrInvalidPattern:        change("rule_pattern", "("),
			vox.ErrInvalidPatternExclude: change("rule_pattern_exclude", "[7"),
			vox.ErrRuleNotUnique:         change("rule_name", "inbound"),
			vox.ErrInvalidScenarioID:     change("scenario_id", "1;999"),
			vox.ErrMissingParameter:      change("application_id", ""),
			vox.ErrInvalidParameter:      change("video_conference", "perhaps"),
		},
		"GetRules": {
			vox.ErrInvalidApplication: change("application_id", "", "application_name", "nobody"),
			vox.ErrInvalidRuleID:      change("rule_id", "x"),
			vox.ErrMissingParameter:   change("application_id", ""),
			vox.ErrInvalidParameter:   change("offset", "-1"),
		},
		"SetRuleInfo": {
			vox.ErrInvalidRuleID:         change("rule_id", "999"),
			vox.ErrInvalidRuleName:       change("rule_name", strings.Repeat("x", 100)),
			vox.ErrInvalidPattern:        change("rule_pattern", "("),
			vox.ErrInvalidPatternExclude: change("rule_pattern_exclude", "[7"),
			vox.ErrRuleNotUnique:         change("rule_name", "fallback"),
			vox.ErrInvalidParameter:      change("video_conference", "perhaps"),
		},
		"DelRule": {
			vox.ErrInvalidRuleID:      change("rule_id", "1;999"),
			vox.ErrInvalidRuleName:    only("rule_name", "nobody"),
			vox.ErrInvalidApplication: change("application_name", "nobody"),
			vox.ErrOnlyOneOf:          change("rule_name", "fallback"),
			vox.ErrMissingParameter:   only("application_id", "123"),
		},
		"ReorderRules": {
			vox.ErrInvalidRuleID: change("rule_id", "1;7890"), // of two applications
		},
	}
}

func scenarioRecipes() map[string]map[vox.Error]recipe {
	return map[string]map[vox.Error]recipe{
		"AddScenario": {
			vox.ErrInvalidScenarioName: change("scenario_name", strings.Repeat("x", 30)),
			vox.ErrScenarioNotUnique:   change("scenario_name", "inbound"),
			vox.ErrInvalidApplication:  change("application_id", "", "application_name", "nobody"),
			vox.ErrInvalidRuleName:     change("rule_id", "", "rule_name", "nobody"),
			vox.ErrMissingParameter:    only("scenario_name", "a", "rule_name", "inbound"),
			vox.ErrInvalidParameter:    change("rewrite", "perhaps"),
		},
		"GetScenarios": {
			vox.ErrInvalidScenarioID: change("scenario_id", "x"),
			vox.ErrInvalidParameter:  change("count", "0"),
		},
		"SetScenarioInfo": {
			vox.ErrInvalidScenarioID:   change("scenario_id", "999"),
			vox.ErrInvalidScenarioName: change("scenario_name", strings.Repeat("x", 30)),
			vox.ErrScenarioNotUnique:   {parameters: url.Values{"scenario_name": {"second"}}, scenario: secondScenario()},
			vox.ErrOnlyOneOf:           change("required_scenario_name", "inbound"),
			vox.ErrMissingParameter:    only("scenario_name", "other"),
			vox.ErrInvalidParameter:    change("scenario_script", strings.Repeat("x", 128<<10)),
		},
		"DelScenario": {
			vox.ErrInvalidScenarioID: change("scenario_id", "1;999"),
			vox.ErrOnlyOneOf:         change("scenario_id", "1", "scenario_name", "inbound"),
			vox.ErrMissingParameter:  only(),
		},
		"BindScenario": {
			vox.ErrInvalidScenarioID: change("scenario_id", "1;999"),
			vox.ErrInvalidRuleID:     change("rule_id", "999"),
			vox.ErrInvalidRuleName:   change("rule_id", "", "rule_name", "nobody", "application_id", "123"),
			vox.ErrMissingParameter:  only("scenario_id", "1"),
			vox.ErrInvalidParameter:  change("bind", "perhaps"),
		},
		"ReorderScenarios": {
			vox.ErrInvalidRuleID:     change("rule_id", "999"),
			vox.ErrInvalidRuleName:   change("rule_id", "", "rule_name", "nobody"),
			vox.ErrInvalidScenarioID: change("scenario_id", "1"), // not bound to the rule
			vox.ErrOnlyOneOf:         change("rule_name", "fallback"),
			vox.ErrMissingParameter:  only("scenario_id", "2"),
		},
	}
}

// secondScenario adds another shared script.
func secondScenario() scenarios.Scenario {
	return scenarios.Scenario{VoxEngineScenarios: []vox.Scenario{{ID: 9, AccountID: 1, Name: "second"}}}
}

// applicationListings are the lists of applications, users, rules and scripts, on the
// scenario crowded.
func applicationListings() []listing {
	return []listing{
		{"GetUsers", "user_id", []listCall{
			{"application_name=o&order_by=user_id", "123 124 12345"},
			{"application_id=123", "123 124"},
			{"application_name=shop", "12345"},
			{"application_name=o&user_id=124", "124"},
			{"application_name=o&user_name=LI", "123"},
			{"application_name=o&user_active=false", "124"},
			{"application_name=o&user_display_name=ann", "124"},
			{"application_name=o&order_by=user_display_name&count=2&offset=1", "123 12345"},
		}},
		{"GetRules", "rule_id", []listCall{
			{"application_id=123", "1 2 3"},
			{"application_name=shop&with_scenarios=true", "7890"},
			{"application_id=123&rule_id=2", "2"},
			{"application_id=123&rule_name=FALL", "2"},
			{"application_id=123&video_conference=true", "3"},
			{"application_id=123&template=75", "1 2 3"},
			{"application_id=123&template=74951234567", "1 2"},
			{"application_id=123&count=1&offset=2", "3"},
		}},
		{"GetApplications", "application_id", []listCall{
			{"", "123 4567"},
			{"application_id=4567&with_rules=true&with_scenarios=true", "4567"},
			{"application_name=HO", "4567"},
			{"count=1&offset=1", "4567"},
		}},
		{"GetScenarios", "scenario_id", []listCall{
			{"", "1 2 3"},
			{"scenario_id=1&with_script=true", "1"},
			{"scenario_name=greeting", "1"},
			{"application_id=123", "2"},
			{"application_name=shop", "3"},
			{"count=1&offset=1", "2"},
		}},
	}
}
