// Package accounts decides what the methods around an account do: logging on,
// what it is and costs, its keys and their roles, from where it may be used, and
// what was changed. It sees a transaction, a caller and typed parameters; never
// HTTP, never the wall clock. One file per method.
package accounts

// None are the parameters of a method that has none.
type None struct{}
