package requestlog

import (
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/voxemu/voxemu/emulator/journal"
)

func TestTheOldestEntriesAreEvictedAndCounted(t *testing.T) {
	j := New(3)
	for range 5 {
		called(j, 1, "A")
	}
	wantNumbers(t, "kept", j.Find(journal.Filter{}), 3, 4, 5)
	if diff := cmp.Diff(journal.Stats{Size: 3, Requests: 3, Evicted: 2}, j.Stats()); diff != "" {
		t.Errorf("stats (-want +got):\n%s", diff)
	}
}

func TestAnEntryIsSeenOnceItIsClosed(t *testing.T) {
	j := New(3)
	r := j.Open(journal.APIRequest, noon)
	if n := j.Count(journal.Filter{}); n != 0 {
		t.Errorf("%d requests before Close", n)
	}
	r.Close(noon.Add(time.Second))
	r.Close(noon.Add(time.Minute))
	found := j.Find(journal.Filter{})
	if len(found) != 1 || found[0].Latency != time.Second {
		t.Errorf("after closing twice: %v", found)
	}
}

func TestEntriesStandInTheOrderInWhichTheyBegan(t *testing.T) {
	j := New(2)
	first, second := j.Open(journal.APIRequest, noon), j.Open(journal.APIRequest, noon)
	second.Close(noon)
	first.Close(noon)
	wantNumbers(t, "both", j.Find(journal.Filter{}), 1, 2)
	called(j, 1, "A") // drops the request that ended first
	wantNumbers(t, "after eviction", j.Find(journal.Filter{}), 1, 3)
}

func TestAJournalOfSizeZeroKeepsNothing(t *testing.T) {
	j := New(0)
	called(j, 1, "A", "proxy", "p").Abort(journal.AbortedByClient)
	if diff := cmp.Diff(journal.Stats{}, j.Stats()); diff != "" {
		t.Errorf("stats (-want +got):\n%s", diff)
	}
}

func TestClearingAnAccountLeavesTheOthersAlone(t *testing.T) {
	j := New(4)
	for _, account := range []int64{1, 2, 1, 2, 1, 2} { // drops one request of each
		called(j, account, "A")
	}
	j.ClearAccount(1)
	wantNumbers(t, "kept", j.Find(journal.Filter{}), 4, 6)
	if diff := cmp.Diff(journal.Stats{Size: 4, Requests: 2, Evicted: 1}, j.Stats()); diff != "" {
		t.Errorf("stats (-want +got):\n%s", diff)
	}
	for range 3 { // the ring wraps around
		called(j, 3, "A")
	}
	wantNumbers(t, "after more", j.Find(journal.Filter{}), 6, 7, 8, 9)
	j.Clear()
	if diff := cmp.Diff(journal.Stats{Size: 4}, j.Stats()); diff != "" {
		t.Errorf("stats (-want +got):\n%s", diff)
	}
	wantNumbers(t, "numbers go on", append(j.Find(journal.Filter{}), called(j, 1, "A").seen()), 10)
}

func TestAReplyThatFailsAfterCloseIsMarkedAborted(t *testing.T) {
	j := New(3)
	r := called(j, 1, "A")
	before := j.Find(journal.Filter{})
	r.Abort(journal.AbortedByClient)
	after := j.Find(journal.Filter{Aborted: true})
	if len(after) != 1 || after[0].Aborted != journal.AbortedByClient {
		t.Errorf("%v", after)
	}
	before[0].Aborted = journal.AbortedByClient
	if diff := cmp.Diff(before, after); diff != "" {
		t.Errorf("more than the mark changed:\n%s", diff)
	}
	j.Clear()
	r.Abort(journal.AbortedByFault) // no effect: the request was dropped
	if n := j.Count(journal.Filter{}); n != 0 {
		t.Errorf("%d requests came back", n)
	}
}

func TestConcurrentCallsReadersAndClearsDoNotDisturbEachOther(t *testing.T) {
	j := New(50)
	var all sync.WaitGroup
	const callers, calls = 8, 200
	for account := range int64(callers) {
		all.Go(func() {
			for range calls {
				called(j, account+1, "A", "api_key", "secret").Abort(journal.AbortedByClient)
				j.Find(journal.Filter{AccountID: account + 1})
			}
			j.ClearAccount(account + 1)
		})
	}
	all.Wait()
	if diff := cmp.Diff(journal.Stats{Size: 50}, j.Stats()); diff != "" {
		t.Errorf("stats (-want +got):\n%s", diff)
	}
	if n := called(j, 1, "A").Number; n != callers*calls+1 {
		t.Errorf("number %d, want %d", n, callers*calls+1)
	}
}
