package main

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/spf13/cobra"
)

func TestEveryCommandHasAGroupAndAnExample(t *testing.T) {
	root := newRoot()
	for _, c := range ours(root) {
		if c.Parent() == root && c.GroupID == "" {
			t.Errorf("%s: the help lists it in no group", c.CommandPath())
		}
		if c.Short == "" || strings.HasSuffix(c.Short, ".") || !strings.Contains(c.Example, c.CommandPath()) {
			t.Errorf("%s: want a short line without a full stop, and an example of it", c.CommandPath())
		}
		for line := range strings.Lines(c.Long) {
			if len([]rune(line)) > 84 {
				t.Errorf("%s: this line of its help is long for a terminal: %s", c.CommandPath(), line)
			}
		}
	}
}

// Each command has a row, which names its flags; those that select requests are
// named once.
func TestTheREADMENamesEveryCommandAndFlag(t *testing.T) {
	_, chapter, _ := strings.Cut(file(t, "../../README.md"), "\n## Commands\n")
	chapter, _, _ = strings.Cut(chapter, "\n## ")
	rows := strings.Split(chapter, "\n")
	rowOf := func(path string) string {
		named := regexp.MustCompile("^\\| `" + path + "(`| [^a-z])") // arguments are no words in lower case
		at := slices.IndexFunc(rows, named.MatchString)
		if at < 0 {
			t.Errorf("the chapter Commands has no row for %s", path)
			return ""
		}
		return rows[at]
	}
	for _, c := range ours(newRoot()) {
		row := rowOf(c.CommandPath())
		if strings.Contains(row, "the filters") {
			row += rowOf("voxemu requests")
		}
		for _, flag := range flagInHelp.FindAllStringSubmatch(c.Flags().FlagUsages(), -1) {
			if flag[1] != "--host" && flag[1] != "--help" && !strings.Contains(row, "`"+flag[1]) {
				t.Errorf("the row of %s lacks %s", c.CommandPath(), flag[1])
			}
		}
	}
}

var flagInHelp = regexp.MustCompile(`(?m)^ +(?:-\w, )?(--[a-z-]+)`)

// ours are the commands that do something, except those that cobra makes.
func ours(c *cobra.Command) []*cobra.Command {
	var list []*cobra.Command
	for _, sub := range c.Commands() {
		if sub.Name() != "help" {
			list = append(append(list, sub), ours(sub)...)
		}
	}
	return list
}
