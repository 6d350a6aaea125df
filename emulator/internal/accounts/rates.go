package accounts

import "github.com/voxemu/voxemu/emulator/vox"

// perDollar is what a dollar costs, in hundredths: invented, and the same every
// day (A70).
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

// convert turns an amount into another currency.
func convert(m vox.Money, from, to string) vox.Money {
	if from == to {
		return m
	}
	bought, _ := perDollar(to) // the contract and scenarios admit known ones only
	sold, _ := perDollar(from)
	return m.Times(bought, sold)
}
