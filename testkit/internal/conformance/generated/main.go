//go:build generated

// This file needs client.gen.go, which make conformance writes.

package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"reflect"
	"runtime/debug"
	"strings"
)

type step struct {
	Method     string         `json:"method"`
	Parameters map[string]any `json:"parameters"`
	Token      string         `json:"token"`
}

func main() {
	if len(os.Args) > 1 {
		fmt.Println(version())
		return
	}
	client, err := NewClientWithResponses("http://" + os.Getenv("VOXIMPLANT_EMULATOR_HOST"))
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, 1<<20)
	out := json.NewEncoder(os.Stdout)
	for lines.Scan() {
		outcome, err := take(client, lines.Bytes())
		if err != nil {
			outcome = map[string]any{"exception": err.Error()}
		}
		out.Encode(outcome)
	}
}

// version returns the versions of Go and of the generator's runtime.
func version() string {
	info, _ := debug.ReadBuildInfo()
	text := strings.Replace(info.GoVersion, "go", "Go ", 1)
	for _, dependency := range info.Deps {
		if dependency.Path == "github.com/oapi-codegen/runtime" {
			text += ", oapi-codegen 2.8.2, its runtime " + strings.TrimPrefix(dependency.Version, "v")
		}
	}
	return text
}

// take sends one request and returns its typed reply as JSON.
func take(client *ClientWithResponses, line []byte) (map[string]any, error) {
	var step step
	if err := json.Unmarshal(line, &step); err != nil {
		return nil, err
	}
	response, err := call(client, step)
	if err != nil {
		return nil, err
	}
	// The reply is a union of the result and the error; its raw bytes decide which.
	reply := response.Elem().FieldByName("JSON200")
	if reply.IsNil() {
		return nil, fmt.Errorf("no JSON reply with status 200: %s", response.Elem().FieldByName("Body").Bytes())
	}
	return typed(reply)
}

// call finds the operation's function by name, with one of the signatures (context, body,
// editors) or (context, editors) and a result (*response, error). It uses reflection so
// that new methods need no line here.
func call(client *ClientWithResponses, step step) (reflect.Value, error) {
	function := reflect.ValueOf(client).MethodByName(step.Method + "WithFormdataBodyWithResponse")
	if !function.IsValid() {
		return callWithoutParameters(client, step)
	}
	body := reflect.New(function.Type().In(1))
	if err := fill(body.Interface(), step.Parameters); err != nil {
		return reflect.Value{}, err
	}
	return invoke(function, step.Token, body.Elem())
}

func callWithoutParameters(client *ClientWithResponses, step step) (reflect.Value, error) {
	function := reflect.ValueOf(client).MethodByName(step.Method + "WithResponse")
	if !function.IsValid() || len(step.Parameters) > 0 {
		return reflect.Value{}, fmt.Errorf("the client has no %s with parameters", step.Method)
	}
	return invoke(function, step.Token)
}

func invoke(function reflect.Value, token string, body ...reflect.Value) (reflect.Value, error) {
	editor := RequestEditorFn(func(_ context.Context, request *http.Request) error {
		request.Header.Set("Authorization", "Bearer "+token)
		return nil
	})
	arguments := append([]reflect.Value{reflect.ValueOf(context.Background())}, body...)
	results := function.Call(append(arguments, reflect.ValueOf(editor)))
	if err, _ := results[1].Interface().(error); err != nil {
		return reflect.Value{}, err
	}
	return results[0], nil
}

// fill sets the fields of a request; lists are texts with semicolons.
func fill(body any, parameters map[string]any) error {
	for name, value := range parameters {
		if list, ok := value.([]any); ok {
			texts := make([]string, len(list))
			for i, item := range list {
				texts[i] = fmt.Sprint(item)
			}
			parameters[name] = strings.Join(texts, ";")
		}
	}
	text, err := json.Marshal(parameters)
	if err != nil {
		return err
	}
	return json.Unmarshal(text, body)
}

// typed reads the reply through the generated types, as an error if it contains one, else
// as the result.
func typed(reply reflect.Value) (map[string]any, error) {
	failure := reply.MethodByName("AsErrorReply").Call(nil)
	if refused, ok := failure[0].Interface().(ErrorReply); ok && refused.Errors != nil {
		return map[string]any{"error": refused.Error}, nil
	}
	for i := range reply.NumMethod() {
		name := reply.Type().Method(i).Name
		if !strings.HasPrefix(name, "As") || name == "AsErrorReply" {
			continue
		}
		results := reply.Method(i).Call(nil)
		if err, _ := results[1].Interface().(error); err != nil {
			return nil, err
		}
		return map[string]any{"reply": results[0].Interface()}, nil
	}
	return nil, fmt.Errorf("%s has no result", reply.Type())
}
