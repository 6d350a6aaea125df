package scenarios

import (
	"reflect"
	"slices"

	"github.com/voxemu/voxemu/emulator/vox"
)

// WithoutSecrets returns the scenario without the fields that package vox tags as secret:
// api_keys, passwords, private keys. It also omits sessions, which are only a secret, and
// registrar rules on passwords, which without their pattern would match other
// registrations.
func (s Scenario) WithoutSecrets() Scenario {
	s.Registrar.Rules = slices.DeleteFunc(slices.Clone(s.Registrar.Rules), func(r vox.RegistrarRule) bool { return r.Password != "" })
	s.Sessions = nil
	return withoutSecrets(reflect.ValueOf(s)).Interface().(Scenario)
}

// withoutSecrets copies what it changes, so that the original keeps its secrets.
func withoutSecrets(v reflect.Value) reflect.Value {
	out := reflect.New(v.Type()).Elem()
	out.Set(v)
	switch v.Kind() {
	case reflect.Slice:
		out.Set(reflect.MakeSlice(v.Type(), v.Len(), v.Len()))
		if v.IsNil() {
			out.SetZero()
		}
		for i := range v.Len() {
			out.Index(i).Set(withoutSecrets(v.Index(i)))
		}
	case reflect.Struct:
		for i, f := range fields(v.Type()) {
			switch {
			case f.Tag.Get("secret") != "":
				out.Field(i).SetZero()
			case f.IsExported():
				out.Field(i).Set(withoutSecrets(v.Field(i)))
			}
		}
	}
	return out
}

func fields(t reflect.Type) []reflect.StructField {
	list := make([]reflect.StructField, t.NumField())
	for i := range list {
		list[i] = t.Field(i)
	}
	return list
}
