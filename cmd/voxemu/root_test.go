package main

import (
	"regexp"
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

// Each command has a row on the page of commands, and its flags are on that page or on
// one that it links to.
func TestThePageOfCommandsNamesEveryCommandAndFlag(t *testing.T) {
	all := pages(t)
	page := all["docs/command-line.md"]
	flags := page + all["docs/configuration.md"] + all["docs/verify.md"]
	for _, c := range ours(newRoot()) {
		// A subcommand follows in lower case, an argument in upper case.
		if !regexp.MustCompile("(?m)^\\|.*`" + c.CommandPath() + "(`| [^a-z])").MatchString(page) {
			t.Errorf("docs/command-line.md has no row for %s", c.CommandPath())
		}
		for _, flag := range flagInHelp.FindAllStringSubmatch(c.Flags().FlagUsages(), -1) {
			if flag[1] != "--help" && !strings.Contains(flags, "`"+flag[1]) {
				t.Errorf("docs/command-line.md lacks %s of %s", flag[1], c.CommandPath())
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
