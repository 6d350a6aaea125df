package vox

import (
	"fmt"
	"strings"

	"github.com/shopspring/decimal"
)

// Money is an exact decimal amount. The zero value is 0. Sums and differences are exact;
// [Percent.Of] and [Money.Times] round.
type Money struct{ amount decimal.Decimal }

// largest limits the amounts that [ParseMoney] accepts, so that every exported state can
// be loaded again.
var largest = decimal.New(1, 12)

// ParseMoney reads an amount such as "100.00" or "-0.5": at most six decimals, and
// between -10^12 and 10^12, both exclusive.
func ParseMoney(text string) (Money, error) {
	d, err := decimal.NewFromString(text)
	if err != nil || d.Exponent() < -6 || d.Exponent() > 12 || !(Money{d}).InRange() {
		return Money{}, fmt.Errorf("%q is not an amount of money: want at most twelve digits and at most six decimals, for example 100.00", text)
	}
	return Money{d}, nil
}

// MustParseMoney is [ParseMoney] for constants; it panics on an error.
func MustParseMoney(text string) Money {
	m, err := ParseMoney(text)
	if err != nil {
		panic(err)
	}
	return m
}

// InRange reports whether [ParseMoney] accepts the amount.
func (m Money) InRange() bool { return m.amount.Abs().LessThan(largest) }

// Add returns the exact sum.
func (m Money) Add(other Money) Money { return Money{m.amount.Add(other.amount)} }

// Sub returns the exact difference.
func (m Money) Sub(other Money) Money { return Money{m.amount.Sub(other.amount)} }

// Neg returns the negated amount.
func (m Money) Neg() Money { return Money{m.amount.Neg()} }

// Cmp returns -1 if m is less than other, 0 if they are equal, and 1 if m is greater.
func (m Money) Cmp(other Money) int { return m.amount.Cmp(other.amount) }

// String returns the amount with at least two decimals.
func (m Money) String() string {
	if m.amount.Exponent() >= -2 { // fast path for nearly all amounts
		return m.amount.StringFixed(2)
	}
	text := m.amount.String() // StringFixed(2) would cut decimals
	if _, decimals, _ := strings.Cut(text, "."); len(decimals) < 2 {
		return m.amount.StringFixed(2)
	}
	return text
}

// IsZero reports whether the amount is 0.
func (m Money) IsZero() bool { return m.amount.IsZero() }

// Equal reports whether both amounts are equal.
func (m Money) Equal(other Money) bool { return m.amount.Equal(other.amount) }

// MarshalJSON writes a JSON number, as the real service does
// (docs/evidence.md#transactions).
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

// Times returns the amount multiplied by numerator/denominator, rounded to cents, half a
// cent away from 0.
func (m Money) Times(numerator, denominator int64) Money {
	product := m.amount.Mul(decimal.NewFromInt(numerator))
	return Money{product.DivRound(decimal.NewFromInt(denominator), 2)}
}
