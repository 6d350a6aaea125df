package sipreg

import (
	"github.com/voxemu/voxemu/emulator/internal/store"
	"github.com/voxemu/voxemu/emulator/vox"
)

// reference names one row by id, by name or by both.
type reference struct {
	id                     int64
	name                   string
	idParam, nameParam     string
	unknownID, unknownName vox.Error
	find                   finder
}

// given is the parameter that a refusal should name.
func (r reference) given() string {
	if r.id != 0 {
		return r.idParam
	}
	return r.nameParam
}

// resolve gives the row's id, or 0 when nothing is given. Rows of another
// account look unknown (A21).
func (r reference) resolve(tx *store.Tx, account, application int64) (int64, error) {
	r, err := r.unambiguous(tx)
	if err != nil {
		return 0, err
	}
	byID, err := r.lookUp(tx, account, application, r.id, "", r.unknownID.On(r.idParam))
	if err != nil {
		return 0, err
	}
	byName, err := r.lookUp(tx, account, application, 0, r.name, r.unknownName.On(r.nameParam))
	if err != nil {
		return 0, err
	}
	if byID != 0 && byName != 0 && byID != byName {
		return 0, r.onlyOne()
	}
	return max(byID, byName), nil
}

// unambiguous decides what id and name given together mean (A3).
func (r reference) unambiguous(tx *store.Tx) (reference, error) {
	if r.id == 0 || r.name == "" {
		return r, nil
	}
	switch tx.Settings().Behaviour.IDAndName {
	case vox.IDAndNameRefused:
		return r, r.onlyOne()
	case vox.IDAndNameIDWins:
		r.name = ""
	}
	return r, nil
}

func (r reference) onlyOne() error {
	return vox.ErrOnlyOneOf.On(r.nameParam).Because(r.idParam + ", " + r.nameParam)
}

func (r reference) lookUp(tx *store.Tx, account, application, id int64, name string, unknown error) (int64, error) {
	if id == 0 && name == "" {
		return 0, nil
	}
	var within []int64
	if application != 0 {
		within = []int64{application}
	}
	found, err := r.find(tx, account, id, name, within)
	switch {
	case err != nil:
		return 0, err
	case len(found) == 0:
		return 0, unknown
	}
	return found[0], nil
}
