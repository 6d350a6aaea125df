package broker_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/voxemu/voxemu/emulator/internal/broker"
)

func TestMessagesReachThoseWhoListenUntilTheyStop(t *testing.T) {
	var b broker.Broker[string]
	b.Publish("to nobody")
	var first, second []string
	stopFirst := b.Listen(func(m string) { first = append(first, m) })
	stopSecond := b.Listen(func(m string) { second = append(second, m) })
	b.Publish("to both")
	stopFirst()
	stopFirst()
	if !b.Active() {
		t.Error("not active with one listener")
	}
	b.Publish("to the second")
	stopSecond()
	if b.Active() {
		t.Error("active without a listener")
	}
	b.Publish("to nobody")
	if diff := cmp.Diff([][]string{{"to both"}, {"to both", "to the second"}}, [][]string{first, second}); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestAFullQueueLosesMessagesAndSaysHowMany(t *testing.T) {
	read := func(q *broker.Queue[int64]) (got []int64) {
		for len(q.Messages()) > 0 {
			got = append(got, <-q.Messages())
		}
		return got
	}
	for name, c := range map[string]struct {
		notice func(int64) int64
		want   []int64
	}{
		"counted":      {nil, []int64{1, 2, 6, 7}},
		"with notices": {func(lost int64) int64 { return -lost }, []int64{1, 2, -3, 6}},
	} {
		q := broker.NewQueue(2, c.notice)
		for m := range int64(5) {
			q.Offer(m + 1)
		}
		got := read(q)
		q.Offer(6)
		q.Offer(7)
		got = append(got, read(q)...)
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
		if want := 7 - int64(len(c.want)); c.notice == nil && q.Lost() != want {
			t.Errorf("%s: lost %d, want %d", name, q.Lost(), want)
		}
	}
}
