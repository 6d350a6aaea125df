package main

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/spf13/cobra"

	"github.com/voxemu/voxemu/emulator"
	"github.com/voxemu/voxemu/emulator/evidence"
	"github.com/voxemu/voxemu/emulator/vox"
)

func assumptionsCommand() *cobra.Command {
	var asJSON bool
	var file string
	c := &cobra.Command{
		Use:   "assumptions",
		Short: "List what is assumed about the real service",
		Long: `List what is assumed about the real service because no source settles it: why, the
strongest evidence and its month, what a client risks if it is wrong, which
experiment would settle it, and the switch under behaviour: with which a scenario
chooses otherwise. Evidence is page, measured, documented or inferred, see
docs/evidence.md.`,
		Example: "  voxemu assumptions\n  voxemu assumptions --json | jq '.[] | select(.mark == \"inferred\") | .says'",
		Args:    cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			list, err := emulator.Assumptions()
			if err != nil {
				return err
			}
			verdicts := map[string]evidence.Result{}
			if file != "" {
				found, err := evidence.ReadEvidence(file)
				if err != nil {
					return err
				}
				for _, r := range found.Results {
					verdicts[r.Assumption] = r
				}
			}
			if asJSON {
				return json.NewEncoder(c.OutOrStdout()).Encode(withVerdicts(list, verdicts))
			}
			return printList(c.OutOrStdout(), list, verdicts)
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "print a JSON array")
	c.Flags().StringVar(&file, "evidence", "", "add the verdicts of voxemu probe in `FILE`")
	return c
}

// judged is an assumption with the verdict of a probe, if there is one.
type judged struct {
	vox.Assumption
	Verdict evidence.Verdict `json:"verdict,omitempty"`
	Saw     string           `json:"saw,omitempty"`
	Probed  string           `json:"probed,omitempty"`
}

func withVerdicts(list []vox.Assumption, verdicts map[string]evidence.Result) []judged {
	all := make([]judged, len(list))
	for i, a := range list {
		r := verdicts[a.ID]
		all[i] = judged{a, r.Verdict, r.Saw, r.Date}
	}
	return all
}

// printList prints assumptions, wrapped and indented below their ids.
func printList(out io.Writer, list []vox.Assumption, verdicts map[string]evidence.Result) error {
	var text strings.Builder
	for i, a := range list {
		if i > 0 {
			text.WriteString("\n")
		}
		writeField(&text, a.ID, 5, a.Says)
		writeField(&text, "     because", 17, a.Because)
		writeField(&text, "     evidence", 17, fmt.Sprintf("%s, %s: docs/evidence.md#%s", a.Mark, a.Date, a.Source))
		writeField(&text, "     risk", 17, a.Risk)
		writeField(&text, "     experiment", 17, a.Experiment)
		if r, ok := verdicts[a.ID]; ok {
			writeField(&text, "     probed", 17, fmt.Sprintf("%s, %s: %s", r.Date, r.Verdict, r.Saw))
		}
		if a.Behaviour != "" {
			writeField(&text, "     switch", 17, a.Behaviour)
		}
	}
	_, err := io.WriteString(out, text.String())
	return err
}

// lineWidth is the number of characters per line.
const lineWidth = 96

// writeField writes a name and then its text, which is indented by margin.
func writeField(out *strings.Builder, name string, margin int, text string) {
	fmt.Fprintf(out, "%-*s", margin, name)
	column := margin
	for i, word := range strings.Fields(text) {
		width := utf8.RuneCountInString(word)
		switch {
		case i == 0:
		case column+1+width > lineWidth:
			fmt.Fprintf(out, "\n%*s", margin, "")
			column = margin
		default:
			out.WriteByte(' ')
			column++
		}
		out.WriteString(word)
		column += width
	}
	out.WriteByte('\n')
}
