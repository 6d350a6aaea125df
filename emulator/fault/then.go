package fault

import (
	"reflect"
	"strings"
)

// Then is what goes wrong: one kind, and Delay beside it if wanted. This struct
// is the table of kinds.
type Then struct {
	APIError       *APIError       `yaml:"api_error,omitempty" json:"api_error,omitempty"`
	HTTP           *HTTP           `yaml:"http,omitempty" json:"http,omitempty"`
	RateLimit      *RateLimit      `yaml:"rate_limit,omitempty" json:"rate_limit,omitempty"`
	Delay          *Delay          `yaml:"delay,omitempty" json:"delay,omitempty"`
	SlowBody       *SlowBody       `yaml:"slow_body,omitempty" json:"slow_body,omitempty"`
	Hang           *Hang           `yaml:"hang,omitempty" json:"hang,omitempty"`
	Reset          *Reset          `yaml:"reset,omitempty" json:"reset,omitempty"`
	Close          *Close          `yaml:"close,omitempty" json:"close,omitempty"`
	EmptyBody      *EmptyBody      `yaml:"empty_body,omitempty" json:"empty_body,omitempty"`
	TruncatedJSON  *TruncatedJSON  `yaml:"truncated_json,omitempty" json:"truncated_json,omitempty"`
	MalformedJSON  *MalformedJSON  `yaml:"malformed_json,omitempty" json:"malformed_json,omitempty"`
	ContentType    *ContentType    `yaml:"content_type,omitempty" json:"content_type,omitempty"`
	DuplicateReply *DuplicateReply `yaml:"duplicate_reply,omitempty" json:"duplicate_reply,omitempty"`
}

// Kind is one way in which a call goes wrong: a type whose fields are its
// configuration. The members of [Then] are all there are.
type Kind interface {
	// check reports the mistakes of a configuration.
	check(*checker)
}

// Do makes a [Then] of kinds: one, and a [Delay] beside it if wanted.
func Do(kinds ...Kind) Then {
	var then Then
	members := reflect.ValueOf(&then).Elem()
	for _, kind := range kinds {
		value := reflect.Indirect(reflect.ValueOf(kind))
		for _, member := range members.Fields() {
			if value.IsValid() && member.Type().Elem() == value.Type() {
				member.Set(reflect.New(value.Type()))
				member.Elem().Set(value)
			}
		}
	}
	return then
}

// Kinds lists every kind by its name in files, with a function that makes a
// pointer to its type, ready to be decoded into.
func Kinds() []KindType {
	var kinds []KindType
	for field := range reflect.TypeFor[Then]().Fields() {
		name, _, _ := strings.Cut(field.Tag.Get("yaml"), ",")
		kinds = append(kinds, KindType{name, func() any { return reflect.New(field.Type.Elem()).Interface() }})
	}
	return kinds
}

// KindType is an entry of [Kinds].
type KindType struct {
	// Name is the member of then in files, for example api_error.
	Name string
	// New makes a pointer to the kind's type, for example *APIError.
	New func() any
}

// named is a kind with its name in files.
type named struct {
	name string
	Kind
}

// set lists the kinds that are set, in the table's order.
func (t Then) set() []named {
	var kinds []named
	members := reflect.ValueOf(t)
	for i, kind := range Kinds() {
		if member := members.Field(i); !member.IsNil() {
			kinds = append(kinds, named{kind.Name, member.Elem().Interface().(Kind)})
		}
	}
	return kinds
}

// Kind is what goes wrong, apart from a delay beside it, and its name in files; a
// delay alone is the kind.
func (t Then) Kind() (name string, kind Kind) {
	for _, k := range t.set() {
		if _, delays := k.Kind.(Delay); kind == nil || !delays {
			name, kind = k.name, k.Kind
		}
	}
	return name, kind
}
