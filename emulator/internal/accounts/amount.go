package accounts

import (
	"strings"

	"github.com/voxemu/voxemu/emulator/vox"
)

// amount is Money as a JSON number without a fraction if it is whole, because the Go SDK
// decodes several amounts into integers and refuses 2.0 (docs/evidence.md#prices).
type amount vox.Money

// MarshalJSON writes for example 2 or 2.50.
func (a amount) MarshalJSON() ([]byte, error) {
	return []byte(strings.TrimSuffix(vox.Money(a).String(), ".00")), nil
}
