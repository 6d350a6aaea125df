package testkit

import (
	"context"
	"time"

	"github.com/voxemu/voxemu/emulator/vox"
)

// Advance moves the emulator's clock forward by d and runs, in order, everything that
// becomes due. Each event costs at most some tenths of a millisecond, time without events
// nothing. A negative d, or one beyond the year 2199, ends the test.
func (e *Emulator) Advance(d time.Duration) {
	e.tb.Helper()
	e.must(e.server.Advance(d))
}

// AdvanceTo is [Emulator.Advance] to a time, for example the day of a renewal. A time in
// the past ends the test.
func (e *Emulator) AdvanceTo(at time.Time) {
	e.tb.Helper()
	e.must(e.server.SetTime(at))
}

// Now returns the emulator's time, in UTC.
func (e *Emulator) Now() time.Time { return e.server.Now() }

// settleLimit limits the wait for receivers of callbacks, on the machine's clock; an
// attempt takes at most five seconds.
const settleLimit = time.Minute

// Settle runs everything that is due by now and waits until each callback that can be
// sent has been answered or waits for its retry. After a minute of the machine's clock it
// ends the test.
func (e *Emulator) Settle() {
	e.tb.Helper()
	limited, cancel := context.WithTimeout(context.Background(), settleLimit)
	defer cancel()
	e.must(e.server.Settle(limited))
}

// Callbacks returns the callbacks of all accounts by id, after [Emulator.Settle]: those
// that are not final and the latest final ones, with their state and attempts.
func (e *Emulator) Callbacks() []vox.Callback {
	e.tb.Helper()
	e.Settle()
	return e.server.Callbacks(0)
}

// Answer makes the registrar answer a registration now. status is 200, or a SIP status
// from 300 to 699; an empty reason is the standard one. A registration that is unknown or
// not registering ends the test.
func (e *Emulator) Answer(registrationID int64, status int, reason string) {
	e.tb.Helper()
	e.must(e.server.Answer(registrationID, status, reason))
}

// Login logs a user in through an SDK: the non-persistent registration that is bound to
// the user registers. An unknown id ends the test.
func (e *Emulator) Login(userID int64) {
	e.tb.Helper()
	e.must(e.server.Login(userID))
}

// Logout logs a user out: that registration goes offline. An unknown id ends the test.
func (e *Emulator) Logout(userID int64) {
	e.tb.Helper()
	e.must(e.server.Logout(userID))
}

// TopUp adds money to an account, in its currency, for example "10.00". Frozen
// subscriptions that it can then pay are reactivated at once. An amount that is not above
// 0, or an unknown account, ends the test.
func (e *Emulator) TopUp(accountID int64, amount string) {
	e.tb.Helper()
	money, err := vox.ParseMoney(amount)
	e.must(err)
	e.must(e.server.TopUp(accountID, money))
}

// FreezeAccount freezes or unfreezes an account, as the platform's administrators can. To
// freeze an unpaid registration, use [Emulator.Advance] instead.
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
