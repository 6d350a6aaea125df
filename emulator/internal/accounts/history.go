package accounts

import (
	"cmp"
	"slices"
	"time"
	_ "time/tzdata" // time zones must not depend on the machine

	"github.com/voxemu/voxemu/emulator/internal/query"
	"github.com/voxemu/voxemu/emulator/internal/reply"
	"github.com/voxemu/voxemu/emulator/vox"
)

// utc is the service's name of UTC.
const utc = "Etc/GMT"

// History is the common parameters of lists of past events.
type History struct {
	From           string `param:"from_date"`
	To             string `param:"to_date"`
	Timezone       string `param:"timezone"`
	Descending     bool   `param:"desc_order"`
	WithTotalCount bool   `param:"with_total_count"`
	query.Page
}

// HistoryReply is one page of past events; the total count is included on request.
type HistoryReply[T any] struct {
	Result     []T    `json:"result"`
	TotalCount *int   `json:"total_count,omitempty"`
	Count      int    `json:"count"`
	Timezone   string `json:"timezone"`
}

// historyReply returns a page of all events, which are sorted by id.
func historyReply[R, T any](h History, all []R, row func(R) T) HistoryReply[T] {
	if h.Descending {
		slices.Reverse(all)
	}
	page, counts := reply.Cut(all, h.Page)
	history := HistoryReply[T]{Result: reply.Rows(page, row), Count: counts.Count, Timezone: cmp.Or(h.Timezone, utc)}
	if h.WithTotalCount {
		history.TotalCount = &counts.TotalCount
	}
	return history
}

// period is a range of time, both ends included; a zero end is open. The ends are compared
// with the times that rows show: where a zone repeats an hour, from_date at 02:30 includes
// both rows that show 02:30.
type period struct {
	from, to time.Time // as shown in zone, see shown
	zone     *time.Location
}

// period parses the two dates in the time zone.
func (h History) period() (period, error) {
	zone, ok := timeZone(h.Timezone)
	if !ok {
		return period{}, vox.ErrInvalidParameter.On("timezone").Because("the name of a time zone such as Europe/Berlin, an offset such as GMT-8, or auto")
	}
	var err error
	p := period{zone: zone}
	if p.from, err = date("from_date", h.From); err != nil {
		return period{}, err
	}
	if p.to, err = date("to_date", h.To); err != nil {
		return period{}, err
	}
	if !p.from.IsZero() && !p.to.IsZero() && p.to.Before(p.from) {
		return period{}, vox.ErrInvalidDateRange.On("to_date").Because("a moment not before from_date")
	}
	return p, nil
}

// date parses YYYY-MM-DD HH:mm:ss or YYYY-MM-DD; an empty text is the zero time.
func date(field, text string) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	layout := time.DateTime
	if len(text) == len(time.DateOnly) {
		layout = time.DateOnly
	}
	at, err := time.Parse(layout, text)
	if err != nil {
		return time.Time{}, vox.ErrInvalidDate.On(field).Because("YYYY-MM-DD HH:mm:ss")
	}
	return at, nil
}

func (p period) has(at time.Time) bool {
	at = p.shown(at)
	return (p.from.IsZero() || !at.Before(p.from)) && (p.to.IsZero() || !at.After(p.to))
}

// shown returns the time that rows show, to the second and as if the zone were UTC.
func (p period) shown(at time.Time) time.Time {
	_, offset := at.In(p.zone).Zone()
	return at.UTC().Add(time.Duration(offset) * time.Second).Truncate(time.Second)
}

func (p period) format(at time.Time) string { return p.shown(at).Format(time.DateTime) }
