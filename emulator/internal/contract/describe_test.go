package contract

import (
	"context"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/voxemu/voxemu"
)

func TestTheServedDescriptionStatesRolesErrorsAndAssumptions(t *testing.T) {
	text, err := Describe(voxemu.OpenAPI())
	if err != nil {
		t.Fatal(err)
	}
	served, err := openapi3.NewLoader().LoadFromData(text)
	if err != nil {
		t.Fatal(err)
	}
	if err := served.Validate(context.Background()); err != nil {
		t.Error(err)
	}
	create := served.Paths.Value("/platform_api/CreateSipRegistration").Post.Description
	for _, want := range []string{
		"Makes the platform register at a PBX", "one of the roles Owner, Admin, Accountant.",
		"- 273 `INVALID_USERNAME`: The 'username' parameter is invalid.", "- A24: ",
	} {
		if !strings.Contains(create, want) {
			t.Errorf("the description lacks %q:\n%s", want, create)
		}
	}
	if got, want := strings.Count(string(text), "**Who may call:**"), served.Paths.Len(); got != want {
		t.Errorf("%d descriptions say who may call, want those of the %d methods", got, want)
	}
	for path, item := range served.Paths.Map() {
		if !strings.Contains(item.Post.Description, "**Who may call:**") || !strings.Contains(item.Post.Description, "**Errors**") {
			t.Errorf("%s: roles and errors are missing:\n%s", path, item.Post.Description)
		}
	}
}
