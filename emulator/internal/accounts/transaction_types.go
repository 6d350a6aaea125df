package accounts

import (
	"slices"

	"github.com/voxemu/voxemu/emulator/vox"
)

// otherTypes are the types of the service that nothing here is recorded with; they
// may be asked for.
func otherTypes() []string {
	return []string{
		"gift_revoke", "resource_charge", "money_distribution", "card_periodic_payment", "card_overrun_payment",
		"rub_card_periodic_payment", "rub_card_overrun_payment", "rub_card_payment", "robokassa_payment", "gift", "promo",
		"adjustment", "wire_transfer", "us_wire_transfer", "discount", "mgp_charge", "mgp_startup", "mgp_business",
		"mgp_big_business", "mgp_enterprise", "mgp_large_enterprise", "techsupport_charge", "monthly_fee_charge",
		"grace_credit_payment", "grace_credit_provision", "mau_charge", "mau_overrun", "im_charge", "im_overrun", "fmc_charge",
		"development_fee", "money_transfer_to_child", "money_transfer_to_parent", "money_acceptance_from_child",
		"money_acceptance_from_parent", "phone_number_installation", "phone_number_charge",
		"toll_free_phone_number_installation", "toll_free_phone_number_charge", "services", "user_money_transfer",
		"paypal_payment", "paypal_overrun_payment", "paypal_periodic_payment",
	}
}

func knownTypes(asked []string) error {
	for _, name := range asked {
		if !slices.Contains(vox.TransactionTypes(), vox.TransactionType(name)) && !slices.Contains(otherTypes(), name) {
			return vox.ErrInvalidTransaction.On("transaction_type").Because("types such as subscription_charge, separated by semicolons")
		}
	}
	return nil
}
