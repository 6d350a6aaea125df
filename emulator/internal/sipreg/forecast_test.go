package sipreg_test

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/voxemu/voxemu/emulator/internal/sipreg"
	"github.com/voxemu/voxemu/emulator/internal/store"
	"github.com/voxemu/voxemu/emulator/vox"
)

func TestAForecastNamesWhatDecidesAndWhatComes(t *testing.T) {
	w := newWorld(t, func(s *vox.Settings) {
		s.Registrar.Delay = time.Second
		s.Registrar.Rules = []vox.RegistrarRule{
			{Proxy: "*.locked.example", StatusCode: 403, Reason: "Go away"},
			{Proxy: "*.flaky.example", Answers: []int64{503, 200}, Delay: time.Minute},
		}
	})
	offline := at("a.flaky.example")
	offline.IsPersistent = false
	for why, c := range map[string]struct {
		params sipreg.CreateParams
		want   vox.Forecast
	}{
		"the first rule":  {at("a.locked.example"), vox.Forecast{Rule: 1, Answers: []string{"403 Go away"}, Delay: time.Second}},
		"the second rule": {at("a.flaky.example:5080"), vox.Forecast{Rule: 2, Answers: []string{"503 Service Unavailable", "200 OK"}, Delay: time.Minute}},
		"a magic host":    {at("sip-slow-5s.test:5080"), vox.Forecast{MagicHost: "sip-slow-5s.test", Answers: []string{"200 OK"}, Delay: 5 * time.Second}},
		"another host":    {at("pbx.example"), vox.Forecast{Answers: []string{"200 OK"}, Delay: time.Second}},
		"nobody logged in": {offline, vox.Forecast{
			Rule: 2, Offline: "is non-persistent and its user is not logged in", Answers: []string{"503 Service Unavailable", "200 OK"}, Delay: time.Minute,
		}},
	} {
		id := w.create(c.params)
		err := w.store.Read(w.now, func(tx *store.Tx) error {
			got, err := sipreg.Forecast(tx, id)
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("%s (-want +got):\n%s", why, diff)
			}
			_, unknown := sipreg.Forecast(tx, id+1000)
			if !errors.Is(unknown, vox.ErrInvalidRegistrationID) {
				t.Errorf("an unknown one: %v", unknown)
			}
			return err
		})
		if err != nil {
			t.Error(err)
		}
	}
}
