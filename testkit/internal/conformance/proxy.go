package main

import (
	"bufio"
	"bytes"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
)

// proxy puts Prism's validation proxy between clients and the emulator: it
// refuses requests and replies that break openapi.yaml. The generated client
// speaks to it as it is. The Node SDK insists on https, and names the method in
// the form, which no path of the specification describes: a front of ours ends
// its TLS and moves the method to the path.
func proxy(options options) ([]result, error) {
	folder := filepath.Join(options.folder, "prism")
	if lacks := missing([]string{"node", "npm"}); lacks != "" {
		return []result{{client: client{name: "prism"}, notRun: lacks}}, nil
	}
	if err := install(folder, [][]string{{"npm", "ci", "--silent"}}); err != nil {
		return nil, err
	}
	sections, err := readSteps(filepath.Join(options.folder, "steps.yaml"))
	if err != nil {
		return nil, err
	}
	emulator, err := startEmulator(options)
	if err != nil {
		return nil, err
	}
	results, err := proxied(emulator, folder, clients(options.folder), sections)
	return results, errors.Join(err, emulator.stop())
}

// proxied runs the clients through Prism.
func proxied(emulator *emulator, folder string, clients []client, sections []section) ([]result, error) {
	prism, address, err := startPrism(folder, "http://"+emulator.http)
	if err != nil {
		return nil, err
	}
	defer func() {
		prism.Process.Signal(syscall.SIGTERM)
		prism.Wait()
	}()
	front := httptest.NewTLSServer(methodToPath(address))
	defer front.Close()

	through := *emulator
	through.http, through.https, through.ca = address, front.Listener.Addr().String(), emulator.file("front.pem")
	certificate := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: front.Certificate().Raw})
	if err := os.WriteFile(through.ca, certificate, 0o600); err != nil {
		return nil, err
	}
	var results []result
	for _, client := range clients {
		if !slices.Contains([]string{"node", "generated"}, client.name) {
			continue
		}
		client.validated = true
		result := client.judge(&through, sections)
		fmt.Println("prism between:", result)
		results = append(results, result)
	}
	return results, nil
}

// startPrism starts the proxy on a free port and waits until it listens.
func startPrism(folder, upstream string) (*exec.Cmd, string, error) {
	address, err := freeAddress()
	if err != nil {
		return nil, "", err
	}
	_, port, _ := strings.Cut(address, ":")
	prism := exec.Command("node_modules/.bin/prism", "proxy", "../../../../openapi.yaml", upstream, "--errors", "-h", "127.0.0.1", "-p", port)
	prism.Dir, prism.Stderr = folder, os.Stderr
	out, err := prism.StdoutPipe()
	if err != nil {
		return nil, "", err
	}
	if err := prism.Start(); err != nil {
		return nil, "", err
	}
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		if strings.Contains(lines.Text(), "Prism is listening") {
			go io.Copy(io.Discard, out)
			return prism, address, nil
		}
	}
	return nil, "", fmt.Errorf("prism did not start: %w", prism.Wait())
}

// freeAddress is a port that was free a moment ago; Prism cannot pick one.
func freeAddress() (string, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	defer listener.Close()
	return listener.Addr().String(), nil
}

// methodToPath forwards multipart forms to the path of their cmd, which it
// takes out of them.
func methodToPath(address string) http.Handler {
	forward := httputil.NewSingleHostReverseProxy(&url.URL{Scheme: "http", Host: address})
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		method, body, kind, err := withoutMethod(r)
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		r.URL.Path = "/platform_api/" + method
		r.Body, r.ContentLength = io.NopCloser(body), int64(body.Len())
		r.Header.Set("Content-Type", kind)
		forward.ServeHTTP(w, r)
	})
}

// withoutMethod copies a form without its cmd.
func withoutMethod(r *http.Request) (method string, body *bytes.Buffer, kind string, err error) {
	_, parameters, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil {
		return "", nil, "", err
	}
	body = &bytes.Buffer{}
	form := multipart.NewWriter(body)
	parts := multipart.NewReader(r.Body, parameters["boundary"])
	for {
		part, err := parts.NextPart()
		if err == io.EOF {
			return method, body, form.FormDataContentType(), form.Close()
		}
		if err != nil {
			return "", nil, "", err
		}
		value, err := io.ReadAll(part)
		if err != nil {
			return "", nil, "", err
		}
		if part.FormName() == "cmd" {
			method = string(value)
		} else if err := form.WriteField(part.FormName(), string(value)); err != nil {
			return "", nil, "", err
		}
	}
}
