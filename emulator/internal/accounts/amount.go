package accounts

import (
	"strings"

	"github.com/voxemu/voxemu/emulator/vox"
)

// amount is money as a JSON number, whole amounts without a fraction: the Go SDK
// decodes several of them into integers and refuses 2.0 (docs/evidence.md#prices).
type amount vox.Money

// MarshalJSON writes 2 or 2.50.
func (a amount) MarshalJSON() ([]byte, error) {
	return []byte(strings.TrimSuffix(vox.Money(a).String(), ".00")), nil
}
