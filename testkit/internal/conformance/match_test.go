package main

import (
	"os"
	"testing"
)

// Each outcome is wrong in one way, so match must report it.
func TestWhatDiffersIsFound(t *testing.T) {
	reply := map[string]any{"result": []any{map[string]any{"id": 1.0, "name": "a", "on": true}}, "count": 1.0, "price": 98.5}
	for name, test := range map[string]struct {
		want map[string]any
		ok   bool
	}{
		"part of the reply":   {map[string]any{"result": []any{map[string]any{"id": uint64(1), "on": true}}}, true},
		"fraction":            {map[string]any{"price": 98.5}, true},
		"absent":              {map[string]any{"total": nil}, true},
		"pattern of a number": {map[string]any{"count": "~^[0-9]+$"}, true},
		"other number":        {map[string]any{"count": uint64(2)}, false},
		"rounded number":      {map[string]any{"price": uint64(98)}, false},
		"number for a text":   {map[string]any{"count": "1"}, false},
		"text for a number":   {map[string]any{"result": []any{map[string]any{"name": uint64(1)}}}, false},
		"not absent":          {map[string]any{"count": nil}, false},
		"missing":             {map[string]any{"total": uint64(1)}, false},
		"missing pattern":     {map[string]any{"total": "~."}, false},
		"longer list":         {map[string]any{"result": []any{}}, false},
		"no list":             {map[string]any{"count": []any{}}, false},
		"no object":           {map[string]any{"count": map[string]any{}}, false},
		"other boolean":       {map[string]any{"result": []any{map[string]any{"on": false}}}, false},
	} {
		t.Run(name, func(t *testing.T) {
			err := step{Reply: test.want}.judge(outcome{Reply: reply}, kept{}, false)
			if (err == nil) != test.ok {
				t.Errorf("judged %v", err)
			}
		})
	}
}

func TestOnlyTheRightErrorPasses(t *testing.T) {
	refused := step{Error: &apiError{Code: 275, FieldName: "sip_registration_id"}}
	for name, test := range map[string]struct {
		got   outcome
		hides bool
		ok    bool
	}{
		"the error":                {outcome{Error: &apiError{275, "sip_registration_id"}}, false, true},
		"a client that hides":      {outcome{Error: &apiError{275, ""}}, true, true},
		"the field is missing":     {outcome{Error: &apiError{275, ""}}, false, false},
		"another code":             {outcome{Error: &apiError{273, "sip_registration_id"}}, false, false},
		"a reply":                  {outcome{Reply: map[string]any{"result": 1.0}}, false, false},
		"the client threw instead": {outcome{Exception: "TypeError"}, false, false},
	} {
		t.Run(name, func(t *testing.T) {
			if err := refused.judge(test.got, kept{}, test.hides); (err == nil) != test.ok {
				t.Errorf("judged %v", err)
			}
		})
	}
}

func TestAStepThatAClientCannotSayHasToFail(t *testing.T) {
	result := result{client: client{name: "java"}}
	result.note(step{Cannot: map[string]string{"java": "it is older"}}, nil)
	if len(result.failed) != 1 || result.passed != 0 {
		t.Errorf("passed %d, failed %v", result.passed, result.failed)
	}
}

func TestWhatWasNotRunFailsInCIOnly(t *testing.T) {
	results := []result{{client: client{name: "java"}, notRun: "java is missing"}}
	for ci, fails := range map[string]bool{"true": true, "": false} {
		t.Setenv("CI", ci)
		if err := verdict(results); (err != nil) != fails {
			t.Errorf("with CI=%s: %v", ci, err)
		}
	}
}

func TestTheStepsCanBeRead(t *testing.T) {
	sections, err := readSteps("steps.yaml")
	if err != nil {
		t.Fatal(err)
	}
	known := map[string]bool{}
	for _, client := range clients(".") {
		known[client.name] = true
		if _, err := os.Stat(client.folder); err != nil {
			t.Error(err)
		}
	}
	for _, section := range sections {
		for _, step := range section.Steps {
			for name := range step.Cannot {
				if !known[name] {
					t.Errorf("step %q names the unknown client %s", step.Name, name)
				}
			}
		}
	}
}
