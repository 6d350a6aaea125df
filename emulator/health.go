package emulator

import (
	"runtime/debug"
)

// Health describes a running emulator.
type Health struct {
	Status    string            `json:"status"`    // always ok
	Version   string            `json:"version"`   // see [Version]
	Scenario  []string          `json:"scenario"`  // as loaded, in order
	Counts    map[string]int    `json:"counts"`    // rows by kind
	Listeners map[string]string `json:"listeners"` // http, https and control, when open
}

// Health describes the running emulator.
func (s *Server) Health() Health {
	h := Health{Status: "ok", Version: Version(), Counts: map[string]int{}, Listeners: map[string]string{}}
	for _, count := range s.lab.RowCounts() {
		h.Counts[count.Kind] = count.Rows
	}
	for scheme, url := range map[string]string{"http": s.URL(), "https": s.TLSURL()} {
		if url != "" {
			h.Listeners[scheme] = url
		}
	}
	if url := s.ControlURL(); s.controlAddr != "" && url != "" {
		h.Listeners["control"] = url
	}
	h.Scenario = s.lab.Names()
	return h
}

// Version is the module's version, or the revision that the binary was built
// from, or "devel".
func Version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "devel"
	}
	if v := info.Main.Version; v != "" && v != "(devel)" {
		return v
	}
	for _, setting := range info.Settings {
		if setting.Key == "vcs.revision" {
			return setting.Value[:min(12, len(setting.Value))]
		}
	}
	return "devel"
}
