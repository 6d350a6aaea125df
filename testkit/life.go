package testkit

import (
	"context"
	"time"

	"github.com/voxemu/voxemu/emulator/vox"
)

// Advance moves the emulator's time forward by d. Everything that becomes due on
// the way has happened, in order, when it returns; each event costs some tenths of
// a millisecond at most, the days between them nothing. A negative d, or one beyond
// the year 2199, ends the test.
func (e *Emulator) Advance(d time.Duration) {
	e.tb.Helper()
	e.must(e.server.Advance(d))
}

// AdvanceTo is [Emulator.Advance] up to a moment, the day of a renewal for example.
// One that has passed ends the test.
func (e *Emulator) AdvanceTo(at time.Time) {
	e.tb.Helper()
	e.must(e.server.SetTime(at))
}

// Now is the emulator's time, in UTC.
func (e *Emulator) Now() time.Time { return e.server.Now() }

// settleLimit bounds the wait for receivers of callbacks, on the machine's clock;
// an attempt takes at most five seconds.
const settleLimit = time.Minute

// Settle makes everything happen that is due by now, waits until every callback
// that can be sent now was answered or waits for its retry, and returns. After a
// minute of the machine's time it ends the test.
func (e *Emulator) Settle() {
	e.tb.Helper()
	limited, cancel := context.WithTimeout(context.Background(), settleLimit)
	defer cancel()
	e.must(e.server.Settle(limited))
}

// Callbacks are the callbacks of all accounts by id, after [Emulator.Settle]:
// those that wait and the last ones that are done, with their state and attempts.
func (e *Emulator) Callbacks() []vox.Callback {
	e.tb.Helper()
	e.Settle()
	return e.server.Callbacks(0)
}

// Answer has the registrar answer a registration now: 200, or a SIP status from
// 300 to 699 with its reason; an empty reason is the standard one. An unknown
// registration, and one that is not registering, end the test.
func (e *Emulator) Answer(registrationID int64, status int, reason string) {
	e.tb.Helper()
	e.must(e.server.Answer(registrationID, status, reason))
}

// Login lets a user log in through an SDK: the non-persistent registration that
// is bound to the user registers. An unknown id ends the test.
func (e *Emulator) Login(userID int64) {
	e.tb.Helper()
	e.must(e.server.Login(userID))
}

// Logout lets a user log out: that registration goes offline. An unknown id ends
// the test.
func (e *Emulator) Logout(userID int64) {
	e.tb.Helper()
	e.must(e.server.Logout(userID))
}

// TopUp pays money into an account, in its currency, for example "10.00"; what it
// can then pay thaws at once. An amount that is not above 0, or an unknown account,
// ends the test.
func (e *Emulator) TopUp(accountID int64, amount string) {
	e.tb.Helper()
	money, err := vox.ParseMoney(amount)
	e.must(err)
	e.must(e.server.TopUp(accountID, money))
}

// FreezeAccount has the platform's administrators freeze an account, or unfreeze
// it. A registration that is not paid freezes by itself: see [Emulator.Advance].
func (e *Emulator) FreezeAccount(accountID int64, frozen bool) {
	e.tb.Helper()
	e.must(e.server.SetAccountFrozen(accountID, frozen))
}

func (e *Emulator) must(err error) {
	e.tb.Helper()
	if err != nil {
		e.tb.Fatalf("testkit: %v", err)
	}
}
