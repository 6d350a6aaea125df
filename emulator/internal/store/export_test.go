package store

// Coming returns the number of writers that wait for the lock or hold it.
func (s *Store) Coming() int64 { return s.coming.Load() }

const SmallBits = smallBits

// The encoding of numbers in keys. It is tested from outside, so that the tests' generators
// are not compiled with the store.
var (
	AppendNumber = appendNumber
	BeforeNumber = beforeNumber
	AfterNumber  = afterNumber
	LastNumber   = lastNumber
)
