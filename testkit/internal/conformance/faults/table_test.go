package faults_test

import (
	"bytes"
	"cmp"
	"encoding/csv"
	"testing"
)

const (
	workColumn  = "the work"
	versionsRow = "version"
	notRun      = "not run"
)

// table is the clients' reports: cells by row and column.
type table map[string]map[string]string

func columns() []string {
	list := []string{workColumn}
	for _, w := range witnesses {
		list = append(list, w.title)
	}
	return list
}

// text returns CSV with a row for the clients' versions and one for each broken call.
func (cells table) text(t *testing.T) string {
	t.Helper()
	names := []string{versionsRow}
	for _, row := range brokenCalls() {
		names = append(names, rowName(row.then, row.after))
	}
	records := [][]string{append([]string{"then"}, columns()...)}
	for _, name := range names {
		record := []string{name}
		for _, column := range columns() {
			if name == versionsRow && column == workColumn {
				record = append(record, "")
				continue
			}
			record = append(record, cmp.Or(cells[name][column], notRun))
		}
		records = append(records, record)
	}
	var text bytes.Buffer
	if err := csv.NewWriter(&text).WriteAll(records); err != nil {
		t.Fatal(err)
	}
	return text.String()
}

// readTable reads CSV without the cells of clients that were not run.
func readTable(t *testing.T, text []byte) table {
	t.Helper()
	records, err := csv.NewReader(bytes.NewReader(text)).ReadAll()
	if err != nil || len(records) == 0 {
		t.Fatalf("%s: want rows (%v)", seenFile, err)
	}
	cells := table{}
	for _, record := range records[1:] {
		cells[record[0]] = map[string]string{}
		for i, cell := range record[1:] {
			if cell != notRun {
				cells[record[0]][records[0][i+1]] = cell
			}
		}
	}
	return cells
}

func rowName(then string, after bool) string {
	if after {
		then += ", after: true"
	}
	return then
}
