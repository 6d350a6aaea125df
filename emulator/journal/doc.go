// Package journal describes what crossed the wire: every request to the API and
// every attempt to deliver a callback. A server's journal is emulator.Server's
// Journal(); testkit and the control API ask it too.
//
// Ask which requests came, and what is wrong with each:
//
//	refused := journal.Filter{Method: "CreateSipRegistration", Error: "INVALID_PROXY"}
//	for _, r := range emu.Journal().Find(refused.With("sip_username", "alice")) {
//		fmt.Println(r, r.Explain())
//	}
//
// Compare with an expectation; the error names what came close and how it differs:
//
//	err := emu.Journal().Verify(journal.Expectation{
//		Filter: journal.Filter{Method: "DeleteSipRegistration", AccountID: 1},
//		Times:  journal.Never(),
//	})
//
// Write what was found as JSON lines, or as HAR for the developer tools of a browser:
//
//	err := journal.WriteHAR(file, "1.0", emu.Journal().Find(journal.Filter{}))
//
// Secrets never enter a [Request]: they are replaced by ***. Times are the
// emulator's, so the same scenario, seed and requests on a stopped clock give the
// same journal: the requests in their order, and each account's callbacks in theirs.
// Which of two comes first that overlap, a callback and the next request for
// example, is up to the receiver. A journal is bounded; it forgets the oldest
// requests first and counts them.
package journal
