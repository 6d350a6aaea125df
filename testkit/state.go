package testkit

import (
	"reflect"
	"slices"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/voxemu/voxemu/emulator/vox"
	"github.com/voxemu/voxemu/scenarios"
)

// State contains the rows for [Emulator.RequireState]. A nil list is not compared; an
// empty one requires that there are no rows.
type State struct {
	// Accounts are compared by id.
	Accounts []vox.Account
	// Applications are compared by id.
	Applications []vox.Application
	// Rules are compared by id.
	Rules []vox.Rule
	// Users are compared by id.
	Users []vox.User
	// Registrations are compared by id.
	Registrations []vox.Registration
}

// RequireState compares the emulator's rows with the required ones, and ends the test if
// they differ. Times, amounts of money, AccountID, RenewalDay, Answers, NeverSuccessful
// and Failing are compared only if the required row sets them, because the emulator fills
// them. All other fields are compared, also secrets. Options are those of go-cmp.
func (e *Emulator) RequireState(want State, opts ...cmp.Option) {
	e.tb.Helper()
	got := picked(e.state(), want)
	if diff := cmp.Diff(want, got, opts...); diff != "" {
		e.tb.Fatalf("testkit: the emulator's state differs (-want +got):\n%s", diff)
	}
}

// picked returns the part of the state that is compared.
func picked(state scenarios.Scenario, want State) State {
	return State{
		Accounts:      given(state.Accounts, want.Accounts),
		Applications:  given(state.Applications, want.Applications),
		Rules:         given(state.Rules, want.Rules),
		Users:         given(state.Users, want.Users),
		Registrations: given(state.Registrations, want.Registrations),
	}
}

// given clears the fields that the required row with the same id does not set.
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

// filled reports whether the emulator fills the field and tests rarely set it.
func filled(field reflect.StructField) bool {
	switch field.Type {
	case reflect.TypeFor[time.Time](), reflect.TypeFor[vox.Money]():
		return true
	}
	return slices.Contains([]string{"AccountID", "RenewalDay", "Answers", "NeverSuccessful", "Failing"}, field.Name)
}
