package reference

import (
	"github.com/voxemu/voxemu/emulator/internal/store"
	"github.com/voxemu/voxemu/emulator/vox"
)

// One names one row by id, by name or by both; zero and empty: not given.
type One struct {
	Kind
	ID   int64
	Name string
}

// Given reports whether a row is named.
func (r One) Given() bool { return r.ID != 0 || r.Name != "" }

// Param is the parameter that a refusal should name.
func (r One) Param() string {
	if r.ID != 0 {
		return r.IDParam
	}
	return r.NameParam
}

// Required is [One.Resolve] for a row that must be named.
func (r One) Required(tx *store.Tx, account, application int64) (int64, error) {
	if !r.Given() {
		return 0, vox.ErrMissingParameter.On(r.IDParam)
	}
	return r.Resolve(tx, account, application)
}

// Resolve gives the row's id, or 0 when nothing is given. With an application,
// only its rows are looked at. Rows of another account look unknown (A21).
func (r One) Resolve(tx *store.Tx, account, application int64) (int64, error) {
	r, err := r.unambiguous(tx)
	if err != nil {
		return 0, err
	}
	byID, err := r.lookUp(tx, account, application, r.ID, "", r.UnknownID.On(r.IDParam))
	if err != nil {
		return 0, err
	}
	byName, err := r.lookUp(tx, account, application, 0, r.Name, r.UnknownName.On(r.NameParam))
	if err != nil {
		return 0, err
	}
	if len(byID) > 0 && len(byName) > 0 {
		return r.both(byID[0], byName)
	}
	return first(append(byID, byName...)), nil
}

// unambiguous decides what id and name given together mean (A3).
func (r One) unambiguous(tx *store.Tx) (One, error) {
	if r.ID == 0 || r.Name == "" {
		return r, nil
	}
	switch tx.Settings().Behaviour.IDAndName {
	case vox.IDAndNameRefused:
		return r, r.onlyOne()
	case vox.IDAndNameIDWins:
		r.Name = ""
	}
	return r, nil
}

// both wants the row with the id among those with the name: outside an
// application several may have it.
func (r One) both(id int64, named []int64) (int64, error) {
	for _, n := range named {
		if n == id {
			return id, nil
		}
	}
	return 0, r.onlyOne()
}

func (k Kind) onlyOne() error {
	return vox.ErrOnlyOneOf.On(k.NameParam).Because(k.IDParam + ", " + k.NameParam)
}

func (r One) lookUp(tx *store.Tx, account, application, id int64, name string, unknown error) ([]int64, error) {
	if id == 0 && name == "" {
		return nil, nil
	}
	var within []int64
	if application != 0 {
		within = []int64{application}
	}
	found, err := r.find(tx, account, id, name, within)
	if err == nil && len(found) == 0 {
		return nil, unknown
	}
	return found, err
}

func first(ids []int64) int64 {
	if len(ids) == 0 {
		return 0
	}
	return ids[0]
}
