package main

import (
	"regexp"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/voxemu/voxemu"
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
	for _, path := range regexp.MustCompile(`(?m)^  /platform_api/(\w+):$`).FindAllSubmatch(voxemu.OpenAPI(), -1) {
		method := string(path[1])
		if !succeeds[method] {
			t.Errorf("no step shows that %s succeeds", method)
		}
		delete(succeeds, method)
	}
	for method := range succeeds {
		t.Errorf("steps.yaml has steps of %s, which openapi.yaml lacks", method)
	}
}

func TestAMethodWithoutStepsIsCalledByItsExamples(t *testing.T) {
	sections, err := exampleSections(voxemu.OpenAPI(), map[string]bool{"GetKeyRoles": true})
	if err != nil {
		t.Fatal(err)
	}
	requests := map[string][]map[string]any{}
	for _, section := range sections {
		requests[section.Steps[0].Method] = append(requests[section.Steps[0].Method], section.Steps[0].Parameters)
	}
	want := []map[string]any{{}, {"key_id": "owner-key", "with_roles": true}}
	if diff := cmp.Diff(want, requests["GetKeys"]); diff != "" {
		t.Errorf("GetKeys (-want +got):\n%s", diff)
	}
	if len(requests["Logout"]) != 1 || len(requests["GetKeyRoles"]) != 0 {
		t.Errorf("%d steps for Logout, which takes no parameters, and %d for GetKeyRoles, which has some",
			len(requests["Logout"]), len(requests["GetKeyRoles"]))
	}
}
