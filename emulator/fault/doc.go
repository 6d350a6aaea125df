// Package fault describes deliberate failures of requests. In a [Rule], When selects
// requests and Then states what goes wrong. The first armed rule that applies to a
// request is used; every rule whose conditions match counts the request.
//
// Arm a rule in Go, or more briefly with testkit's Fail:
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
// Read afterwards how often the rules were applied:
//
//	for _, rule := range emu.Faults().Rules() {
//		fmt.Println(rule.Name, rule.Seen, rule.Hits)
//	}
//
// The kinds of faults are the members of [Then]. Whether a rule applies to a request is a
// pure function of the seed, the rule's name and the request's number among those that
// the rule counts. The same seed and requests therefore give the same faults.
//
// HTTP clients retry on their own: Go's Transport repeats a GET if a reused connection
// ends before the first byte of the reply. [Status].Seen counts every attempt.
package fault
