package main

import (
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"strconv"
	"time"
)

// usage is what the emulator's process needs, by its own metrics.
type usage struct {
	goroutines, descriptors float64
	heap                    float64 // bytes at which the next collection begins: three times what the last one left
	resident                float64 // bytes
	collected               float64 // when garbage was, unix seconds
}

func (u usage) String() string {
	return fmt.Sprintf("%.0f goroutines, %.0f file descriptors, a heap of up to %.1f MiB, %.1f MiB resident",
		u.goroutines, u.descriptors, u.heap/mebi, u.resident/mebi)
}

const mebi = 1 << 20

// What may differ between two moments without load: a goroutine that is about to
// end, a connection that was just opened, garbage that is not collected yet.
// Resident memory is the peak, of which Go gives back what is free over minutes;
// the peak is a multiple of what is in use.
const (
	slackCount = 8
	slackHeap  = 1.25
	slackFree  = 2.0
	slackBytes = 16 * mebi
)

// grownFrom says what has grown.
func (u usage) grownFrom(before usage) error {
	var errs []error
	for _, figure := range []struct {
		name        string
		before, now float64
		allowed     float64
	}{
		{"goroutines", before.goroutines, u.goroutines, before.goroutines + slackCount},
		{"file descriptors", before.descriptors, u.descriptors, before.descriptors + slackCount},
		{"bytes of the heap", before.heap, u.heap, before.heap*slackHeap + slackBytes},
		{"resident bytes", before.resident, u.resident, before.resident*slackFree + slackBytes},
	} {
		if figure.now > figure.allowed {
			errs = append(errs, fmt.Errorf("%s grew from %.0f to %.0f, allowed are %.0f", figure.name, figure.before, figure.now, figure.allowed))
		}
	}
	return errors.Join(errs...)
}

var metric = regexp.MustCompile(`(?m)^(go_goroutines|process_open_fds|go_memstats_next_gc_bytes|process_resident_memory_bytes|go_memstats_last_gc_time_seconds) (\S+)$`)

// usage reads the metrics.
func (e *emulator) usage() (usage, error) {
	var text []byte
	if err := e.control(http.MethodGet, "metrics", nil, &text); err != nil {
		return usage{}, err
	}
	values := map[string]float64{}
	for _, match := range metric.FindAllSubmatch(text, -1) {
		value, err := strconv.ParseFloat(string(match[2]), 64)
		if err != nil {
			return usage{}, err
		}
		values[string(match[1])] = value
	}
	if len(values) != 5 {
		return usage{}, fmt.Errorf("the metrics lack something: %v", values)
	}
	return usage{
		goroutines: values["go_goroutines"], descriptors: values["process_open_fds"],
		heap: values["go_memstats_next_gc_bytes"], resident: values["process_resident_memory_bytes"],
		collected: values["go_memstats_last_gc_time_seconds"],
	}, nil
}

const (
	// timeout is how long the emulator may take to notice that clients are gone.
	timeout = 15 * time.Second
	// release is how long it may take to be rid of what it held for them and for a
	// save of its state.
	release = 45 * time.Second
	// steady is how long it needs less no more: longer than a save of the state
	// takes, whose text is no garbage meanwhile.
	steady = 3 * time.Second
)

// settled gives the least that the emulator needs while nobody calls but us: small
// calls give it something to collect, until it has collected its garbage three
// times and needs less no more.
func (e *emulator) settled() (usage, error) {
	collections, changed := 0, time.Now()
	return e.least(func(before, now usage) bool {
		if now.collected != before.collected {
			collections++
		}
		if now.less(before) {
			changed = time.Now()
		}
		return collections >= 3 && time.Since(changed) >= steady
	})
}

// backAt gives the least that the emulator needs while nobody calls but us, as
// soon as that is no more than before: what has leaked never comes back.
func (e *emulator) backAt(before usage) (usage, error) {
	return e.least(func(_, now usage) bool { return now.grownFrom(before) == nil })
}

// least reads the metrics and calls, until that is enough or it has had time for
// the release.
func (e *emulator) least(enough func(before, now usage) bool) (usage, error) {
	least, err := e.usage()
	for begin := time.Now(); err == nil && time.Since(begin) < release; {
		var now usage
		if now, err = e.busied(); err != nil {
			break
		}
		before := least
		least = least.least(now)
		if enough(before, least) {
			break
		}
	}
	return least, err
}

// busied reads the metrics after some small calls.
func (e *emulator) busied() (usage, error) {
	for range 50 {
		if err := e.control(http.MethodGet, "registrations", nil, nil); err != nil {
			return usage{}, err
		}
	}
	http.DefaultClient.CloseIdleConnections()
	return e.usage()
}

func (u usage) least(now usage) usage {
	return usage{
		goroutines: min(u.goroutines, now.goroutines), descriptors: min(u.descriptors, now.descriptors),
		heap: min(u.heap, now.heap), resident: min(u.resident, now.resident),
		collected: now.collected,
	}
}

func (u usage) less(before usage) bool {
	return u.goroutines < before.goroutines || u.descriptors < before.descriptors || u.heap < before.heap
}
