package evidence

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/voxemu/voxemu/emulator/internal/contract"
	"github.com/voxemu/voxemu/emulator/vox"
	"github.com/voxemu/voxemu/scenarios"
)

// Difference is one thing in which the emulator differs from the service that was
// recorded, in as many exchanges as show it.
type Difference struct {
	// Kind is what differs: status, code, type, missing, extra, value, count or order.
	Kind Kind `json:"kind"`
	// Path is the member, such as result[].rule_name. It is empty for the whole reply.
	Path string `json:"path,omitempty"`
	// Recorded is what the service sent: a number, a type or a value that is no secret.
	Recorded string `json:"recorded"`
	// Emulator is what the emulator sent.
	Emulator string `json:"emulator"`
	// Methods are those whose replies show it.
	Methods []string `json:"methods"`
	// Exchanges are the places in the recordings, as FILE:NUMBER.
	Exchanges []string `json:"exchanges"`
	// Assumptions are those that it touches, see docs/assumptions.md.
	Assumptions []string `json:"assumptions,omitempty"`
	// Accepted is the reason for which it is accepted; empty: it is not.
	Accepted string `json:"accepted,omitempty"`
}

// Kind is what differs.
type Kind string

// What can differ.
const (
	OtherStatus   Kind = "status"  // of HTTP
	OtherCode     Kind = "code"    // an error, another one, or none
	OtherType     Kind = "type"    // of a member
	MissingMember Kind = "missing" // the service has a member that the emulator has not
	ExtraMember   Kind = "extra"   // the emulator has a member that the service has not
	OtherValue    Kind = "value"
	OtherCount    Kind = "count" // of rows
	OtherOrder    Kind = "order" // of rows
)

// Kinds returns what can differ.
func Kinds() []Kind {
	return []Kind{OtherStatus, OtherCode, OtherType, MissingMember, ExtraMember, OtherValue, OtherCount, OtherOrder}
}

// String describes a difference on one line.
func (d Difference) String() string {
	where := strings.Join(d.Methods, ", ")
	if d.Path != "" {
		where += " " + d.Path
	}
	text := fmt.Sprintf("%s: other %s: the service %s, the emulator %s", where, d.Kind, d.Recorded, d.Emulator)
	switch d.Kind {
	case MissingMember:
		text = fmt.Sprintf("%s: the service sends it (%s), the emulator does not", where, d.Recorded)
	case ExtraMember:
		text = fmt.Sprintf("%s: the emulator sends it (%s), the service does not", where, d.Emulator)
	}
	if len(d.Assumptions) > 0 {
		text += " [" + strings.Join(d.Assumptions, ", ") + "]"
	}
	return text
}

// Report is the result of [Compare].
type Report struct {
	// Recordings are the names of the files.
	Recordings []string `json:"recordings"`
	// Exchanges is the number of exchanges of which the replies were compared.
	Exchanges int `json:"exchanges"`
	// Members is the number of members, errors and rows that were compared.
	Members int `json:"members"`
	// NotCompared are the numbers of exchanges that were not, by the reason.
	NotCompared map[string]int `json:"not_compared,omitempty"`
	// Nothing are the recordings of which nothing was compared.
	Nothing []string `json:"nothing,omitempty"`
	// Differences are those that are found, accepted ones too.
	Differences []Difference `json:"differences"`
	// Unused are the accepted differences that no recording shows.
	Unused []Accepted `json:"unused,omitempty"`
	// Warnings are what to know about the recordings, such as their age.
	Warnings []string `json:"warnings,omitempty"`
	// Seeds are the states from which the recordings were replayed.
	Seeds []scenarios.Scenario `json:"-"`
}

// Failed reports whether there is an unaccepted difference, an accepted one that is not
// used, or a recording of which nothing was compared.
func (r Report) Failed() bool {
	return r.Members == 0 || len(r.Nothing) > 0 || len(r.Unused) > 0 || slices.ContainsFunc(r.Differences, func(d Difference) bool { return d.Accepted == "" })
}

// Options of [Compare].
type Options struct {
	// Scenario is what the emulator is set to: its behaviour, billing and registrar
	// settings. Its rows are not used. Default: those of the scenario empty.
	Scenario []string
	// Accepted are differences that are no failures.
	Accepted []Accepted
	// Now is the time by which the age of recordings is judged; default: time.Now().
	Now time.Time
}

// old is the age from which a recording gives a warning.
const old = 180 * 24 * time.Hour

// Compare sends the requests of recordings to a fresh emulator each and reports how the
// replies differ. Ids are bound as they come. Errors: a recording that cannot be read, or
// a scenario that is invalid.
func Compare(ctx context.Context, files []string, o Options) (Report, error) {
	spec, err := specification()
	if err != nil {
		return Report{}, err
	}
	settings, err := settingsOf(o.Scenario)
	if err != nil {
		return Report{}, err
	}
	if o.Now.IsZero() {
		o.Now = time.Now()
	}
	report := Report{Recordings: files, NotCompared: map[string]int{}}
	found := &findings{byCause: map[string]*Difference{}, cited: citations()}
	for _, file := range files {
		recording, err := Open(file)
		if err != nil {
			return report, err
		}
		if age := o.Now.Sub(recording.Head.Started); age > old {
			report.Warnings = append(report.Warnings, fmt.Sprintf("%s is %d days old: the service may have changed", file, int(age.Hours()/24)))
		}
		before := report.Members
		if err := compareOne(ctx, file, recording, settings, spec, &report, found); err != nil {
			return report, fmt.Errorf("%s: %w", file, err)
		}
		if report.Members == before {
			report.Nothing = append(report.Nothing, file)
		}
	}
	report.Differences = found.list()
	report.accept(o.Accepted)
	return report, nil
}

