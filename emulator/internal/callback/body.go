package callback

import (
	"crypto/md5"
	"encoding/hex"
	"encoding/json"
	"strconv"

	"github.com/voxemu/voxemu/emulator/vox"
)

// common are the members of all callbacks (docs/evidence.md#callback-body). Those that
// the emulator has no data for are constant (A47).
type common struct {
	ID           int64            `json:"callback_id"`
	Type         vox.CallbackType `json:"type"`
	AccountID    int64            `json:"account_id"`
	Hash         string           `json:"hash"`
	AccountName  string           `json:"account_name"`
	AccountEmail string           `json:"account_email"`
	LanguageCode string           `json:"language_code"`
	FirstName    string           `json:"account_first_name"`
	LastName     string           `json:"account_last_name"`
	Balance      vox.Money        `json:"balance"`
	Currency     string           `json:"currency"`
}

func body(account vox.Account, batch []vox.Callback) ([]byte, error) {
	list := make([]json.RawMessage, len(batch))
	for i, c := range batch {
		var err error
		if list[i], err = item(account, c); err != nil {
			return nil, err
		}
	}
	return json.Marshal(map[string][]json.RawMessage{"callbacks": list})
}

// item returns a callback: the common members, and the member named by the type.
func item(account vox.Account, c vox.Callback) (json.RawMessage, error) {
	head, err := json.Marshal(common{
		ID: c.ID, Type: c.Type, AccountID: account.ID, Hash: hash(account, c.ID),
		AccountName: account.Name, AccountEmail: account.Email, LanguageCode: "en",
		Balance: c.Balance, Currency: account.Currency,
	})
	if err != nil {
		return nil, err
	}
	details, err := json.Marshal(map[vox.CallbackType]json.RawMessage{c.Type: json.RawMessage(c.Detail)})
	if err != nil {
		return nil, err
	}
	return append(append(head[:len(head)-1], ','), details[1:]...), nil
}

// hash proves to the receiver that the sender knows the salt and the api_key
// (docs/evidence.md#callback-hash). Without a salt that part is empty (A44).
func hash(account vox.Account, callback int64) string {
	sum := md5.Sum([]byte(account.CallbackSalt + strconv.FormatInt(account.ID, 10) + account.APIKey + strconv.FormatInt(callback, 10)))
	return hex.EncodeToString(sum[:])
}

// Payload returns a callback as it is sent, with its hash.
func Payload(account vox.Account, c vox.Callback) (payload json.RawMessage, hashed string, err error) {
	payload, err = item(account, c)
	return payload, hash(account, c.ID), err
}
