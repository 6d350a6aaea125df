package main

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"maps"
	"math/big"
	"mime/multipart"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"
)

// throughHAProxy are the clients that take the steps through HAProxy: by api key in the
// query and in a body, by token, by HTTP and HTTPS.
var throughHAProxy = []string{"curl-get", "curl-post", "go-http", "php", "node"}

// emulatorOf is the emulator of each account of the steps: the remainder of its id by two,
// and that of its parent for the child.
var emulatorOf = map[int64]int{1: 1, 2: 0, 3: 1, 4: 1}

// judgeByHAProxy sends the steps through docs/haproxy.cfg to two emulators. Then no
// emulator may have seen an account of the other one.
func judgeByHAProxy(options options) error {
	if lacks := missing([]string{"haproxy"}); lacks != "" {
		return errors.New(lacks)
	}
	sections, err := readSteps(filepath.Join(options.folder, "steps.yaml"))
	if err != nil {
		return err
	}
	first, err := startEmulator(options)
	if err != nil {
		return err
	}
	second, err := first.startTwin(options)
	if err != nil {
		return errors.Join(err, first.stop())
	}
	results, err := behindHAProxy(options, [2]*emulator{first, second}, sections)
	if err := errors.Join(err, second.stop(), first.stop()); err != nil {
		return err
	}
	return verdict(results)
}

// startTwin starts another emulator with the same keys and certificate authority.
func (e *emulator) startTwin(options options) (*emulator, error) {
	twin := &emulator{home: e.file("twin"), receiver: newReceiver()}
	twin.command = exec.Command(options.binary, e.command.Args[1:]...)
	twin.command.Env = e.command.Env
	stderr, err := twin.command.StderrPipe()
	if err != nil {
		return nil, err
	}
	if err := twin.command.Start(); err != nil {
		return nil, err
	}
	if err := twin.awaitReady(stderr); err != nil {
		return nil, errors.Join(err, twin.stop())
	}
	return twin, nil
}

func behindHAProxy(options options, emulators [2]*emulator, sections []section) (results []result, err error) {
	through := *emulators[1] // that of most accounts
	through.home, through.callers, through.receiver, through.twin = emulators[0].home, emulators[0].callers, emulators[0].receiver, emulators[0]
	proxy, err := startHAProxy(options, &through, emulators)
	if err != nil {
		return nil, err
	}
	defer func() {
		err = errors.Join(err, proxy.Process.Signal(syscall.SIGTERM), ended(proxy))
	}()
	for _, client := range clients(options.folder) {
		if !slices.Contains(throughHAProxy, client.name) || !options.wanted(client.name) {
			continue
		}
		result := client.judge(&through, sections)
		fmt.Println("behind HAProxy:", result)
		results = append(results, result)
	}
	routed := result{client: client{name: "routes"}}
	for _, wrong := range []error{childFollowsItsParent("http://"+through.http, emulators), accountsStay(emulators), refusesWhatItCannotRoute("http://" + through.http), routesTheControlAPI("http://"+through.http, emulators)} {
		if wrong != nil {
			routed.failed = append(routed.failed, wrong.Error())
		}
	}
	fmt.Println("behind HAProxy:", routed)
	return append(results, routed), nil
}

// ended waits for a program that SIGTERM has ended.
func ended(command *exec.Cmd) error {
	err := command.Wait()
	if exit := (*exec.ExitError)(nil); errors.As(err, &exit) && (exit.ExitCode() == 128+int(syscall.SIGTERM) || exit.ProcessState.Sys().(syscall.WaitStatus).Signaled()) {
		return nil
	}
	return err
}

// startHAProxy starts HAProxy on free ports, sets the addresses of through, and waits until
// it knows that both emulators answer.
func startHAProxy(options options, through *emulator, emulators [2]*emulator) (*exec.Cmd, error) {
	var addresses [2]string
	for i := range addresses {
		address, err := freeAddress()
		if err != nil {
			return nil, err
		}
		addresses[i] = address
	}
	through.http, through.https, through.ca = addresses[0], addresses[1], through.file("proxy.pem")
	if err := errors.Join(writeCertificate(through.ca), os.WriteFile(through.file("parents.map"), []byte("4 1\n"), 0o600)); err != nil {
		return nil, err
	}
	if keytool, err := exec.LookPath("keytool"); err == nil {
		if err := output(exec.Command(keytool, "-importcert", "-noprompt", "-alias", "proxy", "-file", through.ca,
			"-keystore", through.file("truststore.p12"), "-storetype", "PKCS12", "-storepass", truststorePassword)); err != nil {
			return nil, err
		}
	}
	proxy := exec.Command("haproxy", "-db", "-f", filepath.Join(options.folder, "../../../docs/haproxy.cfg"))
	proxy.Env = append(os.Environ(), "HTTP="+through.http, "HTTPS="+through.https, "PEM="+through.ca, "PARENTS="+through.file("parents.map"),
		"EMULATOR0="+emulators[0].http, "EMULATOR1="+emulators[1].http)
	var said bytes.Buffer
	proxy.Stdout, proxy.Stderr = &said, &said
	if err := proxy.Start(); err != nil {
		return nil, err
	}
	const tries = 100
	for range tries {
		reply, err := http.Get("http://" + through.http + "/_voxemu/health")
		if err == nil {
			reply.Body.Close()
			if reply.StatusCode == http.StatusOK {
				return proxy, nil
			}
		}
		time.Sleep(100 * time.Millisecond)
	}
	return nil, errors.Join(fmt.Errorf("haproxy does not answer: %s", said.String()), proxy.Process.Kill(), proxy.Wait())
}

