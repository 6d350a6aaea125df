package main

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"log/slog"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// textHandler writes the log for people: one line per record, and long attributes
// indented below it.
type textHandler struct {
	out     io.Writer
	mutex   *sync.Mutex // guards out
	level   slog.Level
	paint   painter
	attrs   []slog.Attr
	grouped string // names of open groups, each followed by a dot
}

// newTextHandler returns a handler for records of a level or above.
func newTextHandler(out io.Writer, level slog.Level) slog.Handler {
	colours := os.Getenv("NO_COLOR") == "" && showsColours(out)
	return textHandler{out: out, mutex: &sync.Mutex{}, level: level, paint: painter(colours)}
}

// painter colours text if it is true.
type painter bool

// colour is an ANSI number of a colour or style.
type colour int

const (
	faint  colour = 2
	red    colour = 31
	green  colour = 32
	yellow colour = 33
)

func (p painter) in(c colour, text string) string {
	if !p || text == "" {
		return text
	}
	return fmt.Sprintf("\x1b[%dm%s\x1b[0m", c, text)
}

// Enabled reports whether records of a level are written.
func (h textHandler) Enabled(_ context.Context, level slog.Level) bool { return level >= h.level }

// WithAttrs returns a handler that adds attributes to all records.
func (h textHandler) WithAttrs(attrs []slog.Attr) slog.Handler {
	h.attrs = slices.Clone(h.attrs)
	for _, a := range attrs {
		h.attrs = append(h.attrs, slog.Attr{Key: h.grouped + a.Key, Value: a.Value})
	}
	return h
}

// WithGroup returns a handler that adds a prefix to the names of attributes.
func (h textHandler) WithGroup(name string) slog.Handler {
	h.grouped += name + "."
	return h
}

// Handle writes a record.
func (h textHandler) Handle(_ context.Context, record slog.Record) error {
	attrs := slices.Clone(h.attrs)
	record.Attrs(func(a slog.Attr) bool {
		if !a.Equal(slog.Attr{}) {
			attrs = append(attrs, slog.Attr{Key: h.grouped + a.Key, Value: a.Value.Resolve()})
		}
		return true
	})
	line := ""
	if !record.Time.IsZero() {
		line = h.paint.in(faint, record.Time.Format("15:04:05")) + " "
	}
	if record.Message == "request" {
		line += h.request(attrs)
	} else {
		line += h.other(record, attrs)
	}
	h.mutex.Lock()
	defer h.mutex.Unlock()
	_, err := io.WriteString(h.out, line+"\n")
	return err
}

// request formats a request to the API, for example
// #14 GetSipRegistrations  account 1  → HTTP 502 (rule flaky-3)  0.3 ms.
func (h textHandler) request(attrs []slog.Attr) string {
	value := map[string]slog.Value{}
	text := map[string]string{}
	for _, a := range attrs {
		value[a.Key], text[a.Key] = a.Value, a.Value.String()
	}
	line := "#" + text["number"] + " " + cmp.Or(text["method"], "no method")
	if text["account"] != "" {
		line += "  account " + text["account"]
	}
	line += "  → " + h.outcome(text) + "  " + h.paint.in(faint, milliseconds(value["took_ms"]))
	below := list(value["mistakes"])
	if text["denied"] != "" {
		below = append(below, text["denied"])
	}
	for _, warning := range append(below, list(value["warnings"])...) {
		line += "\n    " + h.paint.in(yellow, warning)
	}
	return line
}

// outcome formats the result of a request from its attributes.
func (h textHandler) outcome(text map[string]string) string {
	said, c := "ok", green
	switch {
	case text["error"] != "":
		said, c = text["error"]+" ("+text["code"]+")", red
		if text["field"] != "" {
			said += " on " + text["field"]
		}
	case text["status"] == "0":
		said, c = "no reply", red
	case text["status"] != "200":
		said, c = "HTTP "+text["status"], red
	}
	if text["aborted"] != "" && text["status"] != "0" {
		said, c = said+", cut off", red
	}
	said = h.paint.in(c, said)
	if text["fault"] != "" {
		said += " (rule " + text["fault"] + ")"
	}
	return said
}

// milliseconds has one decimal, or more for short times.
func milliseconds(took slog.Value) string {
	if took.Kind() != slog.KindFloat64 {
		return ""
	}
	digits := 1
	if took.Float64() < 0.1 {
		digits = 3
	}
	return strconv.FormatFloat(took.Float64(), 'f', digits, 64) + " ms"
}

func list(value slog.Value) []string {
	lines, _ := value.Any().([]string)
	return slices.Clone(lines)
}

// other formats any record other than a request: the message, then the attributes.
func (h textHandler) other(record slog.Record, attrs []slog.Attr) string {
	line, below := "", ""
	switch {
	case record.Level >= slog.LevelError:
		line = h.paint.in(red, "error: ")
	case record.Level >= slog.LevelWarn:
		line = h.paint.in(yellow, "warning: ")
	}
	line += record.Message
	separator := "  "
	for _, a := range attrs {
		text := a.Value.String()
		switch {
		case strings.Contains(text, "\n"): // a stack trace, or several mistakes
			below += "\n    " + strings.ReplaceAll(strings.TrimSpace(text), "\n", "\n    ")
			continue
		case text == "" || strings.ContainsAny(text, " =\"") || strconv.Quote(text) != `"`+text+`"`:
			text = strconv.Quote(text)
		}
		line += separator + h.paint.in(faint, a.Key+"=") + text
		separator = " "
	}
	return line + below
}