func settingsOf(names []string) (vox.Settings, error) {
	if len(names) == 0 {
		names = []string{"empty"}
	}
	scenario, err := scenarios.Load(names...)
	return scenario.Settings, err
}

func compareOne(ctx context.Context, file string, r Recording, settings vox.Settings, spec *contract.Contract, report *Report, found *findings) error {
	renumber(&r, spec)
	state, valid := derive(r, spec)
	state.Settings = settings
	state.Registrar.Delay = 24 * time.Hour // no answer but those of world
	report.Seeds = append(report.Seeds, state)
	p, err := newReplay(r, spec, state, valid)
	if err != nil {
		return fmt.Errorf("what has to exist contradicts itself: %w", err)
	}
	for _, e := range r.Exchanges {
		if why := p.cannot(e); why != "" {
			report.NotCompared[why]++
			continue
		}
		if err := p.exchange(ctx, file, e, report, found); err != nil {
			return fmt.Errorf("exchange %d: %w", e.Number, err)
		}
	}
	return nil
}

// cannot returns why an exchange cannot be compared; empty: it can.
func (p *replay) cannot(e Exchange) string {
	switch {
	case e.Reply == nil:
		return "the reply is no JSON"
	case p.spec.NotEmulated(e.Method):
		return "the method is not emulated"
	case len(e.given("template")) > longestKept(contract.DataPhone):
		return "whether a number that is masked fits a pattern is not known"
	case p.dependsOnLost(e):
		return "it names a row that an exchange which differs would have made"
	}
	return ""
}

// exchange replays and compares one exchange. If only one side refused it, its effect is
// undone, so that later exchanges start from what the service has.
func (p *replay) exchange(ctx context.Context, file string, e Exchange, report *Report, found *findings) error {
	if err := p.world(e); err != nil {
		return err
	}
	if err := p.server.Snapshot("before"); err != nil {
		return err
	}
	defer func() { _ = p.server.DeleteSnapshot("before") }() // it exists
	if err := p.money(e); err != nil {
		return err
	}
	status, reply, err := p.send(ctx, e)
	if err != nil {
		return err
	}
	c := comparison{replay: p, method: e.Method}
	c.whole(e, status, reply)
	report.Exchanges++
	report.Members += c.members
	for _, d := range c.differences {
		found.add(fmt.Sprintf("%s:%d", file, e.Number), e, d)
	}
	if c.outcome || e.reply().code() == 127 {
		if name := makers[e.Method]; name != "" && e.reply().code() == 0 {
			p.lost(name, e.reply().number(name))
		}
		return p.server.Restore("before")
	}
	return nil
}

// money takes the money of an account for a request that was refused for lack of it: how
// much there really was is masked.
func (p *replay) money(e Exchange) error {
	if e.reply().code() != 127 {
		return nil
	}
	state, err := p.server.State()
	if err != nil {
		return err
	}
	var poor scenarios.Scenario
	for _, a := range state.Accounts {
		a.Balance, a.CreditLimit = vox.Money{}, vox.Money{}
		poor.Accounts = append(poor.Accounts, a)
	}
	_, err = p.server.Add(poor)
	return err
}

// findings groups differences by their cause.
type findings struct {
	byCause map[string]*Difference
	order   []string
	cited   cited
}

func (f *findings) add(where string, e Exchange, d Difference) {
	method := e.Method
	cause := strings.Join([]string{string(d.Kind), d.Path, d.Recorded, d.Emulator}, "\x00")
	if d.Kind == OtherCount { // another number of rows each time
		cause = strings.Join([]string{string(d.Kind), method}, "\x00")
	}
	known, ok := f.byCause[cause]
	if !ok {
		known = &d
		f.byCause[cause] = known
		f.order = append(f.order, cause)
	}
	if !slices.Contains(known.Methods, method) {
		known.Methods = append(known.Methods, method)
	}
	known.Exchanges = append(known.Exchanges, where)
	for _, id := range f.cited.of(e, d) {
		if !slices.Contains(known.Assumptions, id) {
			known.Assumptions = append(known.Assumptions, id)
		}
	}
}

// list returns the differences, those that most exchanges show first.
func (f *findings) list() []Difference {
	list := make([]Difference, 0, len(f.order))
	for _, cause := range f.order {
		d := f.byCause[cause]
		slices.Sort(d.Methods)
		list = append(list, *d)
	}
	slices.SortStableFunc(list, func(a, b Difference) int { return cmp.Compare(len(b.Exchanges), len(a.Exchanges)) })
	return list
}
