// Package applications implements the methods of the sections Applications, Users, Rules
// and Scenarios: the objects to which a registration can be bound, and VoxEngine scripts,
// which are stored and never run.
package applications
