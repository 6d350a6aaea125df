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
	kind
	query.Selection
	names []string
}

// Applications names applications.
func Applications(selected query.Selection, names []string) Many {
	return Many{application(), selected, names}
}

// Rules names rules.
func Rules(selected query.Selection, names []string) Many { return Many{rule(), selected, names} }

// Users names users.
func Users(selected query.Selection, names []string) Many { return Many{user(), selected, names} }

// Scenarios names scenarios.
func Scenarios(selected query.Selection, names []string) Many {
	return Many{scenario(), selected, names}
}

// Required is [Many.Resolve] for rows of which at least one must be named.
func (r Many) Required(tx *store.Tx, account int64, applications []int64) ([]int64, error) {
	if !r.All && len(r.IDs) == 0 && len(r.names) == 0 {
		return nil, vox.ErrMissingParameter.On(r.idParam)
	}
	return r.Resolve(tx, account, applications)
}

// Resolve gives the ids of rows that must all exist, in the order of the
// caller's list, each once. Within applications when there are any, else
// anywhere in the account; a name may then stand for several rows.
func (r Many) Resolve(tx *store.Tx, account int64, applications []int64) ([]int64, error) {
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
	if len(r.names) == 0 {
		return r.IDs, nil, nil
	}
	groups, err := r.named(tx, account, applications)
	if err != nil {
		return nil, nil, err
	}
	named := unique(groups)
	if len(r.IDs) > 0 && !sameSet(r.IDs, named) {
		return nil, nil, r.onlyOne()
	}
	return named, []query.Match{query.In(r.idParam, named...)}, nil
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
		found, err := r.find(tx, account, id, "", applications)
		if err != nil {
			return nil, err
		}
		if len(found) == 0 || id <= 0 {
			return nil, r.unknownID.On(r.idParam)
		}
		all = append(all, found)
	}
	return unique(all), nil
}

// byName is [Many.named] for names that must all exist.
func (r Many) byName(tx *store.Tx, account int64, applications []int64) ([][]int64, error) {
	groups, err := r.named(tx, account, applications)
	if err == nil && slices.ContainsFunc(groups, func(group []int64) bool { return len(group) == 0 }) {
		return nil, r.unknownName.On(r.nameParam)
	}
	return groups, err
}

// named finds the rows of each name.
func (r Many) named(tx *store.Tx, account int64, applications []int64) ([][]int64, error) {
	groups := make([][]int64, len(r.names))
	for i, name := range r.names {
		var err error
		if groups[i], err = r.find(tx, account, 0, name, applications); err != nil {
			return nil, err
		}
	}
	return groups, nil
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

// unique joins lists, each id once, where it stands first.
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