// writeCertificate writes a key and a certificate for this machine into one file.
func writeCertificate(path string) error {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return err
	}
	now := time.Now()
	template := &x509.Certificate{
		SerialNumber: big.NewInt(now.UnixNano()), Subject: pkix.Name{CommonName: "proxy of voxemu"},
		NotBefore: now.Add(-time.Hour), NotAfter: now.Add(24 * time.Hour),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign,
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
		DNSNames:    []string{"localhost"}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
	}
	certificate, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		return err
	}
	private, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return err
	}
	text := append(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: certificate}),
		pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: private})...)
	return os.WriteFile(path, text, 0o600)
}

// accountsStay requires that each emulator has requests of its own accounts only, and both
// have some.
func accountsStay(emulators [2]*emulator) error {
	for i, e := range emulators {
		counts := map[int64]int{}
		var journal struct {
			Requests []struct {
				Kind       string
				AccountID  int64      `json:"account_id"`
				Parameters url.Values `json:"parameters"`
			}
			Evicted int64
		}
		if err := getJSON("http://"+e.http+"/_voxemu/requests", "", &journal); err != nil {
			return err
		}
		for _, r := range journal.Requests {
			counts[r.AccountID]++
			if at, known := emulatorOf[r.AccountID]; known && at != i {
				return fmt.Errorf("emulator %d has a request of account %d", i, r.AccountID)
			}
		}
		if len(journal.Requests) == 0 || journal.Evicted > 0 {
			return fmt.Errorf("emulator %d has %d requests and has dropped %d", i, len(journal.Requests), journal.Evicted)
		}
		fmt.Printf("behind HAProxy: emulator %d has the accounts %v\n", i, slices.Sorted(maps.Keys(counts)))
	}
	return nil
}

// childFollowsItsParent sends requests of the child account in each form: they must come to
// the emulator of its parent.
func childFollowsItsParent(base string, emulators [2]*emulator) error {
	const child = "4"
	given := url.Values{"account_id": {child}, "api_key": {"none"}}
	target := base + "/platform_api/GetAccountInfo"
	inQuery, err := http.Get(target + "?" + given.Encode())
	if err != nil {
		return err
	}
	inQuery.Body.Close()
	inBody, err := http.PostForm(target, given)
	if err != nil {
		return err
	}
	inBody.Body.Close()
	for i, e := range emulators {
		var found struct{ Count int }
		if err := getJSON("http://"+e.http+"/_voxemu/requests/count?method=GetAccountInfo&parameter=account_id="+child, "", &found); err != nil {
			return err
		}
		if want := 2 * i; found.Count != want { // emulator 1 is that of the parent
			return fmt.Errorf("emulator %d has %d requests of the child account, want %d", i, found.Count, want)
		}
	}
	return nil
}

func getJSON(target, account string, into any) error {
	request, err := http.NewRequest(http.MethodGet, target, nil)
	if err != nil {
		return err
	}
	if account != "" {
		request.Header.Set("X-Voxemu-Account", account)
	}
	reply, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	defer reply.Body.Close()
	text, err := io.ReadAll(reply.Body)
	if err == nil && reply.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s: %s: %s", target, reply.Status, text)
	}
	if err != nil {
		return err
	}
	return json.Unmarshal(text, into)
}

// refusesWhatItCannotRoute sends what names no account that HAProxy can read.
func refusesWhatItCannotRoute(base string) error {
	var form bytes.Buffer
	parts := multipart.NewWriter(&form)
	if err := errors.Join(parts.WriteField("account_id", "1"), parts.WriteField("api_key", "demo-key"), parts.Close()); err != nil {
		return err
	}
	for what, send := range map[string]func() (*http.Response, error){
		"a multipart form without a token": func() (*http.Response, error) {
			return http.Post(base+"/platform_api/GetAccountInfo", parts.FormDataContentType(), &form)
		},
		"an account by name": func() (*http.Response, error) {
			return http.Get(base + "/platform_api/GetAccountInfo?account_name=demo&api_key=demo-key")
		},
		"an id that is no number": func() (*http.Response, error) {
			return http.Get(base + "/platform_api/GetAccountInfo?account_id=../1&api_key=demo-key")
		},
		"a body with account_id behind its first 64 kB": func() (*http.Response, error) {
			return http.Post(base+"/platform_api/GetAccountInfo", "application/x-www-form-urlencoded",
				strings.NewReader("custom_data="+strings.Repeat("x", 70_000)+"&account_id=1&api_key=demo-key"))
		},
		"the clock of no account": func() (*http.Response, error) { return http.Get(base + "/_voxemu/clock") },
	} {
		reply, err := send()
		if err != nil {
			return fmt.Errorf("%s: %w", what, err)
		}
		text, _ := io.ReadAll(reply.Body)
		reply.Body.Close()
		if reply.StatusCode != http.StatusMisdirectedRequest || !bytes.Contains(text, []byte("names no account")) {
			return fmt.Errorf("%s: %s: %s", what, reply.Status, text)
		}
	}
	return nil
}

// routesTheControlAPI requires that it reaches the emulator of the account that the header
// or account_id names.
func routesTheControlAPI(base string, emulators [2]*emulator) error {
	for account, at := range emulatorOf {
		for _, form := range []struct{ path, header string }{
			{"/_voxemu/config", fmt.Sprint(account)},
			{fmt.Sprintf("/_voxemu/requests?account_id=%d", account), ""},
		} {
			var here, there any
			if err := getJSON(base+form.path, form.header, &here); err != nil {
				return err
			}
			if err := getJSON("http://"+emulators[at].http+form.path, "", &there); err != nil {
				return err
			}
			if got, want := fmt.Sprint(here), fmt.Sprint(there); got != want {
				return fmt.Errorf("account %d: %s: %s; emulator %d: %s", account, form.path, got, at, want)
			}
		}
	}
	return nil
}
