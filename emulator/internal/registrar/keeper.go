package registrar

import (
	"container/heap"
	"context"
	"math/rand/v2"
	"sync"
	"time"

	"github.com/voxemu/voxemu/emulator/sip"
)

// Keeper keeps real registrations registered: it registers, refreshes, retries and
// unregisters them, on the machine's clock. It has no goroutine and no socket before the
// first registration, and none for each of them. Its methods are safe for concurrent use.
type Keeper struct {
	// Open opens the agent.
	Open func() (sip.Agent, error)
	// Answered is called with the answer to each attempt. It returns the time until the
	// next attempt; false: there is none.
	Answered func(b sip.Binding, a sip.Answer, failures int64) (time.Duration, bool)

	mu      sync.Mutex // guards the fields below
	agent   sip.Agent  // nil: not open
	failure error      // of the last Open; nil: it succeeded
	kept    map[int64]*kept
	due     dueHeap
	lanes   map[string]*lane
	timer   *time.Timer
	closed  bool
	running sync.WaitGroup
	ctx     context.Context // of all requests; nil: none was made
	abort   context.CancelFunc
}

// kept is a registration of a Keeper.
type kept struct {
	id       int64
	want     *sip.Binding // nil: it shall be removed
	bound    *sip.Binding // what the PBX has; nil: nothing, as far as is known
	session  sip.Session
	failures int64
	at       time.Time // of the next attempt
	index    int       // in the heap; -1: not in it
	busy     bool      // waits for a place in its lane, or is being worked on
	changed  bool      // want was set meanwhile
	cut      context.CancelFunc
}

// lane limits the concurrent requests to one PBX, so that one that is silent does not
// delay others.
type lane struct {
	name    string
	working int
	waiting []*kept
}

// mostAtOnce is the maximum number of concurrent requests to a PBX.
const mostAtOnce = 16

// Want registers a binding now, instead of the registration's present one.
func (k *Keeper) Want(b sip.Binding) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.closed {
		return
	}
	if k.kept == nil {
		k.kept, k.lanes = map[int64]*kept{}, map[string]*lane{}
	}
	r := k.kept[b.RegistrationID]
	if r == nil {
		r = &kept{id: b.RegistrationID, index: -1}
		k.kept[r.id] = r
	}
	r.failures = 0
	k.set(r, &b)
}

// Drop unregisters a registration. It has no effect on an unknown one.
func (k *Keeper) Drop(id int64) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if r := k.kept[id]; r != nil {
		k.set(r, nil)
	}
}

// Replace drops all registrations that are not in the list, and wants those that are.
func (k *Keeper) Replace(list []sip.Binding) {
	listed := map[int64]bool{}
	for _, b := range list {
		listed[b.RegistrationID] = true
	}
	k.mu.Lock()
	var gone []int64
	for id := range k.kept {
		if !listed[id] {
			gone = append(gone, id)
		}
	}
	k.mu.Unlock()
	for _, id := range gone {
		k.Drop(id)
	}
	for _, b := range list {
		k.Want(b)
	}
}

// Len returns the number of registrations, and how many of them a PBX has accepted.
func (k *Keeper) Len() (all, accepted int) {
	k.mu.Lock()
	defer k.mu.Unlock()
	for _, r := range k.kept {
		if r.want == nil {
			continue
		}
		all++
		if r.bound != nil {
			accepted++
		}
	}
	return all, accepted
}

// Start opens the agent if it is not open. Error: that of Open.
func (k *Keeper) Start() error {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.closed = false
	return k.open()
}

func (k *Keeper) open() error {
	if k.agent == nil {
		k.agent, k.failure = k.Open()
	}
	return k.failure
}

// Address returns the HOST:PORT of the agent's sockets; empty: it is not open.
func (k *Keeper) Address() string {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.agent == nil {
		return ""
	}
	return k.agent.Address()
}

