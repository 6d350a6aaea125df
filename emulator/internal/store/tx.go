package store

import (
	"time"

	"github.com/voxemu/voxemu/emulator/vox"
)

// Tx is a transaction: a snapshot, changes that are not committed, and a time. A Tx is for
// one goroutine, and must not be used after the function that received it returns.
type Tx struct {
	now time.Time
	*changes
	undo        []undo // in the order of the changes
	settingsWas *vox.Settings
	after       []func()          // functions to call after the commit
	following   []func(*Tx) error // transactions to run after this one succeeded
	warnings    []string          // for the caller of the transaction
}

// undo is a change of a row, for undoing it and for the observer. The transaction may be
// one of several in a commit, of which only its own changes are undone.
type undo struct {
	rows    *changedRows
	at      int // in rows
	was     any
	lastWas int64
}

// Now returns the transaction's time, which is the same for everything in it.
func (tx *Tx) Now() time.Time { return tx.now }

// Warn adds a warning for the caller of the transaction, on something accepted that the
// real service may refuse.
func (tx *Tx) Warn(text string) { tx.warnings = append(tx.warnings, text) }

// Warnings returns the texts of [Tx.Warn], in order.
func (tx *Tx) Warnings() []string { return tx.warnings }

// AfterCommit registers a function that is called after the commit, before Write returns;
// it is not called after an error. Such functions run in the order of the commits, and
// block further commits: they must not write.
func (tx *Tx) AfterCommit(run func()) { tx.after = append(tx.after, run) }

// Then registers a function that runs after this transaction has succeeded: in its own
// transaction with the same time, seen by the observer, and in the same commit, which
// halves the cost. It is for events that are due at the transaction's own time, which the
// clock would run otherwise. If a function fails or panics, it changes nothing; the clock
// then runs it and those after it. The same holds for all but the first 32 of a write,
// and for all of [Store.Replace].
func (tx *Tx) Then(fn func(*Tx) error) { tx.following = append(tx.following, fn) }

// Settings returns the scenario's settings; the zero value before any were set.
func (tx *Tx) Settings() vox.Settings {
	if s := tx.totals().settings; s != nil {
		return *s
	}
	return vox.Settings{}
}

// SetSettings replaces the settings.
func (tx *Tx) SetSettings(s vox.Settings) { tx.changeTotals().settings = &s }

// rollBack undoes the changes of this transaction, the last one first.
func (tx *Tx) rollBack() {
	for i := len(tx.undo) - 1; i >= 0; i-- {
		u := tx.undo[i]
		tx.set(u.rows, u.at, u.was)
		tx.changeTotals().last[u.rows.kind.number] = u.lastWas
	}
	if tx.totals().settings != tx.settingsWas {
		tx.changeTotals().settings = tx.settingsWas
	}
}
