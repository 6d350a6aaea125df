package main

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
)

// plainRequest is the request of a program without an SDK: a form, credentials in the
// query, a trailing slash.
func plainRequest(address string, step step) (*http.Request, error) {
	form := url.Values{}
	for name, value := range step.Parameters {
		form.Set(name, text(value))
	}
	query := url.Values{"account_id": {strconv.FormatInt(step.AccountID, 10)}, "api_key": {step.APIKey}}
	request, err := http.NewRequest(http.MethodPost, address+"/platform_api/"+step.Method+"/?"+query.Encode(), strings.NewReader(form.Encode()))
	if err != nil {
		return nil, err
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return request, nil
}
