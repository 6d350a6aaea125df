package lab

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"sort"
	"sync"
	"time"

	"github.com/voxemu/voxemu/emulator/internal/query"
	"github.com/voxemu/voxemu/emulator/internal/registrar"
	"github.com/voxemu/voxemu/emulator/internal/sipreg"
	"github.com/voxemu/voxemu/emulator/internal/store"
	"github.com/voxemu/voxemu/emulator/sip"
	"github.com/voxemu/voxemu/emulator/vox"
	"github.com/voxemu/voxemu/scenarios"
)

// SIP is what real registrations need.
type SIP struct {
	// Open opens the SIP stack; nil: real registrations are allowed and never asked.
	Open   sip.Open
	Config sip.Config
}

// realLine is the real registrations of a lab; the zero value has none and allows none.
type realLine struct {
	allowed bool
	always  []vox.RealRegistrar
	keeper  *registrar.Keeper // nil: nothing is sent

	mu       sync.Mutex // guards the fields below
	messages sipRing    // except calls
	calls    sipRing
	number   int64 // of the latest message
}

// Maximum numbers of SIP messages in the journal, about 2 MB, and of incoming calls, which
// the refreshes of many registrations must not push out.
const (
	maxMessages = 2000
	maxCalls    = 1000
)

// sipRing keeps the latest messages.
type sipRing struct {
	list   []sip.Message
	oldest int // position, once the ring is full
}

func (r *sipRing) add(m sip.Message, most int) {
	if len(r.list) < most {
		r.list = append(r.list, m)
		return
	}
	r.list[r.oldest] = m
	r.oldest = (r.oldest + 1) % most
}

// errNoStack refuses real registrations.
const errNoStack = "%w: registrar.real needs a SIP stack, which this program has not: it is in voxemu serve, and in Go programs with emulator.WithSIP"

// connectSIP prepares real registrations. Nothing is opened before the first one.
func (l *Lab) connectSIP(s *SIP) {
	if s == nil {
		return
	}
	l.real.allowed = true
	for _, pattern := range s.Config.Real {
		l.real.always = append(l.real.always, vox.RealRegistrar{Proxy: pattern})
	}
	if s.Open == nil {
		return
	}
	events := sip.Events{Message: l.heardMessage, Call: l.heardCall, Allowed: l.coversReal, Expires: l.realInterval}
	l.real.keeper = &registrar.Keeper{
		Open:     func() (sip.Agent, error) { return s.Open(s.Config, events) },
		Answered: l.heardAnswer,
	}
}

// checkReal returns an error if a scenario needs a SIP stack and there is none.
func (l *Lab) checkReal(s scenarios.Scenario) error {
	if len(s.Settings.Registrar.Real) > 0 && !l.real.allowed {
		return fmt.Errorf(errNoStack, vox.ErrInvalid)
	}
	return nil
}

// settings adds the patterns of the server's options.
func (l *Lab) settings(s vox.Settings) vox.Settings {
	s.Registrar.Always = l.real.always
	return s
}

// beginReal makes registrations of a seed real by the server's options.
func (l *Lab) beginReal() error {
	if len(l.real.always) > 0 {
		err := l.store.Write(l.clock.Now(), func(tx *store.Tx) error {
			tx.SetSettings(l.settings(tx.Settings()))
			return sipreg.RestartReal(tx)
		})
		if err != nil {
			return err
		}
	}
	l.syncReal()
	return nil
}

// StartSIP opens the sockets if real registrations are configured. Error: an address that
// cannot be used.
func (l *Lab) StartSIP() error {
	if l.real.keeper == nil || len(l.RealPatterns()) == 0 {
		return nil
	}
	return l.real.keeper.Start()
}

// ReopenSIP is [Lab.StartSIP] after [Lab.CloseSIP]: it registers all registrations again.
func (l *Lab) ReopenSIP() error {
	err := l.StartSIP()
	if err == nil {
		l.syncReal()
	}
	return err
}

// unregisterTimeout is the time that all unregistrations of a stop have.
const unregisterTimeout = time.Second

