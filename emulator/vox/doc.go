// Package vox holds the nouns of the emulated service (accounts, keys, applications,
// rules, users, SIP registrations …), its roles, and the names of its errors. The
// other packages speak in these words, and scenario files are made of them: the yaml
// tags are a file's members.
//
// Build rows of a test from them:
//
//	emu.AddRegistration(vox.Registration{SIPUsername: "alice", Proxy: "sip.example.com"})
//
// Amounts of money are decimal, and written with at most six decimals:
//
//	price, err := vox.ParseMoney("1.50")
//
// Errors of the Go API are matched with errors.Is, and mistakes are listed one by one:
//
//	err := emu.Server().Redeliver(7)
//	if errors.Is(err, vox.ErrNotFound) { … }
//	var mistakes vox.Mistakes
//	if errors.As(err, &mistakes) { … }
//
// Every noun is a plain value. The zero value of an optional field means "not given";
// an id of zero means "none". A field tagged secret:"true" is left out of whatever is
// shown or exported without being asked for.
package vox
