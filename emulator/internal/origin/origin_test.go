package origin_test

import (
	"net/http/httptest"
	"testing"

	"github.com/voxemu/voxemu/emulator/internal/origin"
)

func TestOriginsAreAllowedAsBrowsersSendThem(t *testing.T) {
	for _, c := range []struct {
		allow, sent string
		want        bool
	}{
		{"http://localhost:3000", "http://localhost:3000", true},
		{"HTTP://LocalHost:3000", "http://localhost:3000", true},
		{"https://app.example.com:443", "https://app.example.com", true},
		{"http://app.example.com:80", "http://app.example.com", true},
		{"http://app.example.com:443", "http://app.example.com", false},
		{"http://localhost:3000", "https://localhost:3000", false},
		{"http://localhost:3000", "http://localhost:3001", false},
		{"http://localhost:3000", "http://localhost:3000.example.com", false},
		{"http://localhost:3000", "null", false},
		{"http://localhost:3000", "", false},
	} {
		allowed, err := origin.Parse("http://first.test", c.allow)
		if err != nil {
			t.Fatal(err)
		}
		r := httptest.NewRequest("GET", "/", nil)
		r.Header.Set("Origin", c.sent)
		if got := allowed.Contains(r); got != c.want {
			t.Errorf("%q allows %q: %t", c.allow, c.sent, got)
		}
	}
}

func TestWhatIsNoOriginCannotBeAllowed(t *testing.T) {
	for _, text := range []string{"", "*", "null", "localhost", "localhost:3000", "http://", "http://*.test", "http://a/", "http://a/b", "http://a?b", "http://u@a", "http://a b", "//a"} {
		if _, err := origin.Parse(text); err == nil {
			t.Errorf("%q was accepted", text)
		}
	}
}
