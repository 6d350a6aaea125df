package evidence

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"time"

	"go.yaml.in/yaml/v4"
)

// AcceptedFile is the name of the file with accepted differences.
const AcceptedFile = ".voxcompare.yaml"

// Accepted is a difference that is no failure.
type Accepted struct {
	// Kind and Path are those of the difference.
	Kind Kind   `yaml:"kind" json:"kind"`
	Path string `yaml:"path,omitempty" json:"path,omitempty"`
	// Method is the method that shows it; empty: any.
	Method string `yaml:"method,omitempty" json:"method,omitempty"`
	// Recorded is what the service sends; empty: anything.
	Recorded string `yaml:"recorded,omitempty" json:"recorded,omitempty"`
	// Reason is why it is accepted.
	Reason string `yaml:"reason" json:"reason"`
	// Date is when it was accepted, as 2026-11-27.
	Date string `yaml:"date" json:"date"`
}

// ReadAccepted reads a file of accepted differences: a list under the member accepted. All
// of its mistakes are in the error.
func ReadAccepted(name string) ([]Accepted, error) {
	text, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	var file struct {
		Accepted []Accepted `yaml:"accepted"`
	}
	err = yaml.Load(text, &file, yaml.WithKnownFields())
	if err != nil && !errors.Is(err, io.EOF) && len(bytes.TrimSpace(text)) > 0 {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	var mistakes []error
	for i, a := range file.Accepted {
		if !slices.Contains(Kinds(), a.Kind) {
			mistakes = append(mistakes, fmt.Errorf("%s: accepted %d: kind %q; want one of %v", name, i+1, a.Kind, Kinds()))
		}
		if a.Reason == "" {
			mistakes = append(mistakes, fmt.Errorf("%s: accepted %d: needs a reason", name, i+1))
		}
		if _, err := time.Parse(time.DateOnly, a.Date); err != nil {
			mistakes = append(mistakes, fmt.Errorf("%s: accepted %d: date %q; want a day such as 2026-11-27", name, i+1, a.Date))
		}
	}
	return file.Accepted, errors.Join(mistakes...)
}

func (a Accepted) is(d Difference) bool {
	return a.Kind == d.Kind && a.Path == d.Path && (a.Recorded == "" || a.Recorded == d.Recorded) &&
		(a.Method == "" || len(d.Methods) == 1 && d.Methods[0] == a.Method)
}

// accept marks accepted differences and notes those that are not used.
func (r *Report) accept(all []Accepted) {
	for _, a := range all {
		used := false
		for i := range r.Differences {
			if a.is(r.Differences[i]) {
				r.Differences[i].Accepted, used = a.Reason, true
			}
		}
		if !used {
			r.Unused = append(r.Unused, a)
		}
	}
}
