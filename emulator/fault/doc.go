// Package fault breaks exactly the calls that a test names, in exactly the way
// it says, and accounts for each of them. A [Rule] says when (which calls) and
// then (what goes wrong); an [Engine] holds the rules in order, and the first
// one that wants a call gets it.
//
//	emu.Faults().Put(fault.Rule{
//		Name:  "second-create-is-lost",
//		When:  fault.When{Method: "CreateSipRegistration", Nth: 2},
//		Then:  fault.Do(fault.Reset{}),
//		After: true, // the registration exists, the answer never arrives
//		Times: 1,
//	})
//
// The same rule in a scenario file:
//
//	faults:
//	  - name: second-create-is-lost
//	    when: {method: CreateSipRegistration, nth: 2}
//	    then: {reset: {}}
//	    after: true
//	    times: 1
//
// Which calls meet a fault is a pure function of the seed, the rule's name and
// the number of the call among those that the rule counts: with the same seed,
// the same calls meet the same faults.
//
// HTTP clients retry on their own: Go's Transport repeats a GET when a reused
// connection ends before the first byte of the reply. A rule's Seen counts every
// attempt, which is how a test tells.
package fault
