package platform

import (
	"net/http"
	"strconv"

	"github.com/golang-jwt/jwt/v5"

	"github.com/voxemu/voxemu/emulator/fault"
	"github.com/voxemu/voxemu/emulator/internal/store"
	"github.com/voxemu/voxemu/emulator/vox"
)

// claim finds the fault that takes the call; nil: none.
func (d *Door) claim(c *call, r *http.Request) *fault.Claim {
	claim := d.Faults.Claim(func() fault.Call { return d.describe(c, r) })
	if claim != nil {
		c.fault = claim.Rule
	}
	return claim
}

// describe is the call as rules see it.
func (d *Door) describe(c *call, r *http.Request) fault.Call {
	account, key := d.presented(c)
	return fault.Call{
		Method: c.method, Parameters: c.parameters, Account: account, Key: key,
		Header: r.Header, Encoding: c.encoding,
	}
}

// presented is who the caller claims to be. Nothing is verified: faults come
// before identification, as a broken network would.
func (d *Door) presented(c *call) (account int64, key string) {
	if token, ok := c.bearer(); ok {
		claims := jwt.MapClaims{}
		parsed, _, err := jwt.NewParser(jwt.WithJSONNumber()).ParseUnverified(token, claims)
		if err != nil {
			return 0, ""
		}
		key, _ = parsed.Header["kid"].(string)
		account, _ = issuer(claims["iss"])
		return account, key
	}
	if id, err := strconv.ParseInt(c.parameters.Get("account_id"), 10, 64); err == nil {
		return id, ""
	}
	_ = d.Store.Read(d.Clock.Now(), func(tx *store.Tx) error { // the function returns no error
		named, _ := namedAccount(tx, c)
		account = named.ID
		return nil
	})
	return account, ""
}

// exchange hands the call over to a fault.
func (d *Door) exchange(w http.ResponseWriter, r *http.Request, c *call, work func() fault.Reply) *fault.Exchange {
	return &fault.Exchange{
		Writer: w, Request: r, Work: work, Sleep: d.Clock.Sleep,
		APIError: func(name, field string) fault.Reply { return d.invented(c, vox.Error(name).On(field)) },
	}
}

// invented is the reply with an error that a rule names. The method need not
// list it: a fault is no bug of ours.
func (d *Door) invented(c *call, r vox.Refusal) fault.Reply {
	code, sentence, _ := d.Contract.Explain(r) // rules name known errors only
	e := apiError{Code: code, Msg: sentence, Field: r.Field}
	return refuse(c, errorReply{Error: e, Errors: []apiError{e}})
}
