package requestlog

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/voxemu/voxemu/emulator/journal"
)

func TestWaitReturnsOnceEnoughEntriesMatch(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		j := New(2)
		called(j, 1, "A")
		done := make(chan error, 1)
		go func() { done <- j.Wait(t.Context(), journal.Filter{Method: "A"}, 4) }()
		synctest.Wait()
		for _, method := range []string{"A", "B", "A", "B"} {
			called(j, 1, method)
		}
		j.Clear() // does not reduce the count
		synctest.Wait()
		select {
		case err := <-done:
			t.Fatalf("returned after three: %v", err)
		default:
		}
		called(j, 1, "A")
		if err := <-done; err != nil {
			t.Error(err)
		}
		if j.listeners.Active() {
			t.Error("still listening")
		}
	})
}

func TestWaitSaysHowManyCameWhenTheContextEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		j := New(5)
		called(j, 1, "A")
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		err := j.Wait(ctx, journal.Filter{Method: "A"}, 2)
		if !errors.Is(err, context.DeadlineExceeded) || err.Error() != "waited in vain for 2 requests of A: 1 came" {
			t.Errorf("%v", err)
		}
	})
}

func TestWaitForWhatIsThereDoesNotLookAtTheContext(t *testing.T) {
	j := New(5)
	called(j, 1, "A")
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	for _, n := range []int{-1, 0, 1} {
		if err := j.Wait(ctx, journal.Filter{}, n); err != nil {
			t.Errorf("%d: %v", n, err)
		}
	}
}

func TestASlowSubscriberLosesRequestsAndKnowsHowMany(t *testing.T) {
	j := New(1)
	s := j.Subscribe(journal.Filter{Method: "A"}, 2)
	for _, method := range []string{"A", "B", "A", "A", "A"} {
		called(j, 1, method, "api_key", "hush")
	}
	wantNumbers(t, "received", []journal.Request{<-s.Requests(), <-s.Requests()}, 1, 3)
	if n := s.Dropped(); n != 2 {
		t.Errorf("dropped %d, want 2", n)
	}
	s.Close()
	s.Close()
	called(j, 1, "A")
	select {
	case e := <-s.Requests():
		t.Errorf("%v came after Close", e)
	default:
	}
	if j.listeners.Active() {
		t.Error("still listening")
	}
}

func TestAnUnreadRequestIsMaskedWhenItIsRead(t *testing.T) {
	j := New(5)
	var reads []func() journal.Request
	stop := j.ListenUnread(journal.Filter{Method: "A"}, func(read func() journal.Request) { reads = append(reads, read) })
	called(j, 1, "B")
	r := j.Open(journal.APIRequest, noon)
	r.Method = "A"
	r.Replied(200, "application/json", []byte(`{"api_key":"secret"}`))
	r.Close(noon)
	if len(reads) != 1 || r.shown.reply != "" {
		t.Fatalf("%d requests, reply %q before it is read", len(reads), r.shown.reply)
	}
	if got := reads[0]().Reply; got != `{"api_key":"***"}` {
		t.Errorf("reply %s", got)
	}
	stop()
	ended := j.Listen(journal.Filter{}, func(journal.Request) {})
	ended()
	ended()
	if n := j.reading.Load(); n != 0 || j.listeners.Active() {
		t.Errorf("%d readers after all have stopped", n)
	}
}
