package lab

import (
	"github.com/voxemu/voxemu/emulator/internal/store"
	"github.com/voxemu/voxemu/scenarios"
)

// Add adds rows to the running state, all or none; see [scenarios.Add]. Registrations
// without a state start at once. It returns the stored rows, with the registrar's answer
// if it has no delay.
func (l *Lab) Add(rows scenarios.Scenario) (scenarios.Scenario, error) {
	var added scenarios.Scenario
	err := l.write(func(tx *store.Tx) error {
		rows, accounts, err := scenarios.Add(running{tx}, rows)
		if err != nil {
			return err
		}
		added = rows
		rows.Accounts = accounts
		return put(tx, rows, l.keys)
	})
	if err != nil {
		return scenarios.Scenario{}, err
	}
	return added, l.read(func(tx *store.Tx) error {
		for _, section := range added.Sections() {
			kindOf(section.Rows).Refresh(tx, section.Rows)
		}
		return nil
	})
}
