package scenarios

import (
	"time"

	"github.com/voxemu/voxemu/emulator/vox"
)

// checkState reports states that no registration can have.
func (d *draft) checkState(c checker, r *vox.Registration) {
	oneOf(c, "state", r.State, vox.States()...)
	switch {
	case r.State != "" && r.State != vox.Offline && r.Deactivated:
		c.refuse("state", "want offline or none beside deactivated: a frozen registration does not register")
	case r.State != "" && r.State != vox.Offline && r.NonPersistent && !d.loggedIn(r.UserID):
		c.refuse("state", "want offline or none beside non_persistent: it registers only while its user is logged in")
	case r.State == vox.Successful && r.StatusCode != 200:
		c.refuse("status_code", "want 200, or none, for a successful registration")
	case r.State == vox.Failed && !failing(r.StatusCode):
		c.refuse("status_code", "want 300 to 699 for a failed registration")
	case r.State != vox.Successful && r.State != vox.Failed && r.StatusCode != 0:
		c.refuse("status_code", "want none unless the state is successful or failed")
	case r.State != vox.Failed && r.ErrorMessage != "":
		c.refuse("error_message", "want none unless the state is failed")
	case r.State == vox.Successful && r.Failing:
		c.refuse("failing", "want none for a successful registration")
	case r.State == vox.Successful && r.NeverSuccessful:
		c.refuse("never_successful", "want none for a successful registration")
	case (r.State == "" || r.State == vox.Offline) && !r.Due.IsZero():
		c.refuse("due", "want none unless the state is in_progress, successful or failed")
	}
	c.text("error_message", r.ErrorMessage, false)
	if r.Answers < 0 {
		c.refuse("answers", "want at least 0")
	}
	c.moment("last_updated", r.LastUpdated)
	c.moment("purchase_date", r.PurchaseDate)
	c.moment("next_subscription_renewal", r.NextRenewal)
	c.moment("due", r.Due)
}

func (d *draft) loggedIn(user int64) bool {
	row, ok := find[vox.User](d, user)
	return ok && row.LoggedIn
}

// failing reports whether a SIP status ends an attempt to register as failed.
func failing(status int64) bool { return status >= 300 && status <= 699 }

// moment reports times outside the range of the emulator's clock.
func (c checker) moment(field string, at time.Time) {
	if !at.IsZero() && (at.Year() < 1970 || at.Year() > 2199) {
		c.refuse(field, "want a moment from 1970 to 2199")
	}
}
