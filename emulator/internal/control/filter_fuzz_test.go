package control_test

import (
	"net/url"
	"testing"
)

// A condition on a parameter and an expectation are understood or refused, and never fail.
func FuzzConditionsOnRequests(f *testing.F) {
	for _, seed := range [][2]string{
		{"proxy=sip.example.com", `{"filter":{"method":"CreateSipRegistration","parameters":{"proxy":{"pattern":"\\.com$"}}},"times":{"min":1,"max":2}}`},
		{"sip_registration_id=1;2", `{"filter":{"parameters":{"password":{"given":true}}}}`},
		{"=", `{"filter":{"parameters":{"proxy":{"pattern":"("}}}}`},
		{"password=x", `{"times":{"min":3,"max":1}}`},
	} {
		f.Add(seed[0], seed[1])
	}
	s := newServer(f)
	handler := s.Handler()
	request(handler, "GET "+list, "")
	f.Fuzz(func(t *testing.T, condition, expectation string) {
		for target, body := range map[string]string{
			"GET /_voxemu/requests/count?parameter=" + url.QueryEscape(condition): "",
			"POST /_voxemu/verify": expectation,
		} {
			switch reply := request(handler, target, body); reply.Code {
			case 200, 400, 409, 422:
			default:
				t.Errorf("%s %s: %d %s", target, body, reply.Code, reply.Body)
			}
		}
	})
}
