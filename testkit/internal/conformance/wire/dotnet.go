package main

import (
	"fmt"
	"net/http"
	"strings"
)

// dotnetRequest imitates the .NET SDK: multipart with a quoted boundary, unquoted names
// and typed parts, booleans as 1 and 0, and the method in the path and in cmd.
func dotnetRequest(address string, step step) (*http.Request, error) {
	const boundary = "7f9c2e1a-voxemu"
	var body strings.Builder
	part := func(name, value string) {
		fmt.Fprintf(&body, "--%s\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Disposition: form-data; name=%s\r\n\r\n%s\r\n", boundary, name, value)
	}
	for name, value := range step.Parameters {
		part(name, dotnetText(value))
	}
	part("cmd", step.Method)
	fmt.Fprintf(&body, "--%s--\r\n", boundary)
	request, err := http.NewRequest(http.MethodPost, address+"/platform_api/"+step.Method, strings.NewReader(body.String()))
	if err != nil {
		return nil, err
	}
	request.Header.Set("Content-Type", `multipart/form-data; boundary="`+boundary+`"`)
	request.Header.Set("Authorization", "Bearer "+step.Token)
	return request, nil
}

func dotnetText(value any) string {
	switch value {
	case true:
		return "1"
	case false:
		return "0"
	}
	return text(value)
}
