package reference

import (
	"slices"

	"github.com/voxemu/voxemu/emulator/internal/query"
	"github.com/voxemu/voxemu/emulator/internal/store"
	"github.com/voxemu/voxemu/emulator/vox"
)

// Many names rows by ids, by names or by both, which must then be the same
// (A3); or all of them.
type Many struct {
	Kind
	All   bool
	IDs   []int64
	Names []string
}

// Given reports whether rows are named.
func (r Many) Given() bool { return r.All || len(r.IDs) > 0 || len(r.Names) > 0 }

// Resolve gives the ids of rows that must all exist, in the order of the
// caller's list, each once. Within applications when there are any, else
// anywhere in the account; a name may then stand for several rows. Nothing
// given is an error.
func (r Many) Resolve(tx *store.Tx, account int64, applications []int64) ([]int64, error) {
	if !r.Given() {
		return nil, vox.ErrMissingParameter.On(r.IDParam)
	}
	if r.All {
		return r.find(tx, account, 0, "", applications)
	}
	r, err := r.unambiguous(tx)
	if err != nil {
		return nil, err
	}
	byID, err := r.byID(tx, account, applications)
	if err != nil {
		return nil, err
	}
	byName, err := r.byName(tx, account, applications)
	if err != nil || len(byID) == 0 {
		return byName, err
	}
	return byID, r.agree(tx, account, applications, byID)
}

// agree wants every id to have one of the names and every name one of the ids.
func (r Many) agree(tx *store.Tx, account int64, applications, ids []int64) error {
	var named []int64
	for _, name := range r.Names {
		found, err := r.find(tx, account, 0, name, applications)
		if err != nil {
			return err
		}
		both := slices.DeleteFunc(found, func(id int64) bool { return !slices.Contains(ids, id) })
		if len(both) == 0 {
			return r.onlyOne()
		}
		named = append(named, both...)
	}
	if len(r.Names) > 0 && !sameSet(ids, named) {
		return r.onlyOne()
	}
	return nil
}

// Filter is the meaning of the list as a filter, where the unknown selects
// nothing (A4): the ids that pass, nil for all, and the match that the names
// add.
func (r Many) Filter(tx *store.Tx, account int64, applications []int64) ([]int64, []query.Match, error) {
	r, err := r.unambiguous(tx)
	if err != nil {
		return nil, nil, err
	}
	if tx.Settings().Behaviour.UnknownFilter == vox.UnknownFilterError {
		if err := r.mustExist(tx, account, applications); err != nil {
			return nil, nil, err
		}
	}
	if len(r.Names) == 0 {
		return r.IDs, nil, nil
	}
	named, err := r.named(tx, account, applications)
	if err != nil {
		return nil, nil, err
	}
	if len(r.IDs) > 0 && !sameSet(r.IDs, named) {
		return nil, nil, r.onlyOne()
	}
	return named, []query.Match{query.In(r.IDParam, named...)}, nil
}

// unambiguous decides what ids and names given together mean (A3).
func (r Many) unambiguous(tx *store.Tx) (Many, error) {
	if len(r.IDs) == 0 || len(r.Names) == 0 {
		return r, nil
	}
	switch tx.Settings().Behaviour.IDAndName {
	case vox.IDAndNameRefused:
		return r, r.onlyOne()
	case vox.IDAndNameIDWins:
		r.Names = nil
	}
	return r, nil
}

func (r Many) byID(tx *store.Tx, account int64, applications []int64) ([]int64, error) {
	var all []int64
	for _, id := range r.IDs {
		found, err := r.find(tx, account, id, "", applications)
		if err != nil {
			return nil, err
		}
		if len(found) == 0 || id <= 0 {
			return nil, r.UnknownID.On(r.IDParam)
		}
		all = add(all, found...)
	}
	return all, nil
}

func (r Many) byName(tx *store.Tx, account int64, applications []int64) ([]int64, error) {
	var all []int64
	for _, name := range r.Names {
		found, err := r.find(tx, account, 0, name, applications)
		if err != nil {
			return nil, err
		}
		if len(found) == 0 {
			return nil, r.UnknownName.On(r.NameParam)
		}
		all = add(all, found...)
	}
	return all, nil
}

func (r Many) named(tx *store.Tx, account int64, applications []int64) ([]int64, error) {
	var all []int64
	for _, name := range r.Names {
		found, err := r.find(tx, account, 0, name, applications)
		if err != nil {
			return nil, err
		}
		all = append(all, found...)
	}
	return all, nil
}

// mustExist is the scenario's choice against empty lists (A4). An id need not
// be in the applications.
func (r Many) mustExist(tx *store.Tx, account int64, applications []int64) error {
	if _, err := r.byID(tx, account, nil); err != nil {
		return err
	}
	_, err := r.byName(tx, account, applications)
	return err
}

// add appends what is not there yet.
func add(list []int64, more ...int64) []int64 {
	for _, id := range more {
		if !slices.Contains(list, id) {
			list = append(list, id)
		}
	}
	return list
}

func sameSet(a, b []int64) bool {
	a, b = slices.Sorted(slices.Values(a)), slices.Sorted(slices.Values(b))
	return slices.Equal(slices.Compact(a), slices.Compact(b))
}
