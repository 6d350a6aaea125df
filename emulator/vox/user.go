package vox

import "time"

// User is somebody who can log in to an application.
type User struct {
	// ID identifies the user (user_id); required, positive.
	ID int64 `yaml:"id" jsonschema:"required"`
	// AccountID is the owner; default: the application's account.
	AccountID int64 `yaml:"account_id,omitempty"`
	// ApplicationID is the application the user belongs to; default: none.
	ApplicationID int64 `yaml:"application_id,omitempty"`
	// Name is unique in the application.
	Name string `yaml:"name" jsonschema:"required"`
	// DisplayName is shown to the called party; default: Name.
	DisplayName string `yaml:"display_name,omitempty"`
	// Password is what the user logs in with; never returned by the API.
	Password string `yaml:"password,omitempty" secret:"true"`
	// Inactive users cannot log in; the API says user_active=false.
	Inactive bool `yaml:"inactive,omitempty"`
	// SeparateBalance tells that the user does not spend the account's money;
	// the API says parent_accounting=false.
	SeparateBalance bool `yaml:"separate_balance,omitempty"`
	// MobilePhone is the user's own number.
	MobilePhone string `yaml:"mobile_phone,omitempty"`
	// CustomData is any text of the client's.
	CustomData string `yaml:"custom_data,omitempty"`
	// LoggedIn tells that the user is logged in through an SDK: only then do
	// non-persistent registrations register (docs/evidence.md#persistence).
	LoggedIn bool `yaml:"logged_in,omitempty"`
	// Created and Modified are when the user was made and changed last;
	// default: the moment of loading.
	Created  time.Time `yaml:"created,omitempty"`
	Modified time.Time `yaml:"modified,omitempty"`
}
