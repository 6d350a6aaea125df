package testkit_test

import (
	"bytes"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"github.com/voxemu/voxemu/emulator/fault"
	"github.com/voxemu/voxemu/emulator/vox"
	"github.com/voxemu/voxemu/testkit"
)

// call sends a request as the first account, in memory.
func call(tb testing.TB, emu *testkit.Emulator, query string) {
	tb.Helper()
	reply, err := emu.HTTPClient().Get("http://voxemu/platform_api/" + query + "&account_id=1&api_key=demo-key")
	if err == nil {
		reply.Body.Close()
	}
}

const createBob = "CreateSipRegistration?sip_username=bob&proxy=pbx.example.com"

// failing are tests that fail.
var failing = []struct {
	name string
	test func(testing.TB, *recorder)
}{
	{"a call that never came", func(tb testing.TB, t *recorder) {
		emu := testkit.Run(t)
		call(tb, emu, createBob)
		call(tb, emu, "GetSipRegistrations?count=5")
		emu.Expect(testkit.Call("CreateSipRegistration").With("proxy", "sip.example.com").With("sip_username", "bob")).Once()
	}},
	{"nothing came", func(_ testing.TB, t *recorder) {
		testkit.Run(t).Expect(testkit.Call("CreateSipRegistration")).Once()
	}},
	{"too many calls", func(tb testing.TB, t *recorder) {
		emu := testkit.Run(t)
		call(tb, emu, createBob)
		call(tb, emu, createBob)
		emu.Expect(testkit.Call("CreateSipRegistration").Succeeded()).Once()
		emu.Expect(testkit.AnyCall()).Never()
	}},
	{"the wrong order", func(tb testing.TB, t *recorder) {
		emu := testkit.Run(t)
		call(tb, emu, createBob)
		call(tb, emu, "DeleteSipRegistration?sip_registration_id=1")
		emu.Expect(testkit.Call("DeleteSipRegistration")).InOrder(testkit.Call("CreateSipRegistration"))
	}},
	{"a method that does not exist", func(_ testing.TB, t *recorder) {
		testkit.Run(t).Expect(testkit.Call("CreateSIPRegistration")).Never()
	}},
	{"expectations that nothing could disappoint", func(_ testing.TB, t *recorder) {
		emu := testkit.Run(t)
		create := testkit.Call("CreateSipRegistration")
		t.try(func() { emu.Expect(create.With("sip_user_name", "bob")).Never() })
		t.try(func() { emu.Expect(testkit.AnyCall().Given("sip_user_name")).Never() })
		t.try(func() { emu.Expect(create.FailedWith("INSUFFICIENT_FUNDS")).Never() })
		t.try(func() { emu.Expect(create.With("password", "pa55")).Never() })
		t.try(func() { emu.Expect(create).InOrder(testkit.Call("DelSipRegistration")) })
		t.try(func() { emu.Requests(create.Like("password", "^pa55")) })
		t.try(func() { testkit.Run(t, testkit.AllowMistakes(testkit.Call("CreateSipRegistrations"))) })
	}},
	{"an assertion that asserts nothing", func(_ testing.TB, t *recorder) {
		testkit.Run(t).Expect(testkit.Call("CreateSipRegistration"))
	}},
	{"mistakes of a client", func(tb testing.TB, t *recorder) {
		emu := testkit.Run(t)
		call(tb, emu, createBob+"&persistent=true&authUser=bob&colour=red")
		call(tb, emu, "CreateSipRegistration?sip_username=alice&is_persistent=perhaps")
		call(tb, emu, "CreateSipRegistrations?sip_username=alice")
		if reply, err := emu.HTTPClient().Get("http://voxemu/GetSipRegistrations?account_id=1"); err == nil {
			reply.Body.Close()
		}
	}},
	{"a fault that was never triggered", func(tb testing.TB, t *recorder) {
		emu := testkit.Run(t)
		emu.Fail("CreateSipRegistration", fault.APIError("INSUFFICIENT_MONEY"), testkit.Nth(2))
		emu.Fail("CreateSipRegistration", fault.Close{}, testkit.Times(3))
		call(tb, emu, createBob)
	}},
	{"a fault that makes no sense", func(_ testing.TB, t *recorder) {
		testkit.Run(t).Fail("CreateSipRegistration", fault.APIError("NO_SUCH_ERROR"), testkit.On("proxi", "x"))
	}},
	{"another state", func(_ testing.TB, t *recorder) {
		emu := testkit.Run(t, testkit.Scenario("empty"), testkit.WithRegistration(vox.Registration{SIPUsername: "sales", Proxy: "sip-403.test"}))
		emu.RequireState(testkit.State{Registrations: []vox.Registration{
			{ID: 1, SIPUsername: "sales", Proxy: "sip-403.test", State: vox.Successful, StatusCode: 200, Price: vox.MustParseMoney("2.00")},
		}})
	}},
	{"a row that is not valid", func(_ testing.TB, t *recorder) {
		testkit.Run(t, testkit.WithRegistration(vox.Registration{Proxy: "sip:x", UserID: 99}), testkit.WithRule(vox.Rule{}))
	}},
	{"a scenario that is not valid", func(_ testing.TB, t *recorder) {
		testkit.Run(t, testkit.ScenarioYAML("extends: empty\nregistrations:\n  - {id: 1, sip_usrname: x}\n"))
	}},
	{"two scenarios", func(_ testing.TB, t *recorder) {
		testkit.Run(t, testkit.Scenario("empty"), testkit.ScenarioYAML("extends: demo"))
	}},
	{"things that are not there", func(_ testing.TB, t *recorder) {
		emu := testkit.Run(t)
		t.try(func() { emu.Registration(99) })
		t.try(func() { emu.Account(99) })
		t.try(func() { emu.Credentials("nobody") })
		t.try(func() { emu.TLSURL() })
		t.try(func() { emu.Answer(4, 403, "") })
		t.try(func() { emu.TopUp(1, "much") })
		t.try(func() { emu.Advance(-time.Second) })
		t.try(func() { emu.AdvanceTo(testkit.Start().Add(-time.Second)) })
	}},
}

func TestAFailureExplainsItself(t *testing.T) {
	got := &txtar.Archive{}
	for _, f := range failing {
		r := &recorder{name: f.name}
		r.try(func() { f.test(t, r) })
		r.end()
		got.Files = append(got.Files, txtar.File{Name: f.name, Data: []byte(stable(r.text()) + "\n")})
	}
	const path = "testdata/failures.txtar"
	if *update {
		if err := os.WriteFile(path, txtar.Format(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(bytes.TrimSpace(want)), string(bytes.TrimSpace(txtar.Format(got)))); diff != "" {
		t.Errorf("failures read otherwise (-want +got); rewrite with make golden:\n%s", diff)
	}
}

// stable removes line numbers and the spaces that go-cmp varies on purpose.
func stable(text string) string {
	var lines []string
	for line := range strings.Lines(strings.ReplaceAll(text, "\u00a0", " ")) {
		if before, after, ok := strings.Cut(line, "_test.go:"); ok {
			_, rest, _ := strings.Cut(after, ": ")
			line = before + "_test.go:LINE: " + rest
		}
		lines = append(lines, line)
	}
	return strings.Join(lines, "")
}
