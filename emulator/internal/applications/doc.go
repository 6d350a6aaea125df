// Package applications decides what the methods of the sections Applications,
// Users, Rules and Scenarios do: the rows that a registration can be bound to,
// and the VoxEngine scenarios that rules name. Scenarios are stored, never run.
package applications
