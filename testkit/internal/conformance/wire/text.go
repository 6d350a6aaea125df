package main

import (
	"strconv"
	"strings"
)

// text formats a value as most clients do: true and false, lists joined with semicolons.
func text(value any) string {
	switch value := value.(type) {
	case bool:
		return strconv.FormatBool(value)
	case float64:
		return strconv.FormatFloat(value, 'f', -1, 64)
	case []any:
		texts := make([]string, len(value))
		for i, item := range value {
			texts[i] = text(item)
		}
		return strings.Join(texts, ";")
	default:
		return value.(string)
	}
}
