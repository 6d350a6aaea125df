package main

import (
	"os"
	"regexp"
	"testing"
)

func TestEveryMethodHasAStepThatSucceeds(t *testing.T) {
	sections, err := readSteps("steps.yaml")
	if err != nil {
		t.Fatal(err)
	}
	succeeds := map[string]bool{}
	for _, section := range sections {
		for _, step := range section.Steps {
			succeeds[step.Method] = succeeds[step.Method] || step.Reply != nil
		}
	}
	specification, err := os.ReadFile("../../../openapi.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range regexp.MustCompile(`(?m)^  /platform_api/(\w+):$`).FindAllSubmatch(specification, -1) {
		method := string(path[1])
		if !succeeds[method] {
			t.Errorf("no step of steps.yaml shows that %s succeeds", method)
		}
		delete(succeeds, method)
	}
	for method := range succeeds {
		t.Errorf("steps.yaml has steps of %s, which openapi.yaml lacks", method)
	}
}
