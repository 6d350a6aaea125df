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
	got, err := firstScreen(server)
	if err != nil {
		t.Fatal(err)
	}
	const want = `
  API       HTTP/platform_api/
            HTTPS/platform_api/
  account   1
  api key   demo-key
  try it    curl 'HTTP/platform_api/GetSipRegistrations?account_id=1&api_key=demo-key'
  SDKs      eval "$(voxemu env --host ADDRESS)"
  stop it   Ctrl-C

`
	got = strings.NewReplacer(server.TLSURL(), "HTTPS", server.URL(), "HTTP", strings.TrimPrefix(server.URL(), "http://"), "ADDRESS").Replace(got)
	if diff := gocmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}
