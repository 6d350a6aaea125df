// Package journal describes the requests to the API and the attempts to deliver
// callbacks. Read them from emulator.Server's Journal(), with testkit or through the
// control API.
//
// Find requests and print what is wrong with each:
//
//	refused := journal.Filter{Method: "CreateSipRegistration", Error: "INVALID_PROXY"}
//	for _, r := range emu.Journal().Find(refused.With("sip_username", "alice")) {
//		fmt.Println(r, r.Explain())
//	}
//
// Verify an expectation; the error lists the nearest requests and how they differ:
//
//	err := emu.Journal().Verify(journal.Expectation{
//		Filter: journal.Filter{Method: "DeleteSipRegistration", AccountID: 1},
//		Times:  journal.Never(),
//	})
//
// Write requests as JSON lines, or as HAR for the developer tools of a browser:
//
//	err := journal.WriteHAR(file, "1.0", emu.Journal().Find(journal.Filter{}), 0)
//
// A [Request] contains no secrets: they are replaced by ***. Its times are those of the
// emulator's clock. The same scenario, seed and requests on a stopped clock therefore
// give the same journal: the same order of requests, and of the callbacks of each
// account. The order of a callback and a request that overlap depends on the receiver. A
// journal has a maximum size; it drops the oldest requests first and counts them.
package journal