// CloseSIP unregisters all registrations, within a second. Error: that of a socket.
func (l *Lab) CloseSIP() error {
	if l.real.keeper == nil {
		return nil
	}
	limited, cancel := context.WithTimeout(context.Background(), unregisterTimeout)
	defer cancel()
	return l.real.keeper.Close(limited)
}

// SIPState describes the real registrations; nil: there are none.
func (l *Lab) SIPState() *vox.SIPHealth {
	patterns := l.RealPatterns()
	if len(patterns) == 0 {
		return nil
	}
	h := &vox.SIPHealth{Real: patterns}
	if k := l.real.keeper; k != nil {
		h.Address = k.Address()
		h.Registrations, h.Accepted = k.Len()
	}
	return h
}

// RealPatterns returns the patterns of real registrations, those of the options first.
func (l *Lab) RealPatterns() []string {
	var patterns []string
	r := l.registrarSettings()
	for _, rule := range slices.Concat(r.Always, r.Real) {
		patterns = append(patterns, rule.Proxy)
	}
	return patterns
}

func (l *Lab) registrarSettings() (r vox.Registrar) {
	_ = l.read(func(tx *store.Tx) error { // the function never fails
		r = tx.Settings().Registrar
		return nil
	})
	return r
}

func (l *Lab) coversReal(proxy string) bool { return registrar.Covers(l.registrarSettings(), proxy) }

func (l *Lab) realInterval() time.Duration { return registrar.Interval(l.registrarSettings()) }

// followReal tells the keeper what a transaction did, once it is committed.
func (l *Lab) followReal(tx *store.Tx) {
	k := l.real.keeper
	if k == nil {
		return
	}
	if r := tx.Settings().Registrar; len(r.Real) == 0 && len(r.Always) == 0 {
		return
	}
	for before, after := range store.Changes(tx, store.Registrations) {
		was, wasReal := sipreg.Binding(tx, before)
		is, isReal := sipreg.Binding(tx, after)
		switch {
		case !isReal && wasReal:
			tx.AfterCommit(func() { k.Drop(was.RegistrationID) })
		case isReal && (!wasReal || was != is || after.State == vox.InProgress && before.State != vox.InProgress):
			tx.AfterCommit(func() { k.Want(is) })
		}
	}
}

// syncReal tells the keeper about a state that was replaced.
func (l *Lab) syncReal() {
	if l.real.keeper == nil {
		return
	}
	var list []sip.Binding
	_ = l.read(func(tx *store.Tx) error { // the function never fails
		if r := tx.Settings().Registrar; len(r.Real) == 0 && len(r.Always) == 0 {
			return nil
		}
		for r := range store.All(tx, store.Registrations) {
			if b, ok := sipreg.Binding(tx, &r); ok {
				list = append(list, b)
			}
		}
		return nil
	})
	l.real.keeper.Replace(list)
}

// heardAnswer stores the answer of a PBX.
func (l *Lab) heardAnswer(b sip.Binding, a sip.Answer, failures int64) (next time.Duration, again bool) {
	err := l.write(func(tx *store.Tx) (err error) {
		next, again, err = sipreg.Heard(tx, b, a, failures)
		return err
	})
	if err != nil {
		l.logger.Error("the answer of a PBX could not be stored", "registration", b.RegistrationID, "error", err)
		return time.Hour, true
	}
	if a.StatusCode != 200 {
		l.logger.Info("a PBX did not accept a registration", "registration", b.RegistrationID, "status", a.StatusCode, "reason", a.Reason)
	}
	return next, again
}

// heardMessage keeps and publishes a SIP message.
func (l *Lab) heardMessage(m sip.Message) {
	m.At = l.clock.Now()
	if m.AccountID == 0 && m.RegistrationID != 0 {
		_ = l.read(func(tx *store.Tx) error { // the function never fails
			r, _ := store.Get(tx, store.Registrations, m.RegistrationID)
			m.AccountID = r.AccountID
			return nil
		})
	}
	l.real.mu.Lock()
	l.real.number++
	m.Number = l.real.number
	if m.Call != nil {
		l.real.calls.add(m, maxCalls)
	} else {
		l.real.messages.add(m, maxMessages)
	}
	l.real.mu.Unlock()
	if !l.events.Active() {
		return
	}
	kind := "sip"
	if m.Call != nil {
		kind = "incoming_call"
	}
	l.events.Publish(Event{Type: kind, Data: m, account: m.AccountID})
}

