package main

import (
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"strconv"
	"time"
)

// usage is the resource usage of the emulator's process, from its metrics.
type usage struct {
	goroutines, descriptors float64
	heap                    float64 // bytes at which the next collection starts: three times the live heap
	resident                float64 // bytes
	collected               float64 // time of the last garbage collection, Unix seconds
}

func (u usage) String() string {
	return fmt.Sprintf("%.0f goroutines, %.0f file descriptors, a heap of up to %.1f MiB, %.1f MiB resident",
		u.goroutines, u.descriptors, u.heap/mebi, u.resident/mebi)
}

const mebi = 1 << 20

// Differences that are allowed between two measurements without load: a goroutine that is
// about to end, a connection that was just opened, garbage that is not collected yet.
// Resident memory is a peak, a multiple of the memory in use; Go returns free memory only
// over minutes.
const (
	slackCount = 8
	slackHeap  = 1.25
	slackFree  = 2.0
	slackBytes = 16 * mebi
)

// grownFrom returns an error that lists what has grown.
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
	// timeout is the maximum time in which the emulator notices that clients are gone.
	timeout = 15 * time.Second
	// release is the maximum time in which it frees what it held for them and for a save
	// of its state.
	release = 45 * time.Second
	// steady is the time without a decrease after which the usage counts as minimal. It
	// is longer than a save of the state, whose text stays in memory meanwhile.
	steady = 3 * time.Second
)

// settled returns the minimal usage while no other client sends requests. It sends small
// requests to trigger garbage collections, until three have run and the usage does not
// decrease any more.
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

// backAt returns the usage as soon as it is not above the previous one, while no other
// client sends requests. After a leak this never happens.
func (e *emulator) backAt(before usage) (usage, error) {
	return e.least(func(_, now usage) bool { return now.grownFrom(before) == nil })
}

// least reads the metrics and sends requests until the usage is low enough or the time
// for release is over.
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

// busied reads the metrics after some small requests.
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
