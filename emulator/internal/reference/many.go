package reference

import (
	"slices"

	"github.com/voxemu/voxemu/emulator/internal/query"
	"github.com/voxemu/voxemu/emulator/internal/store"
	"github.com/voxemu/voxemu/emulator/vox"
)

// Many refers to several rows by ids, by names or by both, which must then name the same
// rows (A3), or to all rows.
type Many struct {
	kind
	query.Selection
	names []string
}

// Applications refers to applications.
func Applications(selected query.Selection, names []string) Many {
	return Many{application(), selected, names}
}

// Rules refers to rules.
func Rules(selected query.Selection, names []string) Many { return Many{rule(), selected, names} }

// Users refers to users.
func Users(selected query.Selection, names []string) Many { return Many{user(), selected, names} }

// Scenarios refers to VoxEngine scripts.
func Scenarios(selected query.Selection, names []string) Many {
	return Many{scenario(), selected, names}
}

// Required is [Many.Resolve], but at least one row must be named.
func (r Many) Required(tx *store.Tx, account int64, applications []int64) ([]int64, error) {
	if !r.All && len(r.IDs) == 0 && len(r.names) == 0 {
		return nil, vox.ErrMissingParameter.On(r.idParam)
	}
	return r.Resolve(tx, account, applications)
}

// Resolve returns the ids of the rows, which must all exist, in the order of the request
// and without duplicates. Rows are looked up in the given applications or, if there are
// none, in the whole account, where several rows can have the same name.
func (r Many) Resolve(tx *store.Tx, account int64, applications []int64) ([]int64, error) {
	if r.All {
		return r.find(tx, account, 0, "", applications), nil
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
	switch {
	case err != nil:
		return nil, err
	case len(byID) == 0:
		return unique(byName), nil
	case len(byName) > 0 && !agree(byID, byName):
		return nil, r.onlyOne()
	}
	return byID, nil
}

// Filter returns the conditions of a list filter, for which unknown ids and names select
// nothing (A4): the allowed ids, nil for all, and a condition on registrations for
// the names.
func (r Many) Filter(tx *store.Tx, account int64, applications []int64) ([]int64, store.Where[vox.Registration], error) {
	r, err := r.unambiguous(tx)
	if err != nil {
		return nil, nil, err
	}
	if tx.Settings().Behaviour.UnknownFilter == vox.UnknownFilterError {
		if err := r.mustExist(tx, account, applications); err != nil {
			return nil, nil, err
		}
	}
	if len(r.names) == 0 {
		return r.IDs, nil, nil
	}
	named := unique(r.named(tx, account, applications))
	if len(r.IDs) > 0 && !sameSet(r.IDs, named) {
		return nil, nil, r.onlyOne()
	}
	return named, r.bound.In(named...), nil
}

func (r Many) unambiguous(tx *store.Tx) (Many, error) {
	if len(r.IDs) == 0 || len(r.names) == 0 {
		return r, nil
	}
	counts, err := r.nameCounts(tx)
	if !counts {
		r.names = nil
	}
	return r, err
}

func (r Many) byID(tx *store.Tx, account int64, applications []int64) ([]int64, error) {
	var all [][]int64
	for _, id := range r.IDs {
		found := r.find(tx, account, id, "", applications)
		if len(found) == 0 || id <= 0 {
			return nil, r.unknownID.On(r.idParam)
		}
		all = append(all, found)
	}
	return unique(all), nil
}

// byName is [Many.named], but all names must exist.
func (r Many) byName(tx *store.Tx, account int64, applications []int64) ([][]int64, error) {
	groups := r.named(tx, account, applications)
	if slices.ContainsFunc(groups, func(group []int64) bool { return len(group) == 0 }) {
		return nil, r.unknownName.On(r.nameParam)
	}
	return groups, nil
}

// named returns the ids of the rows of each name.
func (r Many) named(tx *store.Tx, account int64, applications []int64) [][]int64 {
	groups := make([][]int64, len(r.names))
	for i, name := range r.names {
		groups[i] = r.find(tx, account, 0, name, applications)
	}
	return groups
}

// mustExist returns an error for unknown ids and names if the scenario asks for one (A4).
// An id need not be in the applications.
func (r Many) mustExist(tx *store.Tx, account int64, applications []int64) error {
	if _, err := r.byID(tx, account, nil); err != nil {
		return err
	}
	_, err := r.byName(tx, account, applications)
	return err
}

// agree reports whether each id has one of the names and each name one of the ids.
func agree(ids []int64, named [][]int64) bool {
	isOne := func(id int64) bool { return slices.Contains(ids, id) }
	for _, group := range named {
		if !slices.ContainsFunc(group, isOne) {
			return false
		}
	}
	all := slices.Concat(named...)
	return !slices.ContainsFunc(ids, func(id int64) bool { return !slices.Contains(all, id) })
}

// unique joins lists and keeps the first of duplicate ids.
func unique(lists [][]int64) []int64 {
	var all []int64
	for _, list := range lists {
		for _, id := range list {
			if !slices.Contains(all, id) {
				all = append(all, id)
			}
		}
	}
	return all
}

func sameSet(a, b []int64) bool {
	a, b = slices.Sorted(slices.Values(a)), slices.Sorted(slices.Values(b))
	return slices.Equal(slices.Compact(a), slices.Compact(b))
}
