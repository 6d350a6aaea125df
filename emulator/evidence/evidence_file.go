package evidence

import (
	"bytes"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"
)

// Evidence is what probing a service told: the content of evidence.json.
type Evidence struct {
	// Format is [Format].
	Format int `json:"voxemu_evidence"`
	// Run is part of the name of everything that the run makes.
	Run string `json:"run"`
	// Service is the host that was probed.
	Service string `json:"service"`
	// Started and Finished are in UTC; Finished is zero for an interrupted run.
	Started  time.Time `json:"started"`
	Finished time.Time `json:"finished,omitzero"`
	// Spent is the most that the experiments have cost so far, in the account's currency.
	Spent string `json:"spent"`
	// Before is the inventory at the start: numbers of rows, and checksums of ids.
	Before []string `json:"before,omitempty"`
	// Made is what the run made and has not removed.
	Made []Thing `json:"made,omitempty"`
	// Doubtful is what an interrupted run was making: its call can still take effect after
	// the interruption, so it is looked for once more at the end.
	Doubtful []Thing `json:"doubtful,omitempty"`
	// Results are the verdicts.
	Results []Result `json:"results"`

	encoded [][]byte // of Results: they only become more, and the file is written often
}

// Thing is something that a run makes. It is written before the call that makes it.
type Thing struct {
	// Kind is application, callbacks (settings of the account), key, registration, script,
	// rule or user.
	Kind string `json:"kind"`
	// Name contains the run's id.
	Name string `json:"name"`
	// Within is the name of the application of a rule or user.
	Within string `json:"within,omitempty"`
}

// Result is the verdict on an assumption.
type Result struct {
	// Assumption is its id.
	Assumption string `json:"assumption"`
	// Verdict is the result.
	Verdict Verdict `json:"verdict"`
	// Saw is what the service did, in words.
	Saw string `json:"saw"`
	// Date is the day, as 2026-11-27.
	Date string `json:"date"`
	// Behaviour maps switches of a scenario to the values with which the emulator does the
	// same.
	Behaviour map[string]string `json:"behaviour,omitempty"`
	// MonthlyFee is the fee, if it is another one; empty: it is not.
	MonthlyFee string `json:"monthly_fee,omitempty"`
	// Exchanges are what was sent and received, masked.
	Exchanges []Exchange `json:"exchanges"`
}

// Verdict is the result of an experiment.
type Verdict string

// The verdicts.
const (
	AsAssumed Verdict = "as assumed"
	Otherwise Verdict = "otherwise"
	Unclear   Verdict = "unclear"
)

func newEvidence(upstream string) *Evidence {
	u, _ := url.Parse(upstream) // it was checked
	return &Evidence{
		Format: Format, Run: "vxp" + strings.ToLower(rand.Text()[:8]), Service: u.Host,
		Started: time.Now().UTC().Truncate(time.Second), Results: []Result{}, Spent: "0.00",
	}
}

// runID is what [newEvidence] makes. A file that was changed must not name other things.
var runID = regexp.MustCompile(`^vxp[a-z2-7]{8}$`)

// openEvidence continues the run of a file, or begins one.
func openEvidence(name, upstream string) (*Evidence, error) {
	old, err := ReadEvidence(name)
	if errors.Is(err, fs.ErrNotExist) {
		return newEvidence(upstream), nil
	}
	if err != nil {
		return nil, err
	}
	if !runID.MatchString(old.Run) {
		return nil, fmt.Errorf("%w: %s: run %q is not the id of a run", ErrConfig, name, old.Run)
	}
	if begun := newEvidence(upstream); old.Service != begun.Service {
		return nil, fmt.Errorf("%w: %s is about %s, not %s", ErrConfig, name, old.Service, begun.Service)
	}
	return old, nil
}

// ReadEvidence reads the result of a probe. Errors: a file that cannot be read, or is none.
func ReadEvidence(name string) (*Evidence, error) {
	text, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	var e Evidence
	if err := json.Unmarshal(text, &e); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	if e.Format != Format {
		return nil, fmt.Errorf("%s: not the result of voxemu probe, format %d; want %d", name, e.Format, Format)
	}
	return &e, nil
}

// encode returns the content of the file.
func (e *Evidence) encode() ([]byte, error) {
	for len(e.encoded) < len(e.Results) {
		one, err := json.MarshalIndent(e.Results[len(e.encoded)], "  ", " ")
		if err != nil {
			return nil, err
		}
		e.encoded = append(e.encoded, one)
	}
	head := *e
	head.Results = []Result{}
	text, err := json.MarshalIndent(head, "", " ")
	if err != nil || len(e.encoded) == 0 {
		return text, err
	}
	text = append(bytes.TrimSuffix(text, []byte("]\n}")), "\n  "...)
	return append(append(text, bytes.Join(e.encoded, []byte(",\n  "))...), "\n ]\n}"...), nil
}

// write replaces the file: a new one beside it is renamed when it is complete.
func (e *Evidence) write(name string) error {
	text, err := e.encode()
	if err != nil {
		return err
	}
	beside, err := os.CreateTemp(filepath.Dir(name), filepath.Base(name)+".*.new")
	if err != nil {
		return err
	}
	defer os.Remove(beside.Name())
	_, err = beside.Write(append(text, '\n'))
	if err := errors.Join(err, beside.Close()); err != nil {
		return err
	}
	return os.Rename(beside.Name(), name)
}

func (e *Evidence) has(assumption string) bool {
	return slices.ContainsFunc(e.Results, func(r Result) bool { return r.Assumption == assumption })
}

// ours reports whether the run gave a name.
func (e *Evidence) ours(name string) bool { return strings.HasPrefix(name, e.Run+"-") }

// Behaviour returns a scenario, as YAML, with which the emulator behaves like the service
// that was probed, as far as there are switches.
func (e *Evidence) Behaviour() []byte {
	var text strings.Builder
	fmt.Fprintf(&text, "# As %s behaved on %s.\nextends: empty\n", e.Service, e.Started.Format(time.DateOnly))
	var lines []string
	for _, r := range e.Results {
		for name, value := range r.Behaviour {
			lines = append(lines, "  "+name+": "+value+"\n")
		}
		if r.MonthlyFee != "" {
			fmt.Fprintf(&text, "billing: {monthly_fee: %s}\n", r.MonthlyFee)
		}
	}
	slices.Sort(lines)
	if lines = slices.Compact(lines); len(lines) > 0 {
		text.WriteString("behaviour:\n" + strings.Join(lines, ""))
	}
	return []byte(text.String())
}
