// Package accounts implements the methods for accounts: logon, account information,
// prices, keys and roles, authorised addresses, transactions and the audit log. Its
// functions receive a transaction, a caller and typed parameters; they use neither HTTP
// nor the machine's clock. Each method has its own file.
package accounts

// None is the parameters of a method without any.
type None struct{}
