// Package testkit runs the emulator inside a Go test, in one line:
//
//	func TestProvisioning(t *testing.T) {
//		emu := testkit.Run(t)
//		client := myapp.New(emu.URL(), emu.AccountID(), emu.APIKey())
//		…
//		emu.Expect(testkit.Call("CreateSipRegistration").With("proxy", "sip.example.com")).Once()
//	}
//
// Each test has its own emulator, which is closed when the test ends. It costs about 0.1
// ms, so run one per test and per case, in parallel. Emulators share nothing, leave
// nothing behind, and need neither network nor home directory.
//
// # Connect
//
// [Emulator.URL] opens a free port of 127.0.0.1 on its first call; [RunTLS] adds HTTPS
// for clients that require it. [Emulator.HTTPClient] and [Emulator.Handler] need no port.
// Clients authenticate with [Emulator.AccountID] and [Emulator.APIKey], with a
// credentials file ([Emulator.CredentialsFile]) or with a token ([Emulator.Token]);
// [Emulator.Env] returns everything as environment variables for a child process. With
// [Shared] the same test can use an emulator that is already running.
//
// # State
//
// The emulator starts with the built-in scenario demo: account 1 with the api_key
// demo-key, keys such as owner-key, two applications, four registrations. Select another
// scenario by name or path ([Scenario]), as text ([ScenarioYAML]) or from an embed.FS
// ([ScenarioFS]). Add rows with options ([WithRegistration] and similar ones) or later
// ([Emulator.AddRegistration] and similar ones): set the fields that matter to the test;
// the others get defaults, and the stored row is returned.
//
// # Time and events
//
// The clock is stopped at [Start]. [Emulator.Advance] and [Emulator.AdvanceTo] move it
// and run all events on the way: answers of registrars, refreshes, retries, monthly
// charges, freezing. [Emulator.Answer], [Emulator.Login], [Emulator.Logout],
// [Emulator.TopUp] and [Emulator.FreezeAccount] cause an event now. Tests need no sleeps:
// [Emulator.Settle] waits for callbacks, [Emulator.Callbacks] lists them, and
// [Emulator.CallbackSink] receives them and checks their hashes.
//
// # Faults
//
// [Emulator.Fail] makes requests for a method fail, in the ways of package fault:
//
//	emu.Fail("CreateSipRegistration", fault.APIError("INSUFFICIENT_MONEY"), testkit.Nth(2))
//	emu.Fail("CreateSipRegistration", fault.Close{}, testkit.After(), testkit.Times(1)) // saved, but no reply
//
// Options select requests ([Nth], [On], [Times], [When]) and change the fault ([After],
// [Delayed]). A fault that was never triggered fails the test at its end, unless it is
// [Optional].
//
// # Verification
//
// [Emulator.Expect] asserts which requests were sent, how often and in which order;
// [Emulator.Requests] returns them; [Emulator.RequireState] compares the emulator's
// state. Failures list the expectation, the matching requests and the most similar ones.
// An expectation that can never fail, for example on a parameter that the method does not
// have or on the value of a password, ends the test.
//
// Without any assertion the test fails at its end if the client made common mistakes that
// the real service does not report: unknown parameters (it ignores them), methods that do
// not exist, and values that the specification does not allow. A test that makes them on
// purpose must allow them: [AllowUnknown], [AllowMistakes].
//
// [Emulator.For] returns the emulator for a subtest. [Emulator.Snapshot] and
// [Emulator.Restore] reset the state between the cases of a table.
package testkit
