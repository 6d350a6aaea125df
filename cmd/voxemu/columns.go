package main

import (
	"strings"
	"text/tabwriter"
)

// inColumns formats rows below a header, or returns none if there are no rows.
func inColumns(header []string, rows [][]string, none string) string {
	if len(rows) == 0 {
		return none
	}
	var out strings.Builder
	table := tabwriter.NewWriter(&out, 0, 0, 2, ' ', 0)
	for _, row := range append([][]string{header}, rows...) {
		_, _ = table.Write([]byte(strings.Join(row, "\t") + "\n")) // writing to a builder never fails
	}
	_ = table.Flush()
	return strings.TrimSuffix(out.String(), "\n")
}
