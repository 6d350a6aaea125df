package accounts

import (
	"regexp"
	"strconv"
	"time"

	"github.com/voxemu/voxemu/emulator/internal/store"
	"github.com/voxemu/voxemu/emulator/vox"
)

// autoZone selects the time zone of the caller's account (A93).
const autoZone = "auto"

// in replaces auto by the location of the caller's account, or UTC if it has none.
func (h History) in(tx *store.Tx, caller vox.Principal) History {
	if h.Timezone == autoZone {
		account, _ := store.Get(tx, store.Accounts, caller.AccountID)
		h.Timezone = account.Location
	}
	return h
}

// offset matches GMT-8, UTC+3 or UTC+03:00; positive is ahead of UTC.
var offset = regexp.MustCompile(`^(?:GMT|UTC)([+-])(\d{1,2})(?::([0-5]\d))?$`)

// longestOffset is the offset of Pacific/Kiritimati, in hours.
const longestOffset = 14

// timeZone parses the name of a time zone or an offset (A93); an empty name is UTC.
func timeZone(name string) (*time.Location, bool) {
	found := offset.FindStringSubmatch(name)
	if found == nil {
		zone, err := time.LoadLocation(name)
		return zone, err == nil && name != "Local"
	}
	hours, _ := strconv.Atoi(found[2])   // one or two digits
	minutes, _ := strconv.Atoi(found[3]) // two digits, or none for 0
	seconds := (hours*60 + minutes) * 60
	if found[1] == "-" {
		seconds = -seconds
	}
	return time.FixedZone(name, seconds), hours*60+minutes <= longestOffset*60
}
