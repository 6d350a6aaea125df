package main

import (
	"bufio"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
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

// proxy runs clients through Prism's validation proxy, which refuses requests and replies
// that violate openapi.yaml. The generated client uses it directly. The Node SDK requires
// HTTPS and sends a multipart form that names the method, which openapi.yaml describes
// only as text. A small server before Prism terminates its TLS, moves the method to the
// path and sends the parameters urlencoded.
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

// freeAddress returns a port that was free just now, because Prism cannot choose one.
func freeAddress() (string, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	defer listener.Close()
	return listener.Addr().String(), nil
}

// methodToPath forwards multipart forms as urlencoded ones, which openapi.yaml describes,
// to the path of the method in cmd, and removes cmd.
func methodToPath(address string) http.Handler {
	forward := httputil.NewSingleHostReverseProxy(&url.URL{Scheme: "http", Host: address})
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if err := r.ParseMultipartForm(1 << 20); err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		form := url.Values(r.MultipartForm.Value)
		r.URL.Path = "/platform_api/" + form.Get("cmd")
		form.Del("cmd")
		body := form.Encode()
		r.Body, r.ContentLength = io.NopCloser(strings.NewReader(body)), int64(len(body))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		forward.ServeHTTP(w, r)
	})
}
