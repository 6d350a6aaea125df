package emulator_test

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/voxemu/voxemu/emulator"
)

func TestOnlyWhatIsInheritedIsOverridden(t *testing.T) {
	for _, test := range []struct{ inherited, want []string }{
		{nil, nil},
		{[]string{"no_proxy=a"}, nil},
		{[]string{"HTTPS_PROXY="}, nil},
		{[]string{"HTTPS_PROXY=http://p"}, []string{"NO_PROXY=emu.test", "no_proxy=emu.test"}},
		{[]string{"all_proxy=socks5://p", "NO_PROXY=a, b", "no_proxy=c"}, []string{"NO_PROXY=a,b,emu.test", "no_proxy=c,emu.test"}},
		{[]string{"http_proxy=http://p", "no_proxy=*"}, []string{"NO_PROXY=*", "no_proxy=*"}},
		{[]string{"http_proxy=http://p", "NO_PROXY=emu.test"}, []string{"NO_PROXY=emu.test", "no_proxy=emu.test"}},
		{[]string{"CURL_CA_BUNDLE=/a"}, []string{"CURL_CA_BUNDLE=/bundle"}},
		{[]string{"SSL_CERT_DIR=/a"}, []string{"SSL_CERT_DIR="}},
	} {
		if diff := cmp.Diff(test.want, emulator.Inherited(test.inherited).Overrides("/bundle", "emu.test")); diff != "" {
			t.Errorf("%q (-want +got):\n%s", test.inherited, diff)
		}
	}
}

// What programs trust is added to, not replaced: the files and folders that variables
// name, each certificate once, without those of voxemu itself.
func TestTheUsualAuthoritiesAreThoseThatVariablesName(t *testing.T) {
	dir := t.TempDir()
	roots := filepath.Join("testdata", "roots.pem")
	text, err := os.ReadFile(roots)
	if err != nil {
		t.Fatal(err)
	}
	ca, err := newServer(t).CA()
	if err != nil {
		t.Fatal(err)
	}
	both := filepath.Join(dir, "both.pem")
	if err := os.WriteFile(both, slices.Concat([]byte("# a comment\n"), ca, text, text), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, around := range []emulator.Inherited{
		{"SSL_CERT_FILE=" + roots}, {"REQUESTS_CA_BUNDLE=" + both}, {"SSL_CERT_DIR=" + dir}, {"CURL_CA_BUNDLE=" + both, "SSL_CERT_FILE=" + roots},
	} {
		if got := around.Authorities(); !bytes.Equal(got, text) {
			t.Errorf("%q:\n%s", around, got)
		}
	}
}
