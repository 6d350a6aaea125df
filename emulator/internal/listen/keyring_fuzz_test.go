package listen

import (
	"strings"
	"testing"
)

// What is kept in a key's file is a key pair or an error.
func FuzzKeptKey(f *testing.F) {
	pair, err := NewKeyPair()
	if err != nil {
		f.Fatal(err)
	}
	f.Add(pair.Private)
	f.Add(pair.Private[:len(pair.Private)/2])
	f.Add(strings.ReplaceAll(pair.Private, "PRIVATE KEY", "RSA PRIVATE KEY"))
	f.Add("-----BEGIN PRIVATE KEY-----\n-----END PRIVATE KEY-----\n")
	f.Fuzz(func(t *testing.T, text string) {
		pair, err := PairOf(text)
		if err != nil {
			return
		}
		if again, err := PairOf(pair.Private); err != nil || again != pair {
			t.Errorf("%q is read as another pair the second time: %v", text, err)
		}
	})
}