// Close unregisters all registrations until the context ends, and closes the agent.
func (k *Keeper) Close(ctx context.Context) error {
	k.mu.Lock()
	k.closed = true
	for _, r := range k.kept {
		k.set(r, nil)
	}
	agent, abort := k.agent, k.abort
	k.mu.Unlock()
	if agent == nil {
		return nil
	}
	done := make(chan struct{})
	go func() {
		k.running.Wait()
		close(done)
	}()
	select {
	case <-done:
	case <-ctx.Done():
		if abort != nil {
			abort()
		}
		<-done
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.timer != nil {
		k.timer.Stop()
	}
	if k.abort != nil {
		k.abort()
	}
	k.agent, k.kept, k.due, k.lanes, k.timer, k.ctx, k.abort = nil, nil, nil, nil, nil, nil, nil
	return agent.Close()
}

// set changes what a registration wants and begins to work on it.
func (k *Keeper) set(r *kept, want *sip.Binding) {
	r.want = want
	if r.busy {
		r.changed = true
		if r.cut != nil {
			r.cut()
		}
		return
	}
	if r.index >= 0 {
		heap.Remove(&k.due, r.index)
	}
	k.queue(r)
}

// queue gives a registration a place in its lane, or lets it wait for one.
func (k *Keeper) queue(r *kept) {
	if r.want == nil && (r.bound == nil || k.agent == nil) {
		delete(k.kept, r.id)
		return
	}
	if k.ctx == nil {
		k.ctx, k.abort = context.WithCancel(context.Background())
	}
	r.busy, r.changed = true, false
	k.running.Add(1)
	name := r.lane()
	l := k.lanes[name]
	if l == nil {
		l = &lane{name: name}
		k.lanes[name] = l
	}
	if l.working == mostAtOnce {
		l.waiting = append(l.waiting, r)
		return
	}
	l.working++
	go k.work(l, r)
}

// lane returns the PBX with which a registration talks next.
func (r *kept) lane() string {
	b := r.want
	if r.replaces() {
		b = r.bound
	}
	if b.OutboundProxy != "" {
		return b.OutboundProxy
	}
	return b.Proxy
}

// replaces reports whether the present binding must be removed first.
func (r *kept) replaces() bool {
	return r.bound != nil && (r.want == nil || !r.want.SameAddress(*r.bound))
}

// work works on registrations of a lane until none waits.
func (k *Keeper) work(l *lane, r *kept) {
	for r != nil {
		again := k.step(r)
		k.mu.Lock()
		r.busy = false
		if again || r.changed || r.want == nil || r.replaces() {
			k.queue(r)
		} else if !r.at.IsZero() {
			heap.Push(&k.due, r)
			k.arm()
		}
		k.running.Done()
		r = nil
		if len(l.waiting) > 0 {
			r, l.waiting = l.waiting[0], l.waiting[1:]
		} else if l.working--; l.working == 0 {
			delete(k.lanes, l.name)
		}
		k.mu.Unlock()
	}
}

// step does one thing: it removes the present binding or registers the wanted one. It
// reports whether there is more to do at once.
func (k *Keeper) step(r *kept) (again bool) {
	k.mu.Lock()
	ctx, cut := context.WithCancel(k.ctx)
	defer cut()
	_ = k.open() // the failure is kept
	r.at, r.changed = time.Time{}, false
	removes, want, bound := r.replaces(), r.want, r.bound
	if !removes && want != nil {
		r.cut = cut
	}
	k.mu.Unlock()
	switch {
	case removes:
		k.unregister(ctx, r, *bound)
		return true
	case want != nil:
		k.register(ctx, r, want)
	}
	return false
}

func (k *Keeper) unregister(ctx context.Context, r *kept, b sip.Binding) {
	limited, cancel := context.WithTimeout(ctx, unregisterTimeout)
	defer cancel()
	if agent := k.opened(); agent != nil {
		agent.Unregister(limited, b, &r.session)
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	r.bound, r.session = nil, sip.Session{}
}

func (k *Keeper) opened() sip.Agent {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.agent
}

func (k *Keeper) register(ctx context.Context, r *kept, want *sip.Binding) {
	answer := sip.Answer{StatusCode: 503, Reason: "Service Unavailable"}
	if agent := k.opened(); agent != nil {
		answer = agent.Register(ctx, *want, &r.session)
	}
	k.mu.Lock()
	r.cut = nil
	switch {
	case answer.StatusCode == 200:
		r.bound, r.failures = want, 0
	case r.changed:
		r.bound = want // cut off: whether the PBX has accepted is unknown
	default:
		r.failures++
	}
	outdated, failures := r.changed, r.failures
	k.mu.Unlock()
	if outdated {
		return
	}
	if pause, again := k.Answered(*want, answer, failures); again {
		k.mu.Lock()
		r.at = time.Now().Add(jittered(pause))
		k.mu.Unlock()
	}
}

// unregisterTimeout is how long the answer to an unregistration is waited for.
const unregisterTimeout = 2 * time.Second

// jittered shortens a pause by up to a tenth, so that refreshes spread.
func jittered(pause time.Duration) time.Duration {
	return pause - time.Duration(rand.Int64N(max(1, int64(pause/10))))
}

// arm sets the timer to the next attempt.
func (k *Keeper) arm() {
	if len(k.due) == 0 || k.closed {
		return
	}
	wait := time.Until(k.due[0].at)
	if k.timer == nil {
		k.timer = time.AfterFunc(wait, k.wake)
		return
	}
	k.timer.Reset(wait)
}

// wake begins the attempts that are due.
func (k *Keeper) wake() {
	k.mu.Lock()
	defer k.mu.Unlock()
	for len(k.due) > 0 && !k.closed && !k.due[0].at.After(time.Now()) {
		k.queue(heap.Pop(&k.due).(*kept))
	}
	k.arm()
}

// dueHeap sorts registrations by their next attempt.
type dueHeap []*kept

func (h dueHeap) Len() int           { return len(h) }
func (h dueHeap) Less(i, j int) bool { return h[i].at.Before(h[j].at) }
func (h dueHeap) Swap(i, j int) {
	h[i], h[j] = h[j], h[i]
	h[i].index, h[j].index = i, j
}

// Push is for package heap.
func (h *dueHeap) Push(x any) {
	r := x.(*kept)
	r.index = len(*h)
	*h = append(*h, r)
}

// Pop is for package heap.
func (h *dueHeap) Pop() any {
	last := len(*h) - 1
	r := (*h)[last]
	r.index = -1
	(*h)[last] = nil
	*h = (*h)[:last]
	return r
}
