package vox

import (
	"fmt"

	"github.com/shopspring/decimal"
)

// Percent is a rate, for example 20 for 20%. The zero value is 0.
type Percent struct{ rate decimal.Decimal }

var hundred = decimal.New(100, 0)

// ParsePercent reads a rate from 0 to 100 such as "20" or "7.5", with at most six
// decimals.
func ParsePercent(text string) (Percent, error) {
	d, err := decimal.NewFromString(text)
	if err != nil || d.Exponent() < -6 || d.Exponent() > 2 || d.IsNegative() || d.GreaterThan(hundred) {
		return Percent{}, fmt.Errorf("%q is no percentage: want 0 to 100, with at most six decimals, for example 20", text)
	}
	return Percent{d}, nil
}

// Of returns the share of an amount, rounded to cents, half a cent away from 0 (A35).
func (p Percent) Of(m Money) Money {
	if p.IsZero() || m.IsZero() {
		return Money{}
	}
	return Money{m.amount.Mul(p.rate).Div(hundred).Round(2)}
}

// String returns the rate without trailing zeros.
func (p Percent) String() string { return p.rate.String() }

// IsZero reports whether the rate is 0.
func (p Percent) IsZero() bool { return p.rate.IsZero() }

// Equal reports whether both rates are equal.
func (p Percent) Equal(other Percent) bool { return p.rate.Equal(other.rate) }

// MarshalText writes what [ParsePercent] reads.
func (p Percent) MarshalText() ([]byte, error) { return []byte(p.String()), nil }

// UnmarshalText reads what [ParsePercent] accepts.
func (p *Percent) UnmarshalText(text []byte) error {
	parsed, err := ParsePercent(string(text))
	if err != nil {
		return err
	}
	*p = parsed
	return nil
}
