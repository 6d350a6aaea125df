package sipreg

import (
	"slices"

	"github.com/voxemu/voxemu/emulator/internal/query"
	"github.com/voxemu/voxemu/emulator/internal/store"
	"github.com/voxemu/voxemu/emulator/vox"
)

// ListParams are the parameters of GetSipRegistrations. Filters that an index
// answers as they come are in Where; ids are repeated beside it because names
// and ids of the same thing must agree.
type ListParams struct {
	Where           []query.Match `param:"filters"`
	ID              int64         `param:"sip_registration_id"`
	ApplicationID   []int64       `param:"application_id"`
	ApplicationName []string      `param:"application_name"`
	RuleID          []int64       `param:"rule_id"`
	RuleName        []string      `param:"rule_name"`
	UserID          []int64       `param:"user_id"`
	UserName        []string      `param:"user_name"`
	Count           int64         `param:"count"`
	Offset          int64         `param:"offset"`
}

// ListReply is the reply of GetSipRegistrations; Count is the number of rows
// returned, the real method has no total (A13).
type ListReply struct {
	Result []Row `json:"result"`
	Count  int   `json:"count"`
}

// List finds the account's registrations that pass every filter, by ascending
// id.
func List(tx *store.Tx, caller vox.Principal, p ListParams) (ListReply, error) {
	if p.ID != 0 && tx.Settings().Behaviour.UnknownFilter == vox.UnknownFilterError {
		if _, err := find(tx, caller, p.ID); err != nil {
			return ListReply{}, err
		}
	}
	where, err := p.names(tx, caller.AccountID)
	if err != nil {
		return ListReply{}, err
	}
	page := query.Page{Offset: int(p.Offset), Count: int(p.Count)}
	found, err := tx.Registrations().Select(caller.AccountID, append(where, p.Where...), page)
	if err != nil {
		return ListReply{}, err
	}
	rows := rows(tx, found)
	return ListReply{Result: rows, Count: len(rows)}, nil
}

// names turns the filters by name into filters by id: rules and users within
// the applications when any are given, else across all.
func (p ListParams) names(tx *store.Tx, account int64) ([]query.Match, error) {
	target := Target{}
	applications, where, err := references{target.application(), p.ApplicationID, p.ApplicationName}.matches(tx, account, nil)
	if err != nil {
		return nil, err
	}
	_, rules, err := references{target.rule(), p.RuleID, p.RuleName}.matches(tx, account, applications)
	if err != nil {
		return nil, err
	}
	_, users, err := references{target.user(), p.UserID, p.UserName}.matches(tx, account, applications)
	return slices.Concat(where, rules, users), err
}

// references are a filter's ids and names of one kind of row.
type references struct {
	reference
	ids   []int64
	names []string
}

// matches gives the ids that the filter lets pass, nil for all, and the match
// that the names add.
func (r references) matches(tx *store.Tx, account int64, applications []int64) ([]int64, []query.Match, error) {
	behaviour := tx.Settings().Behaviour
	if len(r.ids) > 0 && len(r.names) > 0 {
		switch behaviour.IDAndName {
		case vox.IDAndNameRefused:
			return nil, nil, r.onlyOne()
		case vox.IDAndNameIDWins:
			r.names = nil
		}
	}
	if behaviour.UnknownFilter == vox.UnknownFilterError {
		if err := r.mustExist(tx, account, applications); err != nil {
			return nil, nil, err
		}
	}
	if len(r.names) == 0 {
		return r.ids, nil, nil
	}
	named, err := r.named(tx, account, applications)
	if err != nil {
		return nil, nil, err
	}
	if len(r.ids) > 0 && !sameSet(r.ids, named) {
		return nil, nil, r.onlyOne()
	}
	return named, []query.Match{query.In(r.idParam, named...)}, nil
}

func (r references) named(tx *store.Tx, account int64, applications []int64) ([]int64, error) {
	var all []int64
	for _, name := range r.names {
		found, err := r.find(tx, account, 0, name, applications)
		if err != nil {
			return nil, err
		}
		all = append(all, found...)
	}
	return all, nil
}

// mustExist is the scenario's choice against empty lists (A4).
func (r references) mustExist(tx *store.Tx, account int64, applications []int64) error {
	for _, id := range r.ids {
		if found, err := r.find(tx, account, id, "", nil); err != nil || len(found) == 0 {
			return r.unknownID.On(r.idParam)
		}
	}
	for _, name := range r.names {
		if found, err := r.find(tx, account, 0, name, applications); err != nil || len(found) == 0 {
			return r.unknownName.On(r.nameParam)
		}
	}
	return nil
}

func sameSet(a, b []int64) bool {
	a, b = slices.Sorted(slices.Values(a)), slices.Sorted(slices.Values(b))
	return slices.Equal(slices.Compact(a), slices.Compact(b))
}
