package main

import (
	"context"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/voxemu/voxemu/emulator"
)

func TestTheFirstScreenSaysWhatToDo(t *testing.T) {
	server, err := emulator.New(emulator.WithScenario("demo"), emulator.WithListen("127.0.0.1:0", "127.0.0.1:0"))
	if err == nil {
		err = server.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = server.Close(context.Background()) })
	for shell, evaluated := range map[string]string{
		"sh":         `eval "$(voxemu env --host ADDRESS)"`,
		"fish":       "voxemu env --host ADDRESS | source",
		"powershell": "voxemu env --host ADDRESS | Out-String | Invoke-Expression",
	} {
		got, err := firstScreen(server, shell)
		if err != nil {
			t.Fatal(err)
		}
		want := `
  API       HTTP/platform_api/
            HTTPS/platform_api/
  console   HTTP/_voxemu/console/
  account   1
  api key   demo-key
  try it    curl "HTTP/platform_api/GetSipRegistrations?account_id=1&api_key=demo-key"
  SDKs      ` + evaluated + `
  stop it   Ctrl-C

`
		got = strings.NewReplacer(server.TLSURL(), "HTTPS", server.URL(), "HTTP", strings.TrimPrefix(server.URL(), "http://"), "ADDRESS").Replace(got)
		if diff := gocmp.Diff(want, got); diff != "" {
			t.Errorf("%s: %s", shell, diff)
		}
	}
}
