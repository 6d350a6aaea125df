// Command wire sends the common steps with Go's HTTP client in the format of one of
// several clients. It reads and writes one line of JSON per step; see ../README.md.
//
// The PHP, .NET and Go SDKs are not available in the package registries that this project
// uses, so their requests are imitated (docs/evidence.md#encodings). This shows that the
// emulator reads such requests; it does not show that the SDKs read the replies.
package main

import (
	"bufio"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"runtime"
	"strings"
	"time"
)

// step is a step as the runner sends it.
type step struct {
	Method     string         `json:"method"`
	Parameters map[string]any `json:"parameters"`
	AccountID  int64          `json:"account_id"`
	APIKey     string         `json:"api_key"`
	Token      string         `json:"token"`
}

// speaker returns the request of a client for a step. The address includes a scheme.
type speaker func(address string, step step) (*http.Request, error)

var (
	plain  = "http://" + os.Getenv("VOXIMPLANT_EMULATOR_HOST")
	secure = "https://" + os.Getenv("VOXEMU_TLS_HOST")
)

// speakers are the clients, selected by the first argument, with the default address:
// SDKs use HTTPS.
var speakers = map[string]struct {
	address string
	request speaker
}{
	"plain":  {plain, plainRequest},
	"go":     {plain, goRequest},
	"php":    {secure, phpRequest},
	"dotnet": {secure, dotnetRequest},
}

func main() {
	if len(os.Args) == 2 && os.Args[1] == "--version" {
		fmt.Println(strings.Replace(runtime.Version(), "go", "Go ", 1))
		return
	}
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "wire:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	if len(args) != 1 || speakers[args[0]].request == nil {
		return fmt.Errorf("usage: wire plain | go | php | dotnet")
	}
	client, err := newClient()
	if err != nil {
		return err
	}
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, 1<<20)
	out := json.NewEncoder(os.Stdout)
	for lines.Scan() {
		outcome, err := take(client, args[0], lines.Bytes())
		if err != nil {
			outcome = map[string]any{"exception": err.Error()}
		}
		if err := out.Encode(outcome); err != nil {
			return err
		}
	}
	return lines.Err()
}

// newClient trusts the emulator's CA, and waits for 100 Continue if a request expects it.
func newClient() (*http.Client, error) {
	authority, err := os.ReadFile(os.Getenv("VOXEMU_CA"))
	if err != nil {
		return nil, err
	}
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM(authority)
	return &http.Client{Timeout: 10 * time.Second, Transport: &http.Transport{
		TLSClientConfig: &tls.Config{RootCAs: pool}, ExpectContinueTimeout: 5 * time.Second,
	}}, nil
}

func take(client *http.Client, speaks string, line []byte) (map[string]any, error) {
	var step step
	if err := json.Unmarshal(line, &step); err != nil {
		return nil, err
	}
	request, err := speakers[speaks].request(speakers[speaks].address, step)
	if err != nil {
		return nil, err
	}
	response, err := client.Do(request)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		return nil, err
	}
	return outcome(response, body)
}

// outcome requires status 200 and JSON, as all clients do
// (docs/evidence.md#replies-that-sdks-accept).
func outcome(response *http.Response, body []byte) (map[string]any, error) {
	if kind := response.Header.Get("Content-Type"); response.StatusCode != http.StatusOK || !strings.HasPrefix(kind, "application/json") {
		return nil, fmt.Errorf("status %d, %s: %.200s", response.StatusCode, kind, body)
	}
	var reply map[string]any
	if err := json.Unmarshal(body, &reply); err != nil {
		return nil, fmt.Errorf("%w: %.200s", err, body)
	}
	if reply["error"] != nil {
		return map[string]any{"error": reply["error"]}, nil
	}
	return map[string]any{"reply": reply}, nil
}
