package testkit_test

import (
	"fmt"
	"testing/fstest"

	"github.com/voxemu/voxemu/emulator/vox"
	"github.com/voxemu/voxemu/testkit"
)

func ExampleWithRegistration() {
	t := new(example)
	emu := testkit.Run(t, testkit.Scenario("empty"),
		testkit.WithApplication(vox.Application{ID: 7, Name: "hotline"}),
		testkit.WithRegistration(vox.Registration{SIPUsername: "sales", Proxy: "sip-503.test", ApplicationID: 7}))
	for _, r := range emu.Registrations() {
		fmt.Println(r.ID, r.SIPUsername, r.State, r.StatusCode, r.Price)
	}
	t.end()
	// Output: 1 sales failed 503 1.00
}

// A row replaces an earlier one with the same id.
func ExampleWithAccount() {
	t := new(example)
	emu := testkit.Run(t, testkit.Scenario("empty"),
		testkit.WithAccount(vox.Account{ID: 1, Name: "demo", APIKey: "demo-key", Balance: vox.MustParseMoney("0.50")}))
	ask(emu, "CreateSipRegistration?sip_username=sales&proxy=sip.example.com")
	emu.Expect(testkit.Call("CreateSipRegistration").FailedWith("INSUFFICIENT_MONEY")).Once()
	fmt.Println(emu.Account(1).Balance)
	t.end()
	// Output: 0.50
}

// In your test: //go:embed testdata/*.yaml.
func ExampleScenarioFS() {
	t := new(example)
	files := fstest.MapFS{"testdata/dear.yaml": {Data: []byte("extends: empty\nbilling: {monthly_fee: 30.00}\n")}}
	emu := testkit.Run(t, testkit.ScenarioFS(files, "testdata/dear.yaml"))
	fmt.Println(emu.AddRegistration(vox.Registration{}).Price)
	t.end()
	// Output: 30.00
}

// A non-persistent registration registers only while its user is logged in.
func ExampleEmulator_Login() {
	t := new(example)
	emu := testkit.Run(t, testkit.Scenario("empty"))
	app := emu.AddApplication(vox.Application{})
	user := emu.AddUser(vox.User{ApplicationID: app.ID})
	row := emu.AddRegistration(vox.Registration{NonPersistent: true, ApplicationID: app.ID, UserID: user.ID})
	fmt.Println(row.State)
	emu.Login(user.ID)
	fmt.Println(emu.Registration(row.ID).State)
	emu.Logout(user.ID)
	fmt.Println(emu.Registration(row.ID).State)
	t.end()
	// Output:
	// offline
	// successful
	// offline
}

func ExampleEmulator_Answer() {
	t := new(example)
	emu := testkit.Run(t)
	emu.Answer(1, 403, "Forbidden")
	fmt.Println(emu.Registration(1).State, emu.Registration(1).ErrorMessage)
	t.end()
	// Output: failed Forbidden
}

// Only accounts with a callback_url have callbacks; CallbackSink sets it.
func ExampleEmulator_Callbacks() {
	t := new(example)
	emu := testkit.Run(t)
	emu.CallbackSink()
	emu.Answer(1, 403, "Forbidden")
	emu.Answer(1, 200, "")
	for _, c := range emu.Callbacks() {
		fmt.Println(c.Type, c.State, c.LastStatus)
	}
	t.end()
	// Output:
	// sip_registration_fail delivered 200
	// sip_registration_recovered delivered 200
}

func ExampleEmulator_AdvanceTo() {
	t := new(example)
	emu := testkit.Run(t, testkit.Scenario("empty"))
	row := emu.AddRegistration(vox.Registration{})
	emu.AdvanceTo(row.NextRenewal)
	fmt.Println(emu.Registration(row.ID).NextRenewal.Format("2 January"))
	t.end()
	// Output: 1 May
}
