package testkit

import (
	"context"
	"time"

	"github.com/voxemu/voxemu/emulator/vox"
)

// Advance moves the emulator's time forward by d. Everything that becomes due on
// the way has happened, in order, when it returns: a month costs microseconds.
func (e *Emulator) Advance(d time.Duration) {
	e.tb.Helper()
	e.must(e.server.Advance(d))
}

// Now is the emulator's time, in UTC.
func (e *Emulator) Now() time.Time { return e.server.Now() }

// settleLimit bounds the wait for receivers of callbacks, on the machine's clock;
// an attempt takes at most five seconds.
const settleLimit = time.Minute

// Settle makes everything happen that is due by now, waits until every callback
// that can be sent now was answered or waits for its retry, and returns.
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
	return e.server.Callbacks()
}

// Answer has the registrar answer a registration now: 200, or a SIP status from
// 300 to 699 with its reason; an empty reason is the standard one.
func (e *Emulator) Answer(registrationID int64, status int, reason string) {
	e.tb.Helper()
	e.must(e.server.Answer(registrationID, status, reason))
}

// Login lets a user log in through an SDK: the non-persistent registration that
// is bound to the user registers.
func (e *Emulator) Login(userID int64) {
	e.tb.Helper()
	e.must(e.server.Login(userID))
}

// Logout lets a user log out: that registration goes offline.
func (e *Emulator) Logout(userID int64) {
	e.tb.Helper()
	e.must(e.server.Logout(userID))
}

// TopUp pays money into an account, for example "10.00"; what it can then pay
// thaws at once.
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
