// Package console tests the console in Debian's Chromium, against the built binary:
//
//	go test . -binary ../../../bin/voxemu
//
// The tests fail without the browser. With -images they also write the pictures of the
// documentation, each after its assertions; -load sets the time of the load test.
package console
