package testkit_test

import (
	"io"
	"net/http"
	"testing"

	"github.com/voxemu/voxemu/testkit"
)

// BenchmarkRun is what a test pays: an emulator, one call, the end. The promise
// is 300 µs and 1,500 allocations.
func BenchmarkRun(b *testing.B) {
	b.Run("socket", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			cost(b, func(emu *testkit.Emulator) (*http.Client, string) {
				return &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}, emu.URL()
			})
		}
	})
	b.Run("memory", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			cost(b, func(emu *testkit.Emulator) (*http.Client, string) { return emu.HTTPClient(), "http://voxemu" })
		}
	})
}

// cost runs an emulator, makes a call and ends the test.
func cost(tb testing.TB, connect func(*testkit.Emulator) (*http.Client, string)) {
	t := &recorder{name: "cost"}
	client, base := connect(testkit.Run(t))
	reply, err := client.Get(base + "/platform_api/GetSipRegistrations?account_id=1&api_key=demo-key")
	if err != nil {
		tb.Fatal(err)
	}
	if _, err := io.Copy(io.Discard, reply.Body); err != nil {
		tb.Fatal(err)
	}
	reply.Body.Close()
	if t.end(); len(t.failures) > 0 {
		tb.Fatal(t.failures)
	}
}
