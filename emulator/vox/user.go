package vox

import "time"

// User is a user of an application, who can log in.
type User struct {
	// ID is user_id; required, positive.
	ID int64 `yaml:"id" jsonschema:"required"`
	// AccountID is the owner; default: the application's account, or the only account of
	// the file.
	AccountID int64 `yaml:"account_id,omitempty"`
	// ApplicationID is the application of the user; default: none.
	ApplicationID int64 `yaml:"application_id,omitempty"`
	// Name is unique in the application.
	Name string `yaml:"name" jsonschema:"required"`
	// DisplayName is the name that called parties see; default: Name.
	DisplayName string `yaml:"display_name,omitempty"`
	// Password is the login password. The API never returns it.
	Password string `yaml:"password,omitempty" secret:"true"`
	// Inactive reports whether the user cannot log in; user_active=false in the API.
	Inactive bool `yaml:"inactive,omitempty"`
	// SeparateBalance reports whether the user has an own balance instead of the
	// account's; parent_accounting=false in the API.
	SeparateBalance bool `yaml:"separate_balance,omitempty"`
	// MobilePhone is the user's phone number.
	MobilePhone string `yaml:"mobile_phone,omitempty"`
	// CustomData is free text.
	CustomData string `yaml:"custom_data,omitempty"`
	// LoggedIn reports whether the user is logged in through an SDK. Only then do
	// non-persistent registrations register (docs/evidence.md#persistence).
	LoggedIn bool `yaml:"logged_in,omitempty"`
	// Created is the time of creation; default: the time of loading.
	Created time.Time `yaml:"created,omitempty"`
	// Modified is the time of the last change; default: the time of loading.
	Modified time.Time `yaml:"modified,omitempty"`
}
