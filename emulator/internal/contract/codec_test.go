package contract

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/voxemu/voxemu/emulator/internal/query"
)

func TestBooleansAreReadAsTheSDKsSendThem(t *testing.T) {
	for text, want := range map[string]bool{
		"true": true, "True": true, "TRUE": true, "1": true,
		"false": false, "False": false, "0": false, "": false,
	} {
		if got, ok := parseBoolean(text); !ok || got != want {
			t.Errorf("parseBoolean(%q) = %v, %v; want %v", text, got, ok, want)
		}
	}
	for _, text := range []string{"yes", "2", "t", " true", "null"} {
		if _, ok := parseBoolean(text); ok {
			t.Errorf("parseBoolean(%q) was accepted", text)
		}
	}
}

func TestATransportBelongsToTheProxyBeforeIt(t *testing.T) {
	for text, want := range map[string][]string{
		"a":                                      {"a"},
		"a;b":                                    {"a", "b"},
		"a;transport=tcp;b":                      {"a;transport=tcp", "b"},
		";a:5061;transport=tls;;b;transport=udp": {"a:5061;transport=tls", "b;transport=udp"},
		"transport=tcp;a":                        {"transport=tcp", "a"},
	} {
		if diff := cmp.Diff(want, parseProxyList(text)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", text, diff)
		}
	}
}

func TestCodeSetsAreCodesAndInclusiveRanges(t *testing.T) {
	code := func(low, high int64) query.Range {
		return query.Range{Low: query.Number(low), High: query.Number(high)}
	}
	for text, want := range map[string][]query.Range{
		"401":                         {code(401, 401)},
		"401;403:408":                 {code(401, 401), code(403, 408)},
		"100:699":                     {code(100, 699)},
		";401;;":                      {code(401, 401)},
		"503:503;200;":                {code(200, 200), code(503, 503)},
		"404;403:405;402;404;404:410": {code(402, 410)},
		"699;100":                     {code(100, 100), code(699, 699)},
	} {
		got, err := parseCodeSet(text)
		if err != nil {
			t.Errorf("%q: %v", text, err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%q (-want +got):\n%s", text, diff)
		}
	}
}

func TestReversedAbsurdAndMalformedCodesAreRefused(t *testing.T) {
	for _, text := range []string{"408:403", "99", "700", "4xx", "401:", ":401", "401:403:405", "-401", "401 403", "1e2", "999999999999999999999"} {
		if got, err := parseCodeSet(text); err == nil {
			t.Errorf("%q was read as %v", text, got)
		}
	}
}

func TestIntegerListsAreRefusedWhole(t *testing.T) {
	if got, err := parseIntList("1;2;;3"); err != nil || !cmp.Equal(got, []int64{1, 2, 3}) {
		t.Errorf("1;2;;3 = %v, %v", got, err)
	}
	for _, text := range []string{"1;x", "1,2", "1.5", "0x1", "9223372036854775808"} {
		if got, err := parseIntList(text); err == nil {
			t.Errorf("%q was read as %v", text, got)
		}
	}
}

func FuzzLists(f *testing.F) {
	for _, seed := range []string{"", ";", "1;2", "401;403:408", "any", "1:2:3", "\x00;\xff", "-1", strings.Repeat("9;", 50)} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if list, err := parseIntList(text); err == nil && len(list) != len(slices.Collect(items(text))) {
			t.Errorf("intlist %q lost items: %v", text, list)
		}
		set, err := parseCodeSet(text)
		if err != nil {
			return
		}
		last := int64(0)
		for _, r := range set {
			low, high := r.Low.Number, r.High.Number
			if low < lowestCode || high > highestCode || low > high || low <= last+1 {
				t.Errorf("codeset %q let %d:%d pass after %d", text, low, high, last)
			}
			last = high
		}
	})
}

func TestASelectionIsAListOfIDsOrAll(t *testing.T) {
	for text, want := range map[string]query.Selection{
		"all": {All: true}, "any": {All: true}, "1;3": {IDs: []int64{1, 3}}, ";7;": {IDs: []int64{7}},
	} {
		got, err := parseSelection(text)
		if diff := cmp.Diff(want, got); diff != "" || err != nil {
			t.Errorf("%q: %v (-want +got):\n%s", text, err, diff)
		}
	}
	for _, text := range []string{"all;1", "All", "1;x", "-"} {
		if _, err := parseSelection(text); err == nil {
			t.Errorf("%q was accepted", text)
		}
	}
}
