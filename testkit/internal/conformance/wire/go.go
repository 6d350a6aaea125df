package main

import (
	"bytes"
	"mime/multipart"
	"net/http"
)

// alwaysSent are parameters that the Go SDK sends even if its caller omits them: filters
// as empty texts, ids as 0 (docs/evidence.md#encodings).
var alwaysSent = map[string]map[string]string{
	"CreateSipRegistration": {"sip_username": "", "proxy": ""},
	"UpdateSipRegistration": {"sip_registration_id": "0"},
	"DeleteSipRegistration": {"sip_registration_id": "0"},
	"GetSipRegistrations":   {"rule_id": "", "rule_name": "", "user_id": "", "user_name": ""},
	"SetApplicationInfo":    {"application_id": "0"},
	"AddRule":               {"application_id": "0"},
	"GetRules":              {"application_id": "0"},
}

// goRequest imitates the Go SDK: multipart with parts in the random order of a map, and a
// token.
func goRequest(address string, step step) (*http.Request, error) {
	fields := map[string]string{}
	for name, value := range alwaysSent[step.Method] {
		fields[name] = value
	}
	for name, value := range step.Parameters {
		fields[name] = text(value)
	}
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	for name, value := range fields {
		if err := form.WriteField(name, value); err != nil {
			return nil, err
		}
	}
	if err := form.Close(); err != nil {
		return nil, err
	}
	request, err := http.NewRequest(http.MethodPost, address+"/platform_api/"+step.Method, &body)
	if err != nil {
		return nil, err
	}
	request.Header.Set("Content-Type", form.FormDataContentType())
	request.Header.Set("Authorization", "Bearer "+step.Token)
	return request, nil
}
