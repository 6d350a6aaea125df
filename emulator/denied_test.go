package emulator_test

import (
	"net/url"
	"strings"
	"testing"

	"github.com/voxemu/voxemu/emulator/journal"
)

// The reply to the client is the same for all reasons.
func TestTheJournalKnowsWhyACallerWasRefused(t *testing.T) {
	s := newServer(t)
	replies := map[string]bool{}
	for _, test := range []struct{ account, key, denied string }{
		{"1", "wrong", "account 1 exists, but its api_key differs"},
		{"1", "", "account 1 exists, but the call has no api_key, account_password or token"},
		{"77", "demo-key", "no account has this account_id"},
	} {
		replies[answer(t, s.Handler(), get("GetSipRegistrations", url.Values{"account_id": {test.account}, "api_key": {test.key}}))] = true
		all := s.Journal().Find(journal.Filter{})
		if got := all[len(all)-1].Denied; !strings.HasPrefix(got, test.denied) || strings.Contains(got, "demo-key") {
			t.Errorf("account %s with api_key %q: denied because %q, want %q", test.account, test.key, got, test.denied)
		}
	}
	if len(replies) != 1 {
		t.Errorf("the replies differ: %v", replies)
	}
	answer(t, s.Handler(), get("GetSipRegistrations", apiKey(url.Values{})))
	all := s.Journal().Find(journal.Filter{})
	if got := all[len(all)-1]; got.Denied != "" || got.Code != 0 {
		t.Errorf("a caller who was let in: %+v", got)
	}
}
