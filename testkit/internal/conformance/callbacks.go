package main

import (
	"crypto/md5"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"time"
)

// callbackSalt is the callback_salt in steps.yaml.
const callbackSalt = "pepper"

type receiver struct {
	server *httptest.Server
	came   chan map[string]any
}

// newReceiver listens on a free loopback port.
func newReceiver() *receiver {
	r := &receiver{came: make(chan map[string]any, 100)}
	r.server = httptest.NewServer(http.HandlerFunc(r.receive))
	return r
}

func (r *receiver) url() string { return r.server.URL + "/callbacks" }

func (r *receiver) close() { r.server.Close() }

func (r *receiver) receive(w http.ResponseWriter, request *http.Request) {
	var body struct {
		Callbacks []map[string]any `json:"callbacks"`
	}
	if err := json.NewDecoder(request.Body).Decode(&body); err != nil || request.Method != http.MethodPost {
		http.Error(w, "want a POST of JSON", http.StatusBadRequest)
		return
	}
	for _, callback := range body.Callbacks {
		r.came <- callback
	}
}

// forget drops callbacks that no step has used.
func (r *receiver) forget() {
	for len(r.came) > 0 {
		<-r.came
	}
}

// next waits for the next callback and checks its content and hash.
func (r *receiver) next(want map[string]any) error {
	select {
	case got := <-r.came:
		return errors.Join(checkHash(got), match("callback", want, got))
	case <-time.After(timeout):
		return fmt.Errorf("no callback within %v", timeout)
	}
}

// checkHash computes the hash from salt, account id, api_key and callback id
// (docs/evidence.md#callback-hash).
func checkHash(callback map[string]any) error {
	account, _ := callback["account_id"].(float64)
	key, ok := apiKeys[int64(account)]
	if !ok {
		return fmt.Errorf("callback of the account %v", callback["account_id"])
	}
	proof := callbackSalt + plainText(account) + key + plainText(callback["callback_id"])
	if want := fmt.Sprintf("%x", md5.Sum([]byte(proof))); callback["hash"] != want {
		return fmt.Errorf("callback.hash is %v instead of %s", callback["hash"], want)
	}
	return nil
}
