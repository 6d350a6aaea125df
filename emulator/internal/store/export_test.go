package store

// Coming returns the number of writers that wait for the lock or hold it.
func (s *Store) Coming() int64 { return s.coming.Load() }
