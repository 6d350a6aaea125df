package control

import (
	"bytes"
	"os"
	"runtime"
	"strconv"
)

// processMetrics returns the metrics of the process, with the names that Prometheus's Go
// client uses. Metrics that only Linux provides are omitted elsewhere.
func processMetrics() []metric {
	var memory runtime.MemStats
	runtime.ReadMemStats(&memory)
	list := []metric{
		gauge("go_goroutines", "Goroutines that exist.", float64(runtime.NumGoroutine())),
		gauge("go_memstats_last_gc_time_seconds", "When the last collection ended, in unix seconds.", float64(memory.LastGC)/1e9),
		gauge("go_memstats_next_gc_bytes", "Size of the heap at which the next collection begins, in bytes.", float64(memory.NextGC)),
	}
	if descriptors, err := os.ReadDir("/proc/self/fd"); err == nil {
		list = append(list, gauge("process_open_fds", "Open file descriptors.", float64(len(descriptors))))
	}
	if pages, ok := residentPages(); ok {
		list = append(list, gauge("process_resident_memory_bytes", "Resident memory, in bytes.", float64(pages*os.Getpagesize())))
	}
	return list
}

func gauge(name, help string, value float64) metric {
	return metric{name, "gauge", help, []sample{{"", value}}}
}

// residentPages returns the second number of /proc/self/statm.
func residentPages() (int, bool) {
	text, err := os.ReadFile("/proc/self/statm")
	if fields := bytes.Fields(text); err == nil && len(fields) > 1 {
		pages, err := strconv.Atoi(string(fields[1]))
		return pages, err == nil
	}
	return 0, false
}
