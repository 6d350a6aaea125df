package control

import (
	"fmt"
	"time"

	"github.com/voxemu/voxemu/emulator/vox"
)

func (a *API) getHealth(nothing) (vox.Health, error) { return a.Health(), nil }

// Health describes the running server.
func (a *API) Health() vox.Health {
	counts := map[string]int{}
	for _, count := range a.Lab.RowCounts() {
		counts[count.Kind] = count.Rows
	}
	return vox.Health{Status: "ok", Version: a.Version, Scenario: a.Lab.Names(), Counts: counts, Listeners: a.Listeners(), Saved: a.saved.Load(), SIP: a.Lab.SIPState()}
}

// ReportSave records that a save to a file, begun at a time, succeeded or failed. Calls
// must not be concurrent.
func (a *API) ReportSave(at time.Time, err error) {
	var next vox.Saved
	if last := a.saved.Load(); last != nil {
		next = *last
	}
	if err == nil {
		next.At, next.Failure = at.UTC(), ""
	} else {
		next.Failures, next.Failure = next.Failures+1, err.Error()
	}
	a.saved.Store(&next)
}

func (a *API) saveMetrics() []metric {
	saved := a.saved.Load()
	if saved == nil {
		return nil
	}
	return []metric{
		gauge("voxemu_state_saved_timestamp_seconds", "When the last successful save of the state began, in unix seconds.", float64(saved.At.UnixMilli())/1000),
		{"voxemu_state_save_failures_total", "counter", "Failed saves of the state.", []sample{{"", float64(saved.Failures)}}},
	}
}

// Settings are the settings with which the server was started, without secrets.
type Settings struct {
	Scenarios     []string `json:"scenarios"`
	Strict        bool     `json:"strict"`
	Expose        bool     `json:"expose"`
	AllowedHosts  []string `json:"allowed_hosts,omitempty"`
	AllowOrigins  []string `json:"allow_origins,omitempty"`
	Addr          string   `json:"addr"`
	TLSAddr       string   `json:"tls_addr"`
	ControlAddr   string   `json:"control_addr"`
	ControlToken  bool     `json:"control_token"`
	AllowShutdown bool     `json:"allow_shutdown"`
	NoConsole     bool     `json:"no_console,omitempty"`
	ConfigDir     string   `json:"config_dir"`
}

func (a *API) getConfiguration(nothing) (Settings, error) { return a.Settings, nil }

// coverage lists the real service's methods by how the emulator supports them.
type coverage struct {
	// Emulated are the emulated methods.
	Emulated []string `json:"emulated"`
	// Partly maps methods to their parameters that have no effect, with reasons.
	Partly map[string]map[string]string `json:"partly"`
	// NotEmulated maps other methods to reasons. They are answered with error 103 and a
	// warning.
	NotEmulated map[string]string `json:"not_emulated"`
}

func (a *API) getCoverage(nothing) (coverage, error) {
	c := coverage{Emulated: []string{}, Partly: map[string]map[string]string{}, NotEmulated: map[string]string{}}
	for _, method := range a.Contract.Methods() {
		if len(method.Ignored) > 0 {
			c.Partly[method.Name] = method.Ignored
		} else {
			c.Emulated = append(c.Emulated, method.Name)
		}
	}
	for name, gap := range a.Contract.Gaps() {
		c.NotEmulated[name] = gap.Because
	}
	return c, nil
}

type assumptionList struct {
	Assumptions []vox.Assumption `json:"assumptions"`
}

func (a *API) listAssumptions(nothing) (assumptionList, error) {
	return assumptionList{a.Contract.Assumptions()}, nil
}

func (a *API) getCA(nothing) (textReply, error) {
	pem, err := a.CA()
	return textReply{mediaType: "application/x-pem-file", text: pem}, err
}

func (a *API) shutDown(nothing) (done, error) {
	if a.Shutdown == nil {
		return done{}, fmt.Errorf("%w: start with --allow-shutdown (emulator.WithShutdown) to allow this", vox.ErrForbidden)
	}
	a.Shutdown()
	return ok, nil
}
