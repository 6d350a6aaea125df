package reference

import (
	"slices"

	"github.com/voxemu/voxemu/emulator/internal/store"
	"github.com/voxemu/voxemu/emulator/vox"
)

// One refers to one row by id, by name or by both; zero and empty: not given.
type One struct {
	kind
	id   int64
	name string
}

// Application refers to an application.
func Application(id int64, name string) One { return One{application(), id, name} }

// Rule refers to a rule.
func Rule(id int64, name string) One { return One{rule(), id, name} }

// User refers to a user.
func User(id int64, name string) One { return One{user(), id, name} }

// Scenario refers to a VoxEngine script.
func Scenario(id int64, name string) One { return One{scenario(), id, name} }

// By returns a reference whose name is in another parameter, for methods that use the
// usual one for something else.
func (r One) By(nameParam string) One {
	r.nameParam = nameParam
	return r
}

// Param returns the parameter that an error should name.
func (r One) Param() string {
	if r.id != 0 {
		return r.idParam
	}
	return r.nameParam
}

// Required is [One.Resolve], but the row must be named.
func (r One) Required(tx *store.Tx, account, application int64) (int64, error) {
	if r.id == 0 && r.name == "" {
		return 0, vox.ErrMissingParameter.On(r.idParam)
	}
	return r.Resolve(tx, account, application)
}

// Resolve returns the row's id, or 0 if none is named. If application is not 0, only its
// rows are looked up. Rows of other accounts give the error for unknown ones (A21).
func (r One) Resolve(tx *store.Tx, account, application int64) (int64, error) {
	if r.id == 0 && r.name == "" {
		return 0, nil
	}
	if r.id != 0 && r.name != "" {
		counts, err := r.nameCounts(tx)
		if err != nil {
			return 0, err
		}
		if !counts {
			r.name = ""
		}
	}
	byID, err := r.lookUp(tx, account, application, r.id, "", r.unknownID.On(r.idParam))
	if err != nil {
		return 0, err
	}
	byName, err := r.lookUp(tx, account, application, 0, r.name, r.unknownName.On(r.nameParam))
	switch {
	case err != nil:
		return 0, err
	case len(byID) == 0 && len(byName) == 0:
		return 0, nil
	case len(byID) == 0:
		return byName[0], nil
	case len(byName) > 0 && !slices.Contains(byName, byID[0]): // without an application, several rows can have the name
		return 0, r.onlyOne()
	}
	return byID[0], nil
}

// lookUp returns no rows if neither id nor name is given.
func (r One) lookUp(tx *store.Tx, account, application, id int64, name string, unknown error) ([]int64, error) {
	if id == 0 && name == "" {
		return nil, nil
	}
	var within []int64
	if application != 0 {
		within = []int64{application}
	}
	found := r.find(tx, account, id, name, within)
	if len(found) == 0 {
		return nil, unknown
	}
	return found, nil
}
