package registrar

import (
	"testing"

	"github.com/voxemu/voxemu/emulator/vox"
)

// Whatever a proxy is called, its registrar has answers.
func FuzzMagicHost(f *testing.F) {
	for _, host := range []string{"sip.example.com", "sip-503.test", "sip-503-then-200.test", "sip-auth.test:5061", "sip-99999999999999999999.test", "sip-.test", "SIP-403.TEST;transport=tcp"} {
		f.Add(host, "")
	}
	f.Fuzz(func(t *testing.T, proxy, password string) {
		r := vox.Registration{ID: 1, Proxy: proxy, Password: password}
		s := scriptOf(vox.Registrar{}, &r)
		if len(s.answers) == 0 {
			t.Fatalf("%q has no answer", proxy)
		}
		for n := range int64(4) {
			a, _ := s.Answer(n)
			s.Repeats(a, n)
		}
	})
}
