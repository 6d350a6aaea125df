package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"os/signal"
	"strings"
	"time"
)

// moveClock asks for a move of the clock and prints the time afterwards, formatted by
// words. On a terminal it shows how far the clock has come. ^C stops the move at the time
// that it has reached.
func (a controlAPI) moveClock(path string, body []byte, words func(reply []byte) (string, error)) error {
	ctx, stop := signal.NotifyContext(a.command.Context(), os.Interrupt)
	defer stop()
	a.command.SetContext(ctx)
	a.http.Timeout = 0 // a year of many registrations takes long
	endProgress := a.showProgress(ctx)
	err := a.print(http.MethodPost, path, body, words)
	endProgress()
	if ctx.Err() == nil {
		return err
	}
	reply, err := a.get(context.WithoutCancel(ctx), "/_voxemu/clock")
	if err != nil {
		return err
	}
	text, err := clockInWords(reply)
	if err != nil {
		return err
	}
	return fmt.Errorf("interrupted; %s: what was due until then has happened", text)
}

// showProgress draws a bar on a terminal from the emulator's events until end is called.
func (a controlAPI) showProgress(ctx context.Context) (end func()) {
	out := a.command.ErrOrStderr()
	if !isTerminal(out) {
		return func() {}
	}
	ctx, cancel := context.WithCancel(ctx)
	done := make(chan struct{})
	go func() {
		defer close(done)
		reply, err := a.send(ctx, http.MethodGet, "/_voxemu/events", nil)
		if err != nil {
			return // the move goes on without a bar
		}
		defer reply.Body.Close()
		defer fmt.Fprint(out, "\r\x1b[K")
		for lines := bufio.NewReader(reply.Body); ; {
			e, err := readEvent(lines)
			if err != nil {
				return // end was called, or the emulator ended
			}
			if bar, ok := progressBar(e); ok {
				fmt.Fprint(out, "\r"+bar)
			}
		}
	}()
	return func() {
		cancel()
		<-done
	}
}

// barWidth is the number of characters of a full bar.
const barWidth = 30

// progressBar returns the bar for an event of a clock that is being moved; false for other
// events.
func progressBar(e event) (bar string, ok bool) {
	var move struct {
		Now, From time.Time
		To        *time.Time
	}
	if e.Type != "clock" || json.Unmarshal(e.Data, &move) != nil || move.To == nil || !move.To.After(move.From) {
		return "", false
	}
	part := float64(move.Now.Sub(move.From)) / float64(move.To.Sub(move.From))
	part = min(max(part, 0), 1)
	full := int(part * barWidth)
	return fmt.Sprintf("%s [%s%s] %3.0f %%", move.Now.UTC().Format(time.DateOnly), strings.Repeat("#", full), strings.Repeat(" ", barWidth-full), 100*part), true
}
