// Package vox defines the objects of the emulated service (accounts, keys, applications,
// rules, users, SIP registrations and others), its roles, and the names of its errors.
// All other packages use these types. Their yaml tags are the members of a scenario file.
//
// Add rows to an emulator in a test:
//
//	emu.AddRegistration(vox.Registration{SIPUsername: "alice", Proxy: "sip.example.com"})
//
// Amounts of money are decimal, with at most six decimals:
//
//	price, err := vox.ParseMoney("1.50")
//
// Match errors of the Go API with errors.Is; read single mistakes with errors.As:
//
//	err := emu.Server().Redeliver(7)
//	if errors.Is(err, vox.ErrNotFound) { … }
//	var mistakes vox.Mistakes
//	if errors.As(err, &mistakes) { … }
//
// All types are plain values. The zero value of an optional field means "not given"; an
// id of zero means "none". Fields tagged secret:"true" are omitted from output and
// exports unless secrets are requested.
package vox
