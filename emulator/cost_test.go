package emulator_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/voxemu/voxemu/emulator"
	"github.com/voxemu/voxemu/emulator/journal"
	"github.com/voxemu/voxemu/emulator/vox"
)

// BenchmarkCall measures a whole request in memory, with and without the journal, which
// may cost a tenth of the throughput.
func BenchmarkCall(b *testing.B) {
	for _, method := range []string{"CreateSipRegistration", "GetSipRegistrations"} {
		for _, size := range []int{0, journal.DefaultSize} {
			b.Run(fmt.Sprintf("%s/journal=%d", method, size), func(b *testing.B) {
				s := newServer(b, emulator.WithJournalSize(size))
				if err := s.TopUp(1, vox.MustParseMoney("1000000000")); err != nil { // enough for any number of creates
					b.Fatal(err)
				}
				body := apiKey(bare(b, method)).Encode()
				b.ReportAllocs()
				for b.Loop() {
					r := httptest.NewRequest("POST", path(method), strings.NewReader(body))
					r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
					w := httptest.NewRecorder()
					s.Handler().ServeHTTP(w, r)
					if w.Code != http.StatusOK || strings.HasPrefix(w.Body.String(), `{"error"`) {
						b.Fatal(w.Body)
					}
				}
			})
		}
	}
}
