package main

import (
	"fmt"
	"math"
	"net/url"
	"slices"
	"strconv"
)

// operation is a request with its expected reply and its effect.
type operation struct {
	method     string
	parameters url.Values
	judge      func(reply) error
	apply      func(id int64) // on the model; nil: none. id is that of a new row
	creates    string         // user name of the row that it creates, if any
}

// next chooses the account's next request.
func (a *account) next() *operation {
	switch n := a.random.IntN(100); {
	case n < 35 && len(a.rows) < mostRows:
		return a.create()
	case n < 50 && len(a.rows) > 0:
		return a.update()
	case n < 65 && len(a.rows) > 0:
		return a.delete()
	case n < 75:
		return a.filter()
	case n < 85:
		return a.info()
	case n < 90:
		return a.refused()
	}
	return a.list()
}

func (a *account) choose() (username, proxy string) {
	a.names++
	return fmt.Sprintf("user-%d-ü-%d", a.ID, a.names), proxies[a.random.IntN(len(proxies))].host
}

func (a *account) create() *operation {
	username, proxy := a.choose()
	return &operation{
		method: "CreateSipRegistration", creates: username,
		parameters: url.Values{"sip_username": {username}, "proxy": {proxy}},
		judge: func(r reply) error {
			if err := r.accepted(); err != nil {
				return err
			}
			if len(a.rows) > 0 && r.ID <= a.rows[len(a.rows)-1].id {
				return fmt.Errorf("id %d was given before", r.ID)
			}
			if want := a.now().balance() - 1; r.Account == nil || r.Account.Balance != want {
				return fmt.Errorf("want balance %v", want)
			}
			return nil
		},
		apply: func(id int64) {
			made := registration{id: id, username: username, proxy: proxy}
			a.registers(&made)
			a.rows = append(a.rows, made)
		},
	}
}

func (a *account) update() *operation {
	i := a.random.IntN(len(a.rows))
	username, proxy := a.choose()
	return &operation{
		method:     "UpdateSipRegistration",
		parameters: url.Values{"sip_registration_id": {idOf(a.rows[i])}, "sip_username": {username}, "proxy": {proxy}},
		judge:      reply.accepted,
		apply: func(int64) {
			a.rows[i].username, a.rows[i].proxy = username, proxy
			a.registers(&a.rows[i])
		},
	}
}

func (a *account) delete() *operation {
	i := a.random.IntN(len(a.rows))
	return &operation{
		method:     "DeleteSipRegistration",
		parameters: url.Values{"sip_registration_id": {idOf(a.rows[i])}},
		judge:      reply.accepted,
		apply:      func(int64) { a.rows = slices.Delete(a.rows, i, i+1) },
	}
}

func idOf(r registration) string { return strconv.FormatInt(r.id, 10) }

func (a *account) list() *operation {
	return &operation{
		method: "GetSipRegistrations",
		judge:  func(r reply) error { return r.lists(a.now().listed()) },
	}
}

// filter lists some of the rows: by status, by name, or a page.
func (a *account) filter() *operation {
	all := a.now().listed()
	parameters, want := url.Values{}, all
	switch a.random.IntN(3) {
	case 0:
		successful := a.random.IntN(2) == 0
		parameters.Set("successful", strconv.FormatBool(successful))
		want = slices.DeleteFunc(all, func(l listed) bool { return l.Successful != successful })
	case 1:
		parameters.Set("status_code", "403;200")
		want = slices.DeleteFunc(all, func(l listed) bool { return l.Status != 403 && l.Status != 200 })
	case 2:
		count, offset := 1+a.random.IntN(5), a.random.IntN(len(all)+2)
		parameters.Set("count", strconv.Itoa(count))
		parameters.Set("offset", strconv.Itoa(offset))
		want = all[min(offset, len(all)):min(offset+count, len(all))]
	}
	return &operation{
		method: "GetSipRegistrations", parameters: parameters,
		judge: func(r reply) error { return r.lists(want) },
	}
}

func (a *account) info() *operation {
	return &operation{
		method: "GetAccountInfo",
		judge:  func(r reply) error { return r.hasBalance(a.now()) },
	}
}

// refused is a request that must change nothing.
func (a *account) refused() *operation {
	if a.random.IntN(2) == 0 {
		return &operation{
			method: "CreateSipRegistration", parameters: url.Values{"sip_username": {"nobody"}},
			judge: func(r reply) error { return r.refusedWith(274, "proxy") },
		}
	}
	return &operation{
		method: "DeleteSipRegistration", parameters: url.Values{"sip_registration_id": {strconv.Itoa(math.MaxInt32)}},
		judge: func(r reply) error { return r.refusedWith(275, "sip_registration_id") },
	}
}
