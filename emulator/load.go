package emulator

import (
	"slices"

	"github.com/voxemu/voxemu/emulator/internal/billing"
	"github.com/voxemu/voxemu/emulator/internal/store"
	"github.com/voxemu/voxemu/emulator/vox"
	"github.com/voxemu/voxemu/scenarios"
)

// Load replaces the whole state by the scenarios, laid on top of each other:
// built-in names or files. On an error the state stays as it was.
func (s *Server) Load(names ...string) error {
	scenario, err := scenarios.Load(names...)
	if err != nil {
		return err
	}
	return s.seed(scenario, names)
}

// LoadSources is [Server.Load] for texts at hand.
func (s *Server) LoadSources(sources ...scenarios.Source) error {
	scenario, err := scenarios.Read(sources...)
	if err != nil {
		return err
	}
	names := make([]string, len(sources))
	for i, source := range sources {
		names[i] = source.Name
	}
	return s.seed(scenario, names)
}

// Reset goes back to the scenarios loaded last; keys that were made meanwhile
// stay valid.
func (s *Server) Reset() error {
	s.mu.Lock()
	scenario, names := s.loaded, s.names
	s.mu.Unlock()
	return s.seed(scenario, names)
}

func (s *Server) seed(scenario scenarios.Scenario, names []string) error {
	err := s.store.Replace(s.clock.Now(), func(tx *store.Tx) error { return fill(tx, scenario, s.keys) })
	if err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.loaded, s.names = scenario, slices.Clone(names)
	return nil
}

// fill puts a scenario's rows into an empty state.
func fill(tx *store.Tx, scenario scenarios.Scenario, keys *keyring) error {
	tx.SetSettings(scenario.Settings)
	for _, row := range scenario.Accounts {
		if err := tx.Accounts().Put(row); err != nil {
			return err
		}
	}
	for _, row := range scenario.Keys {
		complete, err := keys.complete(row)
		if err != nil {
			return err
		}
		if err := tx.Keys().Put(complete); err != nil {
			return err
		}
	}
	for _, row := range scenario.Applications {
		if err := tx.Applications().Put(row); err != nil {
			return err
		}
	}
	for _, row := range scenario.Rules {
		if err := tx.Rules().Put(row); err != nil {
			return err
		}
	}
	for _, row := range scenario.Users {
		if err := tx.Users().Put(row); err != nil {
			return err
		}
	}
	for _, row := range scenario.Registrations {
		if err := tx.Registrations().Put(dated(tx, row)); err != nil {
			return err
		}
	}
	return nil
}

// dated fills the moments that a scenario leaves open.
func dated(tx *store.Tx, r vox.Registration) vox.Registration {
	if r.PurchaseDate.IsZero() {
		r.PurchaseDate = tx.Now()
	}
	if r.LastUpdated.IsZero() {
		r.LastUpdated = tx.Now()
	}
	if r.NextRenewal.IsZero() {
		r.NextRenewal = billing.NextRenewal(r.PurchaseDate, 1)
	}
	return r
}

// Export is the state as a scenario file, without secrets: api keys, passwords
// and private keys are left out.
func (s *Server) Export() ([]byte, error) { return s.export(false) }

// ExportWithSecrets is the state as a scenario file that loads to the same
// state. It holds every secret: keep it like one.
func (s *Server) ExportWithSecrets() ([]byte, error) { return s.export(true) }

func (s *Server) export(secrets bool) ([]byte, error) {
	var out scenarios.Scenario
	err := s.store.Read(s.clock.Now(), func(tx *store.Tx) error {
		out.Settings = tx.Settings()
		out.Accounts = slices.Collect(tx.Accounts().All())
		out.Keys = slices.Collect(tx.Keys().All())
		out.Applications = slices.Collect(tx.Applications().All())
		out.Rules = slices.Collect(tx.Rules().All())
		out.Users = slices.Collect(tx.Users().All())
		out.Registrations = slices.Collect(tx.Registrations().All())
		return nil
	})
	if err != nil {
		return nil, err
	}
	if !secrets {
		mask(&out)
	}
	return out.YAML()
}

// mask removes every secret; the rows are copies.
func mask(s *scenarios.Scenario) {
	for i := range s.Accounts {
		s.Accounts[i].APIKey = ""
	}
	for i := range s.Keys {
		s.Keys[i].PrivateKey = ""
	}
	for i := range s.Registrations {
		s.Registrations[i].Password = ""
	}
}
