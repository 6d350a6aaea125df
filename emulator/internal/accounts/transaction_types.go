package accounts

import (
	"slices"

	"github.com/voxemu/voxemu/emulator/vox"
)

func knownTypes(asked []string) error {
	for _, name := range asked {
		if !slices.Contains(vox.TransactionTypes(), vox.TransactionType(name)) {
			return vox.ErrInvalidTransaction.On("transaction_type").Because("types such as sip_registration_charge, separated by semicolons")
		}
	}
	return nil
}
