package emulator

import (
	"sync"

	"github.com/voxemu/voxemu/emulator/internal/accounts"
	"github.com/voxemu/voxemu/emulator/internal/applications"
	"github.com/voxemu/voxemu/emulator/internal/listen"
	"github.com/voxemu/voxemu/emulator/internal/platform"
	"github.com/voxemu/voxemu/emulator/internal/sipreg"
)

// methods is the table of methods, connected once per process and shared by all servers.
var methods = sync.OnceValues(func() (platform.Table, error) {
	spec, err := compiled()
	if err != nil {
		return platform.Table{}, err
	}
	return platform.Connect(spec,
		platform.Write("CreateSipRegistration", sipreg.Create),
		platform.Write("UpdateSipRegistration", sipreg.Update),
		platform.Write("BindSipRegistration", sipreg.Bind),
		platform.Write("DeleteSipRegistration", sipreg.Delete),
		platform.Read("GetSipRegistrations", sipreg.List),

		platform.Write("AddApplication", applications.AddApplication),
		platform.Read("GetApplications", applications.GetApplications),
		platform.Write("SetApplicationInfo", applications.SetApplicationInfo),
		platform.Write("DelApplication", applications.DelApplication),

		platform.Write("AddUser", applications.AddUser),
		platform.Read("GetUsers", applications.GetUsers),
		platform.Write("SetUserInfo", applications.SetUserInfo),
		platform.Write("DelUser", applications.DelUser),
		platform.Write("BindUser", applications.BindUser),

		platform.Write("AddRule", applications.AddRule),
		platform.Read("GetRules", applications.GetRules),
		platform.Write("SetRuleInfo", applications.SetRuleInfo),
		platform.Write("DelRule", applications.DelRule),
		platform.Write("ReorderRules", applications.ReorderRules),

		platform.Write("AddScenario", applications.AddScenario),
		platform.Read("GetScenarios", applications.GetScenarios),
		platform.Write("SetScenarioInfo", applications.SetScenarioInfo),
		platform.Write("DelScenario", applications.DelScenario),
		platform.Write("BindScenario", applications.BindScenario),
		platform.Write("ReorderScenarios", applications.ReorderScenarios),

		platform.Write("Logon", accounts.Logon),
		platform.Write("Logout", accounts.Logout),
		platform.Read("GetAccountInfo", accounts.GetAccountInfo),
		platform.Write("SetAccountInfo", accounts.SetAccountInfo),
		platform.Read("GetChildrenAccounts", accounts.GetChildrenAccounts),
		platform.Write("SetChildAccountInfo", accounts.SetChildAccountInfo),
		platform.Read("GetSubscriptionPrice", accounts.GetSubscriptionPrice),
		platform.Read("GetMoneyAmountToCharge", accounts.GetMoneyAmountToCharge),
		platform.Read("GetCurrencyRate", accounts.GetCurrencyRate),
		platform.Read("GetTransactionHistory", accounts.GetTransactionHistory),
		platform.Read("GetAuditLog", accounts.GetAuditLog),

		platform.WriteAfter("CreateKey", accounts.PrepareKey(newKeyPair), accounts.CreateKey),
		platform.Read("GetKeys", accounts.GetKeys),
		platform.Write("UpdateKey", accounts.UpdateKey),
		platform.Write("DeleteKey", accounts.DeleteKey),
		platform.Write("SetKeyRoles", accounts.SetKeyRoles),
		platform.Read("GetKeyRoles", accounts.GetKeyRoles),
		platform.Write("RemoveKeyRoles", accounts.RemoveKeyRoles),
		platform.Read("GetRoles", accounts.GetRoles),
		platform.Read("GetRoleGroups", accounts.GetRoleGroups),

		platform.Write("AddAuthorizedAccountIP", accounts.AddAuthorizedAccountIP),
		platform.Read("GetAuthorizedAccountIPs", accounts.GetAuthorizedAccountIPs),
		platform.Write("DelAuthorizedAccountIP", accounts.DelAuthorizedAccountIP),
		platform.Read("CheckAuthorizedAccountIP", accounts.CheckAuthorizedAccountIP),

		platform.Write("AddSipWhiteListItem", accounts.AddSipWhiteListItem),
		platform.Read("GetSipWhiteList", accounts.GetSipWhiteList),
		platform.Write("SetSipWhiteListItem", accounts.SetSipWhiteListItem),
		platform.Write("DelSipWhiteListItem", accounts.DelSipWhiteListItem),
	)
})

// newKeyPair adapts [listen.NewKeyPair] for methods, which must not import that package.
func newKeyPair() (private, public string, err error) {
	pair, err := listen.NewKeyPair()
	return pair.Private, pair.Public, err
}
