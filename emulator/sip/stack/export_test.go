package stack

// OpenWith is Open with a resolver.
var OpenWith = open
