package accounts

import (
	"github.com/voxemu/voxemu/emulator/vox"
)

// Profile is the settings that SetAccountInfo and SetChildAccountInfo share.
type Profile struct {
	Language                    string  `param:"language_code"`
	Location                    string  `param:"location"`
	MinBalanceToNotify          string  `param:"min_balance_to_notify"`
	AccountNotifications        *bool   `param:"account_notifications"`
	TariffChangingNotifications *bool   `param:"tariff_changing_notifications"`
	NewsNotifications           *bool   `param:"news_notifications"`
	CallbackURL                 *string `param:"callback_url"`
	CallbackSalt                *string `param:"callback_salt"`
}

func (p Profile) apply(a *vox.Account) error {
	if _, ok := timeZone(p.Location); !ok {
		return vox.ErrInvalidParameter.On("location").Because("the name of a time zone such as Europe/Berlin, or an offset such as GMT-8")
	}
	if p.MinBalanceToNotify != "" {
		limit, err := vox.ParseMoney(p.MinBalanceToNotify)
		if err != nil {
			return vox.ErrInvalidAmount.On("min_balance_to_notify").Because("at most twelve digits and six decimals")
		}
		a.MinBalanceToNotify = limit
	}
	if p.CallbackURL != nil && *p.CallbackURL != "" {
		if _, err := vox.ParseCallbackURL(*p.CallbackURL); err != nil {
			return vox.ErrInvalidCallbackURL.On("callback_url").Because(err.Error() + ", or an empty text")
		}
	}
	set(&a.Language, p.Language)
	set(&a.Location, p.Location)
	replace(&a.AccountNotifications, p.AccountNotifications)
	replace(&a.TariffChangingNotifications, p.TariffChangingNotifications)
	replace(&a.NewsNotifications, p.NewsNotifications)
	replace(&a.CallbackURL, p.CallbackURL)
	replace(&a.CallbackSalt, p.CallbackSalt)
	return nil
}

// set replaces a text unless the given one is empty.
func set(field *string, given string) {
	if given != "" {
		*field = given
	}
}

// replace replaces a value unless the given pointer is nil.
func replace[V any](field *V, given *V) {
	if given != nil {
		*field = *given
	}
}
