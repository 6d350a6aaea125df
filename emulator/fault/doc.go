// Package fault describes requests that go wrong on purpose: a [Rule] says when
// (which requests) and then (what goes wrong). The first armed rule that applies
// to a request takes it; every rule whose conditions hold counts it.
//
// Arm a rule in Go, or with fewer words by testkit's Fail:
//
//	err := emu.Faults().Put(fault.Rule{
//		Name:  "second-create-is-lost",
//		When:  fault.When{Method: "CreateSipRegistration", Nth: 2},
//		Then:  fault.Do(fault.Reset{}),
//		After: true, // the registration exists, the reply is lost
//		Times: 1,
//	})
//
// The same rule in a scenario file, or as JSON for POST /_voxemu/faults:
//
//	faults:
//	  - name: second-create-is-lost
//	    when: {method: CreateSipRegistration, nth: 2}
//	    then: {reset: {}}
//	    after: true
//	    times: 1
//
// Ask afterwards what became of it:
//
//	for _, rule := range emu.Faults().Rules() {
//		fmt.Println(rule.Name, rule.Seen, rule.Hits)
//	}
//
// The kinds of faults are the members of [Then]. Which requests meet a fault is a
// pure function of the seed, the rule's name and the number of the request among
// those that the rule counts: with the same seed, the same requests meet the same
// faults.
//
// HTTP clients retry on their own: Go's Transport repeats a GET when a reused
// connection ends before the first byte of the reply. [Status].Seen counts every
// attempt, which is how a test tells.
package fault
