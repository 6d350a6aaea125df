package lab

import (
	"strings"
	"testing"

	"github.com/voxemu/voxemu/emulator/internal/store"
	"github.com/voxemu/voxemu/emulator/vox"
	"github.com/voxemu/voxemu/scenarios"
)

func TestEveryKindWithoutTableOrSectionIsRefusedAtOnce(t *testing.T) {
	tables, sections := store.Kinds(), new(scenarios.Scenario).Sections()
	if err := checkKinds(tables, sections); err != nil {
		t.Fatal(err)
	}
	sections[1].Unique = []string{"name"}                                               // keys
	sections[2].Name = "apps"                                                           // applications
	sections[5] = scenarios.Section{Name: "strangers", Rows: new([]vox.AccountSummary)} // users
	tables = append(tables, tables[3])                                                  // voxengine_scenarios
	mistakes := strings.Split(checkKinds(tables, sections).Error(), "\n")
	want := []string{
		"store: two tables are called voxengine_scenarios",
		"scenarios: keys: unique are [name] in the section, but [] in the table",
		"scenarios: the section apps has the rows of the table applications; give both one name",
		"scenarios: the rows of the section strangers (*[]vox.AccountSummary) are in no table of store.Kinds",
		"store: the table users has no section in scenarios/rows.go",
	}
	if strings.Join(mistakes, "\n") != strings.Join(want, "\n") {
		t.Errorf("mistakes:\n%s", strings.Join(mistakes, "\n"))
	}
}
