package store_test

import (
	"bytes"
	"cmp"
	"math"
	"testing"

	"pgregory.net/rapid"

	"github.com/voxemu/voxemu/emulator/internal/store"
)

func TestKeysOfNumbersSortLikeTheNumbersAndAreRead(t *testing.T) {
	numbers := rapid.OneOf(rapid.Int64(), rapid.Int64Range(-2, 70), rapid.Int64Range(1<<store.SmallBits-2, 1<<store.SmallBits+2),
		rapid.SampledFrom([]int64{math.MinInt64, math.MaxInt64}))
	rapid.Check(t, func(t *rapid.T) {
		before := rapid.SliceOf(rapid.Byte()).Draw(t, "before")
		a, b := numbers.Draw(t, "a"), numbers.Draw(t, "b")
		keyA, keyB := store.AppendNumber(nil, a), store.AppendNumber(nil, b)
		if got, want := bytes.Compare(keyA, keyB), cmp.Compare(a, b); got != want {
			t.Fatalf("the keys of %d and %d compare as %d", a, b, got)
		}
		if a != b && bytes.HasPrefix(keyA, keyB) {
			t.Fatalf("the key of %d begins with that of %d", a, b)
		}
		whole := store.AppendNumber(append([]byte{0, 1}, before...), a)
		if got := store.LastNumber(whole); got != a || !bytes.Equal(store.BeforeNumber(whole)[2:], before) {
			t.Fatalf("%d after % x is read as %d", a, before, got)
		}
		if rest := store.AfterNumber(store.AppendNumber(keyA, b)); !bytes.Equal(rest, keyB) {
			t.Fatalf("after the key of %d: % x", a, rest)
		}
	})
}
