package lab

import (
	"cmp"
	"slices"
	"time"

	"github.com/voxemu/voxemu/emulator/internal/billing"
	"github.com/voxemu/voxemu/emulator/internal/listen"
	"github.com/voxemu/voxemu/emulator/internal/sipreg"
	"github.com/voxemu/voxemu/emulator/internal/store"
	"github.com/voxemu/voxemu/emulator/vox"
	"github.com/voxemu/voxemu/scenarios"
)

// Load replaces the whole state and all faults by the scenarios, laid on top of
// each other: built-in names or files. A scenario may say at which time it
// begins; time does not go back. Errors: a scenario that is not valid, a
// beginning that has passed; state and faults stay as they were.
func (l *Lab) Load(names ...string) error {
	scenario, err := l.reader.Load(names...)
	if err != nil {
		return err
	}
	return l.begin(scenario, names)
}

// LoadSources is [Lab.Load] for texts at hand.
func (l *Lab) LoadSources(sources ...scenarios.Source) error {
	scenario, err := l.reader.Read(sources...)
	if err != nil {
		return err
	}
	return l.begin(scenario, namesOf(sources))
}

func namesOf(sources []scenarios.Source) []string {
	names := make([]string, len(sources))
	for i, source := range sources {
		names[i] = source.Name
	}
	return names
}

// Import replaces the state and the faults by exported ones, in YAML or JSON.
// Unlike [Lab.LoadSources] it leaves alone what [Lab.Reset] goes back to.
// On an error state and faults stay as they were.
func (l *Lab) Import(state []byte) error {
	scenario, err := l.reader.Read(scenarios.Source{Name: "state", Text: state})
	if err != nil {
		return err
	}
	return l.fillNew(time.Time{}, scenario)
}

// fillNew fills an empty state, which takes the old one's place at a moment; zero:
// now. The faults come last, when nothing else can fail.
func (l *Lab) fillNew(at time.Time, scenario scenarios.Scenario) error {
	return l.replace(at, func(now time.Time) error {
		return l.store.Replace(now, func(tx *store.Tx) error {
			tx.AfterCommit(l.publishReplaced)
			if err := fill(tx, scenario, l.keys); err != nil {
				return err
			}
			return l.faults.Begin(scenario.Seed, now, scenario.Faults...)
		})
	})
}

// Reset goes back to the scenarios loaded last, their faults included, which are
// counted from zero; keys that were made meanwhile stay valid. Time goes on: what a scenario leaves open is dated now.
func (l *Lab) Reset() error {
	l.mu.Lock()
	scenario, names := l.loaded, l.names
	l.mu.Unlock()
	return l.seed(time.Time{}, scenario, names)
}

func (l *Lab) seed(at time.Time, scenario scenarios.Scenario, names []string) error {
	if err := l.fillNew(at, scenario); err != nil {
		return err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.loaded, l.names = scenario, slices.Clone(names)
	return nil
}

// fill puts a scenario's rows into an empty state.
func fill(tx *store.Tx, scenario scenarios.Scenario, keys *listen.Keyring) error {
	tx.SetSettings(scenario.Settings)
	var err error
	if scenario.Keys, err = completeKeys(keys, scenario.Keys); err != nil {
		return err
	}
	scenario.Registrations = dated(scenario.Registrations, scenario.Billing, tx.Now())
	scenario.Callbacks = datedCallbacks(scenario.Callbacks, tx.Now())
	stampAll(&scenario, tx.Now())
	for _, k := range kinds() {
		if err := k.put(tx, &scenario); err != nil {
			return err
		}
	}
	return sipreg.StartNew(tx)
}

// dated fills the moments that a scenario leaves open.
func dated(registrations []vox.Registration, terms vox.Billing, now time.Time) []vox.Registration {
	list := slices.Clone(registrations)
	for i := range list {
		r := &list[i]
		r.PurchaseDate = cmp.Or(r.PurchaseDate, now)
		r.LastUpdated = cmp.Or(r.LastUpdated, now)
		r.NextRenewal = cmp.Or(r.NextRenewal, billing.FirstRenewal(r.PurchaseDate, now))
		r.RenewalDay = cmp.Or(r.RenewalDay, billing.RenewalDay(r.PurchaseDate, r.NextRenewal))
		if r.Deactivated && terms.DetachAfter > 0 {
			r.DetachDate = cmp.Or(r.DetachDate, now.Add(terms.DetachAfter))
		}
	}
	return list
}

// stampAll fills when rows were made and changed, where a scenario does not say.
func stampAll(s *scenarios.Scenario, now time.Time) {
	s.Accounts = stamped(s.Accounts, now, func(a *vox.Account) []*time.Time { return []*time.Time{&a.Created} })
	s.Sessions = stamped(s.Sessions, now.Add(vox.SessionLife), func(s *vox.Session) []*time.Time { return []*time.Time{&s.Expires} })
	s.AuthorizedIPs = stamped(s.AuthorizedIPs, now, func(a *vox.AuthorizedIP) []*time.Time { return []*time.Time{&a.Created} })
	s.AuditLog = stamped(s.AuditLog, now, func(e *vox.AuditEntry) []*time.Time { return []*time.Time{&e.Requested} })
	s.Applications = stamped(s.Applications, now, func(a *vox.Application) []*time.Time { return []*time.Time{&a.Modified} })
	s.VoxEngineScenarios = stamped(s.VoxEngineScenarios, now, func(v *vox.Scenario) []*time.Time { return []*time.Time{&v.Modified} })
	s.Rules = stamped(s.Rules, now, func(r *vox.Rule) []*time.Time { return []*time.Time{&r.Modified} })
	s.Users = stamped(s.Users, now, func(u *vox.User) []*time.Time { return []*time.Time{&u.Created, &u.Modified} })
	s.Transactions = stamped(s.Transactions, now, func(t *vox.Transaction) []*time.Time { return []*time.Time{&t.PerformedAt} })
}

func stamped[R any](rows []R, now time.Time, moments func(*R) []*time.Time) []R {
	list := slices.Clone(rows)
	for i := range list {
		for _, moment := range moments(&list[i]) {
			if moment.IsZero() {
				*moment = now
			}
		}
	}
	return list
}

func datedCallbacks(callbacks []vox.Callback, now time.Time) []vox.Callback {
	list := slices.Clone(callbacks)
	for i := range list {
		if list[i].CreatedAt.IsZero() {
			list[i].CreatedAt = now
		}
	}
	return list
}

// State is the settings, all rows, secrets included, by id, once everything that
// is due has happened, and the armed faults as they were written: what they have
// counted is no state, and neither is the moment from which their offsets count.
func (l *Lab) State() (scenarios.Scenario, error) {
	now, release := l.clock.Hold()
	defer release()
	var out scenarios.Scenario
	err := l.store.Read(now, func(tx *store.Tx) error {
		out = taken(tx)
		return nil
	})
	out.Seed = l.faults.Seed()
	for _, status := range l.faults.Rules() {
		out.Faults = append(out.Faults, status.Rule)
	}
	return out, err
}

// taken is the state as a transaction sees it.
func taken(tx *store.Tx) scenarios.Scenario {
	out := scenarios.Scenario{Settings: tx.Settings()}
	for _, k := range kinds() {
		k.take(tx, &out)
	}
	return out
}

// Export is the state with the armed faults as a scenario file. Without secrets,
// api keys, passwords and private keys are left out.
func (l *Lab) Export(secrets bool) ([]byte, error) {
	out, err := l.State()
	if err != nil {
		return nil, err
	}
	if !secrets {
		out = out.WithoutSecrets()
	}
	return out.YAML()
}
