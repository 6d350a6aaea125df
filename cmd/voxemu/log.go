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

// textHandler writes the log for people: a line per record, what does not fit in
// a line indented below it.
type textHandler struct {
	out     io.Writer
	mutex   *sync.Mutex // guards out
	level   slog.Level
	paint   painter
	attrs   []slog.Attr
	grouped string // the open groups, each with a dot behind it
}

// newTextHandler makes a handler for records from a level on.
func newTextHandler(out io.Writer, level slog.Level) slog.Handler {
	colours := os.Getenv("NO_COLOR") == "" && showsColours(out)
	return textHandler{out: out, mutex: &sync.Mutex{}, level: level, paint: painter(colours)}
}

// painter colours text, if it is true.
type painter bool

// colour is the number of a colour or an emphasis of ANSI terminals.
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

// WithAttrs is the handler with attributes for all records.
func (h textHandler) WithAttrs(attrs []slog.Attr) slog.Handler {
	h.attrs = slices.Clone(h.attrs)
	for _, a := range attrs {
		h.attrs = append(h.attrs, slog.Attr{Key: h.grouped + a.Key, Value: a.Value})
	}
	return h
}

// WithGroup is the handler with a prefix for the names of attributes.
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

// request is a request to the API, for example
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

// outcome is what became of a request, given its attributes.
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

// milliseconds has one digit behind the point, as many as needed for short times.
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

// list is an attribute that is a list of lines.
func list(value slog.Value) []string {
	lines, _ := value.Any().([]string)
	return slices.Clone(lines)
}

// other is any record but a request: the message, then the attributes.
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
		case strings.Contains(text, "\n"): // a stack, or several mistakes
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
