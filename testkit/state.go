package testkit

import (
	"reflect"
	"slices"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/voxemu/voxemu/emulator/vox"
	"github.com/voxemu/voxemu/scenarios"
)

// State is what [Emulator.RequireState] compares: the kinds of rows that it
// names. A nil list is not compared; an empty one wants no rows.
type State struct {
	// Accounts are wanted by id.
	Accounts []vox.Account
	// Applications are wanted by id.
	Applications []vox.Application
	// Rules are wanted by id.
	Rules []vox.Rule
	// Users are wanted by id.
	Users []vox.User
	// Registrations are wanted by id.
	Registrations []vox.Registration
}

// RequireState compares what the emulator remembers with what is wanted, and
// ends the test with a difference. Moments, amounts of money, AccountID,
// RenewalDay, Answers, NeverSuccessful and Failing count only where the wanted
// row gives them: the emulator fills them. Everything else is compared; secrets
// are as well.
// Options are those of go-cmp.
func (e *Emulator) RequireState(want State, opts ...cmp.Option) {
	e.tb.Helper()
	got := picked(e.state(), want)
	if diff := cmp.Diff(want, got, opts...); diff != "" {
		e.tb.Fatalf("testkit: the emulator's state differs (-want +got):\n%s", diff)
	}
}

// picked is the part of the state that is compared.
func picked(state scenarios.Scenario, want State) State {
	return State{
		Accounts:      given(state.Accounts, want.Accounts),
		Applications:  given(state.Applications, want.Applications),
		Rules:         given(state.Rules, want.Rules),
		Users:         given(state.Users, want.Users),
		Registrations: given(state.Registrations, want.Registrations),
	}
}

// given blanks what the wanted rows leave to the emulator. Rows meet by id.
func given[R any](got, want []R) []R {
	if want == nil {
		return nil
	}
	got = append([]R{}, got...)
	for i := range got {
		row := reflect.ValueOf(&got[i]).Elem()
		at := slices.IndexFunc(want, func(w R) bool { return reflect.ValueOf(w).FieldByName("ID").Equal(row.FieldByName("ID")) })
		if at < 0 {
			continue
		}
		for field, value := range row.Fields() {
			if filled(field) && reflect.ValueOf(want[at]).FieldByIndex(field.Index).IsZero() {
				value.SetZero()
			}
		}
	}
	return got
}

// filled tells the members that the emulator fills and tests seldom care for.
func filled(field reflect.StructField) bool {
	switch field.Type {
	case reflect.TypeFor[time.Time](), reflect.TypeFor[vox.Money]():
		return true
	}
	return slices.Contains([]string{"AccountID", "RenewalDay", "Answers", "NeverSuccessful", "Failing"}, field.Name)
}