// heardCall decides the answer to a call, and records what would have happened to it.
func (l *Lab) heardCall(c sip.Call) (status int64) {
	_ = l.read(func(tx *store.Tx) error { // the function never fails
		c.StatusCode = tx.Settings().Registrar.CallStatus
		if c.StatusCode == 0 {
			c.StatusCode = 480
		}
		if r, ok := store.Get(tx, store.Registrations, c.RegistrationID); ok {
			route(tx, &r, &c)
		} else {
			c.RegistrationID, c.StatusCode = 0, 404
		}
		return nil
	})
	if c.RegistrationID != 0 {
		l.heardMessage(sip.Message{RegistrationID: c.RegistrationID, AccountID: c.AccountID, Text: "incoming call from " + c.From, Call: &c})
	}
	return c.StatusCode
}

// route adds to a call what the real service would run for it.
func route(tx *store.Tx, r *vox.Registration, c *sip.Call) {
	c.AccountID, c.Scripts = r.AccountID, []string{}
	application, ok := store.Get(tx, store.Applications, r.ApplicationID)
	if !ok {
		return
	}
	c.Application = application.Name
	rule, ok := store.Get(tx, store.Rules, r.RuleID)
	if !ok {
		if rule, ok = firstRule(tx, application, r.SIPUsername); !ok {
			return
		}
	}
	c.Rule = rule.Name
	for _, id := range rule.ScenarioIDs {
		if script, ok := store.Get(tx, store.Scenarios, id); ok {
			c.Scripts = append(c.Scripts, script.Name)
		}
	}
}

// firstRule returns the first rule of an application that matches a called user.
func firstRule(tx *store.Tx, application vox.Application, user string) (vox.Rule, bool) {
	rules := store.Select(tx, store.Rules, application.AccountID, store.RuleApplication.Is(application.ID), query.All())
	sort.SliceStable(rules, func(i, j int) bool { return rules[i].Order < rules[j].Order })
	for _, rule := range rules {
		pattern := rule.Pattern
		if pattern == "" {
			pattern = ".*"
		}
		if matches(pattern, user) && (rule.PatternExclude == "" || !matches(rule.PatternExclude, user)) {
			return rule, true
		}
	}
	return vox.Rule{}, false
}

// matches reports whether a regular expression matches the whole text.
func matches(pattern, text string) bool {
	compiled, err := regexp.Compile("^(?:" + pattern + ")$")
	return err == nil && compiled.MatchString(text)
}

// SIPMessages are SIP messages of the journal.
type SIPMessages struct {
	Messages []sip.Message `json:"messages"`
	// Evicted is the number of older messages that were dropped because there is a maximum.
	Evicted int64 `json:"evicted"`
}

// SIPMessages returns the messages of a registration and of an account, oldest first; 0:
// of all. calls selects incoming calls.
func (l *Lab) SIPMessages(registrationID, accountID int64, calls bool) SIPMessages {
	l.real.mu.Lock()
	defer l.real.mu.Unlock()
	found := SIPMessages{Messages: []sip.Message{}, Evicted: l.real.number - int64(len(l.real.messages.list)+len(l.real.calls.list))}
	rings := [][]sip.Message{l.real.calls.list, l.real.messages.list}
	if calls {
		rings = rings[:1]
	}
	for _, m := range slices.Concat(rings...) {
		if (registrationID == 0 || m.RegistrationID == registrationID) && (accountID == 0 || m.AccountID == accountID) {
			found.Messages = append(found.Messages, m)
		}
	}
	sort.Slice(found.Messages, func(i, j int) bool { return found.Messages[i].Number < found.Messages[j].Number })
	return found
}
