package accounts

import "github.com/voxemu/voxemu/emulator/vox"

// perDollar returns the price of a dollar in hundredths. The rates are assumed and the
// same every day (A70).
func perDollar(currency string) (int64, bool) {
	switch currency {
	case "USD":
		return 100, true
	case "EUR":
		return 90, true
	case "RUR":
		return 9000, true
	case "KZT":
		return 45000, true
	}
	return 0, false
}

func convert(m vox.Money, from, to string) vox.Money {
	if from == to {
		return m
	}
	bought, _ := perDollar(to) // known: others are refused earlier
	sold, _ := perDollar(from)
	return m.Times(bought, sold)
}
