package sipreg

import (
	"slices"

	"github.com/voxemu/voxemu/emulator/internal/jsontext"
	"github.com/voxemu/voxemu/emulator/internal/query"
	"github.com/voxemu/voxemu/emulator/internal/reference"
	"github.com/voxemu/voxemu/emulator/internal/store"
	"github.com/voxemu/voxemu/emulator/vox"
)

// ListParams are the parameters of GetSipRegistrations. Where contains the filters that
// are passed to indexes unchanged. The ids are also separate fields, because an id and a
// name of the same object must agree.
type ListParams struct {
	Where           []query.Filter `param:"filters"`
	ID              int64          `param:"sip_registration_id"`
	ApplicationID   []int64        `param:"application_id"`
	ApplicationName []string       `param:"application_name"`
	RuleID          []int64        `param:"rule_id"`
	RuleName        []string       `param:"rule_name"`
	UserID          []int64        `param:"user_id"`
	UserName        []string       `param:"user_name"`
	query.Page
}

// ListReply is the reply of GetSipRegistrations. Count is the number of rows returned;
// the real method has no total (A13).
type ListReply struct {
	Result []Row `json:"result"`
	Count  int   `json:"count"`
}

// rowBytes is about the size of a row in a reply.
const rowBytes = 288

// AppendJSON implements [jsontext.Appender].
func (r ListReply) AppendJSON(text []byte) []byte {
	list := append(slices.Grow(jsontext.Begin(text).Name("result"), rowBytes*len(r.Result)), '[')
	for i := range r.Result {
		if i > 0 {
			list = append(list, ',')
		}
		list = r.Result[i].AppendJSON(list)
	}
	return append(list, ']').Int("count", int64(r.Count)).End()
}

// List returns the account's registrations that match all filters, by ascending id.
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
	where = append(where, store.Conditions(store.Registrations, p.Where)...)
	rows := rows(tx, store.Refer(tx, store.Registrations, caller.AccountID, where, p.Page), p.Count)
	return ListReply{Result: rows, Count: len(rows)}, nil
}

// names converts filters by name to filters by id. Rules and users are looked up in the
// given applications, or in all if none is given.
func (p ListParams) names(tx *store.Tx, account int64) (store.Where[vox.Registration], error) {
	applications, where, err := reference.Applications(query.IDs(p.ApplicationID), p.ApplicationName).Filter(tx, account, nil)
	if err != nil {
		return nil, err
	}
	_, rules, err := reference.Rules(query.IDs(p.RuleID), p.RuleName).Filter(tx, account, applications)
	if err != nil {
		return nil, err
	}
	_, users, err := reference.Users(query.IDs(p.UserID), p.UserName).Filter(tx, account, applications)
	return slices.Concat(where, rules, users), err
}
