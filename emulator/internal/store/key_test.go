package store

import (
	"bytes"
	"cmp"
	"math"
	"testing"

	"pgregory.net/rapid"
)

func TestKeysOfNumbersSortLikeTheNumbersAndAreRead(t *testing.T) {
	numbers := rapid.OneOf(rapid.Int64(), rapid.Int64Range(-2, 70), rapid.Int64Range(1<<smallBits-2, 1<<smallBits+2),
		rapid.SampledFrom([]int64{math.MinInt64, math.MaxInt64}))
	rapid.Check(t, func(t *rapid.T) {
		before := rapid.SliceOf(rapid.Byte()).Draw(t, "before")
		a, b := numbers.Draw(t, "a"), numbers.Draw(t, "b")
		keyA, keyB := appendNumber(nil, a), appendNumber(nil, b)
		if got, want := bytes.Compare(keyA, keyB), cmp.Compare(a, b); got != want {
			t.Fatalf("the keys of %d and %d compare as %d", a, b, got)
		}
		if a != b && bytes.HasPrefix(keyA, keyB) {
			t.Fatalf("the key of %d begins with that of %d", a, b)
		}
		whole := appendNumber(append([]byte{0, 1}, before...), a)
		if got := lastNumber(whole); got != a || !bytes.Equal(beforeNumber(whole)[2:], before) {
			t.Fatalf("%d after % x is read as %d", a, before, got)
		}
		if rest := afterNumber(appendNumber(keyA, b)); !bytes.Equal(rest, keyB) {
			t.Fatalf("after the key of %d: % x", a, rest)
		}
	})
}
