package main

import (
	"fmt"
	"net/http"
	"strings"
)

// expectsFrom is the size in bytes above which curl, used by the PHP SDK, sends Expect:
// 100-continue.
const expectsFrom = 1024

// phpRequest imitates the PHP SDK: multipart without content types of parts, booleans as
// "1" and "", as PHP formats them, Expect with large bodies, and a part with a file name
// for a value that happens to be the path of a file, here the scenario's text.
func phpRequest(address string, step step) (*http.Request, error) {
	const boundary = "----voxemu5f3a1"
	var body strings.Builder
	for name, value := range step.Parameters {
		fmt.Fprintf(&body, "--%s\r\nContent-Disposition: form-data; name=\"%s\"", boundary, name)
		if name == "scenario_script" {
			body.WriteString(`; filename="stream"`)
		}
		fmt.Fprintf(&body, "\r\n\r\n%s\r\n", phpText(value))
	}
	fmt.Fprintf(&body, "--%s--\r\n", boundary)
	request, err := http.NewRequest(http.MethodPost, address+"/platform_api/"+step.Method, strings.NewReader(body.String()))
	if err != nil {
		return nil, err
	}
	request.Header.Set("Content-Type", "multipart/form-data; boundary="+boundary)
	request.Header.Set("Authorization", "Bearer "+step.Token)
	if body.Len() > expectsFrom {
		request.Header.Set("Expect", "100-continue")
	}
	return request, nil
}

func phpText(value any) string {
	switch value {
	case true:
		return "1"
	case false:
		return ""
	}
	return text(value)
}
