package journal

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestEntriesReadBackFromJSONLines(t *testing.T) {
	entries := filled().Find(Filter{})
	var out bytes.Buffer
	if err := WriteJSONLines(&out, entries); err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSuffix(out.String(), "\n"), "\n")
	if len(lines) != len(entries) {
		t.Fatalf("%d lines for %d entries", len(lines), len(entries))
	}
	for i, line := range lines {
		var back Entry
		if err := json.Unmarshal([]byte(line), &back); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(entries[i], back); diff != "" {
			t.Errorf("entry %d (-written +read):\n%s", i+1, diff)
		}
	}
}

func TestAnyEntryReadsBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		e := rapid.Make[Entry]().Draw(t, "entry")
		e.Kind = KindCall
		e.At = noon.Add(time.Duration(rapid.Int32().Draw(t, "at")))
		text, err := json.Marshal(e)
		if err != nil {
			t.Fatal(err)
		}
		var back Entry
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

// Two members of the same JSON name would both be lost without a word.
func TestNamesInJSONAreUniqueAndSnakeCase(t *testing.T) {
	seen := map[string]bool{}
	for _, f := range reflect.VisibleFields(reflect.TypeFor[Entry]()) {
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

// The fields that HAR 1.2 requires, by object.
var harRequired = map[string][]string{
	"log":               {"version", "creator", "entries"},
	"creator":           {"name", "version"},
	"entry":             {"startedDateTime", "time", "request", "response", "cache", "timings"},
	"request":           {"method", "url", "httpVersion", "cookies", "headers", "queryString", "headersSize", "bodySize"},
	"response":          {"status", "statusText", "httpVersion", "cookies", "headers", "content", "redirectURL", "headersSize", "bodySize"},
	"content":           {"size", "mimeType"},
	"postData":          {"mimeType", "params", "text"},
	"headers[]":         {"name", "value"},
	"queryString[]":     {"name", "value"},
	"timings":           {"send", "wait", "receive"},
	"postData.params[]": {"name"},
}

func requireFields(t *testing.T, what string, object any) map[string]any {
	t.Helper()
	members, ok := object.(map[string]any)
	if !ok {
		t.Fatalf("%s is %T", what, object)
	}
	for _, name := range harRequired[what] {
		if value, ok := members[name]; !ok || value == nil {
			t.Errorf("%s lacks %s: %v", what, name, members)
		}
	}
	return members
}

func each(t *testing.T, what string, list any) {
	t.Helper()
	items, ok := list.([]any)
	if !ok {
		t.Fatalf("%s is %T", what, list)
	}
	for _, item := range items {
		requireFields(t, what, item)
	}
}

func har(t *testing.T, entries []Entry) (string, []any) {
	t.Helper()
	var out bytes.Buffer
	if err := WriteHAR(&out, "1.0", entries); err != nil {
		t.Fatal(err)
	}
	var archive map[string]any
	if err := json.Unmarshal(out.Bytes(), &archive); err != nil {
		t.Fatal(err)
	}
	log := requireFields(t, "log", archive["log"])
	requireFields(t, "creator", log["creator"])
	if log["version"] != "1.2" {
		t.Errorf("version %v", log["version"])
	}
	return out.String(), log["entries"].([]any)
}

func TestHARHasEveryRequiredField(t *testing.T) {
	text, entries := har(t, filled().Find(Filter{}))
	if len(entries) != 8 || strings.Contains(text, "hush") || strings.Contains(text, "secret@") {
		t.Errorf("%d entries: %s", len(entries), text)
	}
	for _, item := range entries {
		e := requireFields(t, "entry", item)
		request := requireFields(t, "request", e["request"])
		each(t, "headers[]", request["headers"])
		each(t, "queryString[]", request["queryString"])
		if data, ok := request["postData"]; ok {
			each(t, "postData.params[]", requireFields(t, "postData", data)["params"])
		}
		response := requireFields(t, "response", e["response"])
		requireFields(t, "content", response["content"])
		timings := requireFields(t, "timings", e["timings"])
		if sum := timings["send"].(float64) + timings["wait"].(float64) + timings["receive"].(float64); sum != e["time"] {
			t.Errorf("time %v is not the sum of the timings %v", e["time"], timings)
		}
		if _, err := time.Parse(time.RFC3339Nano, e["startedDateTime"].(string)); err != nil {
			t.Error(err)
		}
	}
	if _, none := har(t, nil); none == nil || len(none) != 0 {
		t.Errorf("an empty journal has the entries %v", none)
	}
}

func TestHARShowsAddressParametersAndMilliseconds(t *testing.T) {
	j := New(5)
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
		_, entries := har(t, j.Find(Filter{}))
		e := entries[i].(map[string]any)
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
			t.Errorf("entry %d: %+v, want %+v", i+1, got, want)
		}
	}
}
