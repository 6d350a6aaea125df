package faults_test

import (
	"cmp"
	"fmt"
	"strings"
)

const (
	tableBegins = "<!-- what clients see: testkit/internal/conformance/faults -->\n"
	tableEnds   = "<!-- end -->"
)

func columns() []string {
	list := []string{workColumn}
	for _, w := range witnesses {
		list = append(list, w.title)
	}
	return list
}

// writeTable puts the table into the page.
func writeTable(page string, cells map[string]map[string]string, versions map[string]string) string {
	before, rest, _ := strings.Cut(page, tableBegins)
	_, after, _ := strings.Cut(rest, tableEnds)
	var table strings.Builder
	fmt.Fprintf(&table, "| `then` | %s |\n|%s\n", strings.Join(columns(), " | "), strings.Repeat(" --- |", len(columns())+1))
	for _, row := range brokenCalls {
		name := rowName(row.then, row.after)
		fmt.Fprintf(&table, "| %s |", name)
		for _, column := range columns() {
			fmt.Fprintf(&table, " %s |", cmp.Or(cells[name][column], "not run"))
		}
		table.WriteString("\n")
	}
	table.WriteString("\n| client | version |\n| --- | --- |\n")
	for _, w := range witnesses {
		fmt.Fprintf(&table, "| %s | %s |\n", w.title, cmp.Or(versions[w.title], "not run"))
	}
	return before + tableBegins + table.String() + tableEnds + after
}

// readTable is what the page says: cells by row and column, versions by client.
func readTable(page string) (cells map[string]map[string]string, versions map[string]string) {
	cells, versions = map[string]map[string]string{}, map[string]string{}
	_, rest, _ := strings.Cut(page, tableBegins)
	table, _, _ := strings.Cut(rest, tableEnds)
	var header []string
	for line := range strings.Lines(table) {
		fields := strings.Split(strings.Trim(strings.TrimSpace(line), "|"), " | ")
		for i := range fields {
			fields[i] = strings.TrimSpace(fields[i])
		}
		switch {
		case fields[0] == "`then`":
			header = fields
		case len(fields) == 2 && fields[1] != "not run":
			versions[fields[0]] = fields[1]
		case strings.HasPrefix(fields[0], "`"):
			cells[fields[0]] = map[string]string{}
			for i, field := range fields[1:] {
				if field != "not run" {
					cells[fields[0]][header[i+1]] = field
				}
			}
		}
	}
	return cells, versions
}
