package fault

import (
	"reflect"
	"strings"
)

// Then states what goes wrong: one kind, optionally combined with Delay. Its members are
// the list of all kinds.
type Then struct {
	// APIError replies with an error of the API.
	APIError *APIError `yaml:"api_error,omitempty" json:"api_error,omitempty"`
	// HTTP sends a given HTTP reply, like a proxy in front of the API.
	HTTP *HTTP `yaml:"http,omitempty" json:"http,omitempty"`
	// RateLimit refuses requests above a rate.
	RateLimit *RateLimit `yaml:"rate_limit,omitempty" json:"rate_limit,omitempty"`
	// Delay delays the reply, alone or beside another kind.
	Delay *Delay `yaml:"delay,omitempty" json:"delay,omitempty"`
	// SlowBody sends the body of the real reply in chunks.
	SlowBody *SlowBody `yaml:"slow_body,omitempty" json:"slow_body,omitempty"`
	// Hang sends nothing until the client gives up.
	Hang *Hang `yaml:"hang,omitempty" json:"hang,omitempty"`
	// Reset ends the connection with a TCP reset.
	Reset *Reset `yaml:"reset,omitempty" json:"reset,omitempty"`
	// Close closes the connection before the reply is complete.
	Close *Close `yaml:"close,omitempty" json:"close,omitempty"`
	// EmptyBody replies with HTTP 200 and an empty body.
	EmptyBody *EmptyBody `yaml:"empty_body,omitempty" json:"empty_body,omitempty"`
	// TruncatedJSON sends half of the real reply's body.
	TruncatedJSON *TruncatedJSON `yaml:"truncated_json,omitempty" json:"truncated_json,omitempty"`
	// MalformedJSON sends the real reply with a wrong closing bracket.
	MalformedJSON *MalformedJSON `yaml:"malformed_json,omitempty" json:"malformed_json,omitempty"`
	// ContentType sends the real reply with another content type, for example text/html.
	ContentType *ContentType `yaml:"content_type,omitempty" json:"content_type,omitempty"`
	// DuplicateReply sends the real reply twice.
	DuplicateReply *DuplicateReply `yaml:"duplicate_reply,omitempty" json:"duplicate_reply,omitempty"`
}

// Kind is one kind of fault: a type whose fields are its configuration. The members of
// [Then] are all kinds.
type Kind interface {
	// check adds the mistakes of the configuration.
	check(*checker)
}

// Do makes a [Then] of one kind, optionally combined with a [Delay].
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

// Kinds returns all kinds with their names in files.
func Kinds() []KindType {
	var kinds []KindType
	for field := range reflect.TypeFor[Then]().Fields() {
		name, _, _ := strings.Cut(field.Tag.Get("yaml"), ",")
		kinds = append(kinds, KindType{name, func() any { return reflect.New(field.Type.Elem()).Interface() }})
	}
	return kinds
}

// KindType is the name and the type of a kind.
type KindType struct {
	// Name is the member of then in files, for example api_error.
	Name string
	// New returns a pointer to a new value of the kind's type, for example *APIError.
	New func() any
}

type named struct {
	name string
	Kind
}

// set returns the kinds that are set, in the order of the fields.
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

// Kind returns the kind, and its name in files, without a Delay beside it; a Delay that
// is alone is the kind.
func (t Then) Kind() (name string, kind Kind) {
	for _, k := range t.set() {
		if _, delays := k.Kind.(Delay); kind == nil || !delays {
			name, kind = k.name, k.Kind
		}
	}
	return name, kind
}

// Names returns the names in files of all kinds that are set: the kind, and a Delay beside
// it.
func (t Then) Names() []string {
	var names []string
	for _, k := range t.set() {
		names = append(names, k.name)
	}
	return names
}
