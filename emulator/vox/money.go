package vox

import (
	"fmt"
	"strings"

	"github.com/shopspring/decimal"
)

// Money is an exact decimal amount; never a binary float. The zero value is 0.
// Sums and differences are exact; see [Percent.Of] for the one rounding.
type Money struct{ amount decimal.Decimal }

// largest is the bound of an amount: what [ParseMoney] reads is smaller, either
// side of 0, so that a state that is written can be read again.
var largest = decimal.New(1, 12)

// ParseMoney reads an amount such as "100.00" or "-0.5": at most six decimals,
// less than a million millions.
func ParseMoney(text string) (Money, error) {
	d, err := decimal.NewFromString(text)
	if err != nil || d.Exponent() < -6 || d.Exponent() > 12 || !(Money{d}).InRange() {
		return Money{}, fmt.Errorf("%q is not an amount of money: want at most twelve digits and at most six decimals, for example 100.00", text)
	}
	return Money{d}, nil
}

// MustParseMoney is [ParseMoney] for amounts that are written in a program; it
// panics where that gives an error.
func MustParseMoney(text string) Money {
	m, err := ParseMoney(text)
	if err != nil {
		panic(err)
	}
	return m
}

// InRange reports whether the amount is one that [ParseMoney] reads.
func (m Money) InRange() bool { return m.amount.Abs().LessThan(largest) }

// Add is the exact sum.
func (m Money) Add(other Money) Money { return Money{m.amount.Add(other.amount)} }

// Sub is the exact difference.
func (m Money) Sub(other Money) Money { return Money{m.amount.Sub(other.amount)} }

// Neg is the amount with the other sign.
func (m Money) Neg() Money { return Money{m.amount.Neg()} }

// Cmp is negative when m is less than other, 0 when both are the same number,
// positive when m is more.
func (m Money) Cmp(other Money) int { return m.amount.Cmp(other.amount) }

// String prints the amount with at least two decimals.
func (m Money) String() string {
	if m.amount.Exponent() >= -2 { // nearly all amounts: no digits to cut
		return m.amount.StringFixed(2)
	}
	text := m.amount.String() // without trailing zeros
	if _, decimals, _ := strings.Cut(text, "."); len(decimals) < 2 {
		return m.amount.StringFixed(2)
	}
	return text
}

// IsZero reports whether the amount is 0.
func (m Money) IsZero() bool { return m.amount.IsZero() }

// Equal reports whether both amounts are the same number.
func (m Money) Equal(other Money) bool { return m.amount.Equal(other.amount) }

// MarshalJSON writes a JSON number, as the live service does (docs/evidence.md#transactions).
func (m Money) MarshalJSON() ([]byte, error) { return []byte(m.String()), nil }

// MarshalText writes what [ParseMoney] reads.
func (m Money) MarshalText() ([]byte, error) { return []byte(m.String()), nil }

// UnmarshalText reads what [ParseMoney] accepts.
func (m *Money) UnmarshalText(text []byte) error {
	parsed, err := ParseMoney(string(text))
	if err != nil {
		return err
	}
	*m = parsed
	return nil
}

// IsNegative reports whether the amount is below 0.
func (m Money) IsNegative() bool { return m.amount.IsNegative() }

// Times is the amount multiplied by a fraction, rounded to cents, half a cent
// away from 0.
func (m Money) Times(numerator, denominator int64) Money {
	product := m.amount.Mul(decimal.NewFromInt(numerator))
	return Money{product.DivRound(decimal.NewFromInt(denominator), 2)}
}
