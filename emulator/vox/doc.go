// Package vox holds the nouns of the emulated service (accounts, keys,
// applications, rules, users, SIP registrations), its roles and the names of
// its errors. The nouns are also the seed format: the yaml tags are the words
// of a scenario file. It imports nothing else of this project.
//
// Every noun is a plain value. The zero value of an optional field means "not
// given"; an id of zero means "none". A field tagged secret:"true" is left out of
// whatever is shown or exported without being asked for.
package vox
