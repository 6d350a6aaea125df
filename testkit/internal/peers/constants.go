package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
)

// keepAnswers sends one request to voxemu for each question and writes the replies in the
// formats of the other servers.
func keepAnswers(voxemu *server, folder string) error {
	if _, err := voxemu.start(voxemu.loaded, folder); err != nil {
		return err
	}
	defer voxemu.stop()
	var routes []any
	for _, q := range []question{create, list} {
		answer, err := voxemu.ask(q)
		if err != nil {
			return err
		}
		routes = append(routes, mockoonRoute(q, answer))
		if err := errors.Join(
			os.WriteFile(filepath.Join(folder, q.name+".json"), []byte(answer), 0o644),
			writeJSON(filepath.Join(folder, "mappings", q.name+".json"), wiremockMapping(q, answer)),
		); err != nil {
			return err
		}
	}
	return writeJSON(filepath.Join(folder, "mockoon.json"), map[string]any{
		"uuid": "4d61a3c5-0000-4000-8000-000000000000", "lastMigration": 33, "name": "peers", "port": 0, "hostname": "127.0.0.1",
		"routes": routes, "rootChildren": []any{}, "folders": []any{}, "headers": []any{}, "data": []any{}, "callbacks": []any{},
		"cors": false, "latency": 0, "endpointPrefix": "", "proxyMode": false,
		"tlsOptions": map[string]any{"enabled": false},
	})
}

const answerType = "application/json; charset=utf-8"

func wiremockMapping(q question, answer string) any {
	return map[string]any{
		"request":  map[string]any{"method": q.verb, "urlPath": q.path()},
		"response": map[string]any{"status": 200, "body": answer, "headers": map[string]string{"Content-Type": answerType}},
	}
}

// mockoonRoute returns a route with one constant reply for Mockoon's environment file.
func mockoonRoute(q question, answer string) any {
	id := fmt.Sprintf("4d61a3c5-0000-4000-8000-%012d", len(q.name))
	return map[string]any{
		"uuid": id, "type": "http", "method": "post", "endpoint": q.path()[1:], "responseMode": nil,
		"responses": []any{map[string]any{
			"uuid": id[:35] + "f", "default": true, "statusCode": 200, "body": answer, "bodyType": "INLINE", "disableTemplating": true,
			"headers": []any{map[string]string{"key": "Content-Type", "value": answerType}},
			"rules":   []any{}, "rulesOperator": "OR", "callbacks": []any{}, "latency": 0, "label": "",
		}},
	}
}

func writeJSON(file string, content any) error {
	text, err := json.Marshal(content)
	if err != nil {
		return err
	}
	return errors.Join(os.MkdirAll(filepath.Dir(file), 0o755), os.WriteFile(file, text, 0o644))
}

// serveFloor runs the lower bound of all figures: a handler that reads the body and
// writes a constant, in its own process like the others.
func serveFloor(folder, address string) error {
	mux := http.NewServeMux()
	for _, q := range []question{create, list} {
		answer, err := os.ReadFile(filepath.Join(folder, q.name+".json"))
		if err != nil {
			return err
		}
		mux.HandleFunc(q.verb+" "+q.path(), func(w http.ResponseWriter, r *http.Request) {
			if _, err := io.ReadAll(r.Body); err != nil {
				http.Error(w, err.Error(), http.StatusBadRequest)
				return
			}
			w.Header().Set("Content-Type", answerType)
			_, _ = w.Write(answer) // fails if the client is gone
		})
	}
	return http.ListenAndServe(address, mux)
}
