package listen

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestAKeyPairIsMadeOnceAndKeptInTheFolder(t *testing.T) {
	for _, dir := range []string{"", filepath.Join(t.TempDir(), "missing")} {
		keyring := NewKeyring(dir)
		if pair, err := keyring.Kept("a"); err != nil || pair != (KeyPair{}) {
			t.Errorf("%q: before it is made: %v, %v", dir, pair, err)
		}
		made, err := keyring.Make("a")
		if err != nil {
			t.Fatal(err)
		}
		if again, err := keyring.Make("a"); err != nil || again != made {
			t.Errorf("%q: made twice (error %v)", dir, err)
		}
		kept, err := NewKeyring(dir).Kept("a")
		if want := map[bool]KeyPair{true: {}, false: made}[dir == ""]; err != nil || kept != want {
			t.Errorf("%q: after a restart: %v, %v", dir, kept, err)
		}
		if derived, err := PairOf(made.Private); err != nil || derived != made {
			t.Errorf("%q: the halves do not belong together (error %v)", dir, err)
		}
	}
}

func TestABrokenKeyPairIsNamed(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "keys", "a.pem")
	if err := os.Mkdir(filepath.Dir(file), 0o700); err != nil {
		t.Fatal(err)
	}
	write(t, file, "no key")
	if _, err := NewKeyring(dir).Make("a"); err == nil || !strings.Contains(err.Error(), file) {
		t.Errorf("error %v, want the file's name", err)
	}
}
