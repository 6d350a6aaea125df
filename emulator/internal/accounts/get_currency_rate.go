package accounts

import (
	"encoding/json"
	"time"

	"github.com/voxemu/voxemu/emulator/internal/store"
	"github.com/voxemu/voxemu/emulator/vox"
)

// GetCurrencyRateParams are the parameters of GetCurrencyRate.
type GetCurrencyRateParams struct {
	Currency []string `param:"currency"`
	Date     string   `param:"date"`
}

// GetCurrencyRateReply is the reply of GetCurrencyRate: the price of a dollar.
type GetCurrencyRateReply struct {
	Result map[string]json.Number `json:"result"`
}

// GetCurrencyRate returns the price of a dollar (A70).
func GetCurrencyRate(_ *store.Tx, _ vox.Principal, p GetCurrencyRateParams) (GetCurrencyRateReply, error) {
	if _, err := day("date", p.Date); err != nil {
		return GetCurrencyRateReply{}, err
	}
	rates := map[string]json.Number{}
	for _, currency := range p.Currency {
		hundredths, ok := perDollar(currency)
		if !ok {
			return GetCurrencyRateReply{}, vox.ErrInvalidCurrency.On("currency").Because("USD, EUR, RUR or KZT")
		}
		one, err := vox.ParseMoney("1")
		if err != nil {
			return GetCurrencyRateReply{}, err
		}
		text, err := amount(one.Times(hundredths, 100)).MarshalJSON()
		if err != nil {
			return GetCurrencyRateReply{}, err
		}
		rates[currency] = json.Number(text)
	}
	return GetCurrencyRateReply{rates}, nil
}

// day parses YYYY-MM-DD; an empty text is the zero time.
func day(field, text string) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	at, err := time.Parse(time.DateOnly, text[:min(len(text), len(time.DateOnly))])
	if err != nil {
		return time.Time{}, vox.ErrInvalidDay.On(field).Because("YYYY-MM-DD")
	}
	return at, nil
}
