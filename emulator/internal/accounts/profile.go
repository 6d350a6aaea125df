package accounts

import (
	"net/url"
	"time"

	"github.com/voxemu/voxemu/emulator/vox"
)

// Profile is what an account and a child account can have changed alike.
type Profile struct {
	Language           string `param:"language_code"`
	Location           string `param:"location"`
	MinBalanceToNotify string `param:"min_balance_to_notify"`
}

// apply changes what is given.
func (p Profile) apply(a *vox.Account) error {
	if p.Location != "" {
		if _, err := time.LoadLocation(p.Location); err != nil || p.Location == "Local" {
			return vox.ErrInvalidParameter.On("location").Because("the name of a time zone such as Europe/Berlin")
		}
		a.Location = p.Location
	}
	if p.MinBalanceToNotify != "" {
		limit, err := vox.ParseMoney(p.MinBalanceToNotify)
		if err != nil {
			return vox.ErrInvalidAmount.On("min_balance_to_notify").Because("at most twelve digits and six decimals")
		}
		a.MinBalanceToNotify = limit
	}
	set(&a.Language, p.Language)
	return nil
}

// set keeps what is there when nothing is given.
func set(field *string, given string) {
	if given != "" {
		*field = given
	}
}

// callbackURL refuses what is not an absolute URL of HTTP.
func callbackURL(text string) error {
	u, err := url.Parse(text)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return vox.ErrInvalidCallbackURL.On("callback_url").Because("an absolute http or https URL")
	}
	return nil
}
