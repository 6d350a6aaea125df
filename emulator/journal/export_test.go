package journal_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v6"
	"pgregory.net/rapid"

	"github.com/voxemu/voxemu/emulator/journal"
	"github.com/voxemu/voxemu/emulator/vox"
)

func TestEntriesReadBackFromJSONLines(t *testing.T) {
	requests := filled().find(journal.Filter{})
	var out bytes.Buffer
	if err := journal.WriteJSONLines(&out, requests); err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSuffix(out.String(), "\n"), "\n")
	if len(lines) != len(requests) {
		t.Fatalf("%d lines for %d requests", len(lines), len(requests))
	}
	for i, line := range lines {
		var back journal.Request
		if err := json.Unmarshal([]byte(line), &back); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(requests[i], back); diff != "" {
			t.Errorf("request %d (-written +read):\n%s", i+1, diff)
		}
	}
}

func TestAnyRequestReadsBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		e := rapid.Make[journal.Request]().Draw(t, "request")
		e.Kind, e.CallbackType = journal.APIRequest, rapid.SampledFrom(vox.CallbackTypes()).Draw(t, "type")
		e.At = noon.Add(time.Duration(rapid.Int32().Draw(t, "at")))
		text, err := json.Marshal(e)
		if err != nil {
			t.Fatal(err)
		}
		var back journal.Request
		if err := json.Unmarshal(text, &back); err != nil {
			t.Fatal(err)
		}
		again, err := json.Marshal(back)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(text), string(again)); diff != "" {
			t.Fatal(diff)
		}
	})
}

// encoding/json silently omits two members with the same name.
func TestNamesInJSONAreUniqueAndSnakeCase(t *testing.T) {
	seen := map[string]bool{}
	for _, f := range reflect.VisibleFields(reflect.TypeFor[journal.Request]()) {
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		if f.Anonymous {
			continue
		}
		if name == "" || name != strings.ToLower(name) || seen[name] {
			t.Errorf("%s: JSON name %q", f.Name, name)
		}
		seen[name] = true
	}
}

// har writes requests, checks the result against the structure of HAR 1.2 and returns the
// text and the archive's requests.
func har(t *testing.T, requests []journal.Request) (string, []any) {
	t.Helper()
	var out bytes.Buffer
	if err := journal.WriteHAR(&out, "1.0", requests, 0); err != nil {
		t.Fatal(err)
	}
	archive, err := jsonschema.UnmarshalJSON(bytes.NewReader(out.Bytes()))
	if err != nil {
		t.Fatal(err)
	}
	compiler := jsonschema.NewCompiler()
	compiler.AssertFormat()
	schema, err := compiler.Compile("testdata/har-1.2.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	if err := schema.Validate(archive); err != nil {
		t.Errorf("no HAR 1.2: %#v", err)
	}
	var read struct{ Log struct{ Entries []any } }
	if err := json.Unmarshal(out.Bytes(), &read); err != nil {
		t.Fatal(err)
	}
	return out.String(), read.Log.Entries
}

func TestHARHasTheShapeThatItsSpecificationWants(t *testing.T) {
	text, requests := har(t, filled().find(journal.Filter{}))
	if len(requests) != 8 || strings.Contains(text, "hush") || strings.Contains(text, "secret@") {
		t.Errorf("%d requests: %s", len(requests), text)
	}
	for _, item := range requests {
		e := item.(map[string]any)
		timings := e["timings"].(map[string]any)
		if sum := timings["send"].(float64) + timings["wait"].(float64) + timings["receive"].(float64); sum != e["time"] {
			t.Errorf("time %v is not the sum of the timings %v", e["time"], timings)
		}
	}
	if _, none := har(t, nil); none == nil || len(none) != 0 {
		t.Errorf("an empty journal has the requests %v", none)
	}
}

// Developer tools of browsers show the text of a body, not its params.
func TestHARHasTheBodyAsAText(t *testing.T) {
	j := keep(5)
	for encoding, want := range map[vox.Encoding]string{
		"urlencoded": "api_key=***&b=x+y", "json": `{"api_key":["***"],"b":["x y"]}`, "multipart": "",
	} {
		called(j, 1, "A", "b", "x y", "api_key", "hush").Encoding = encoding
		_, requests := har(t, j.find(journal.Filter{}))
		data := requests[len(requests)-1].(map[string]any)["request"].(map[string]any)["postData"].(map[string]any)
		if data["text"] != want || len(data["params"].([]any)) != 2 {
			t.Errorf("%s: %v, want the text %q", encoding, data, want)
		}
	}
}

func TestHARShowsAddressParametersAndMilliseconds(t *testing.T) {
	j := keep(5)
	r := called(j, 1, "A", "b", "x y", "api_key", "hush")
	r.Encoding, r.TLS = "query", true
	called(j, 1, "A", "b", "c")
	delivered(j, 1, "min_balance")
	for i, want := range []struct {
		url, params string
		time        float64
	}{
		{"https://127.0.0.1:15060/platform_api/A?api_key=***&b=x+y", "[map[name:api_key value:***] map[name:b value:x y]]", 1.5},
		{"http://127.0.0.1:15060/platform_api/A", "[map[name:b value:c]]", 1.5},
		{"http://***@127.0.0.1:9000/hook?token=***&a=1", "[]", 1000},
	} {
		_, requests := har(t, j.find(journal.Filter{}))
		e := requests[i].(map[string]any)
		request := e["request"].(map[string]any)
		params := request["queryString"]
		if data, ok := request["postData"].(map[string]any); ok {
			params = data["params"]
		}
		got := struct {
			url, params string
			time        float64
		}{request["url"].(string), fmt.Sprint(params), e["time"].(float64)}
		if got != want {
			t.Errorf("request %d: %+v, want %+v", i+1, got, want)
		}
	}
}
