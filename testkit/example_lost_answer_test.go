package testkit_test

import (
	"net/http"
	"net/url"
	"testing"

	"github.com/voxemu/voxemu/emulator/fault"
	"github.com/voxemu/voxemu/testkit"
)

func TestALostAnswer(t *testing.T) {
	emu := testkit.Run(t)
	emu.Fail("CreateSipRegistration", fault.Close{}, testkit.After(), testkit.Times(1))  // saved, but no reply
	_, err := http.PostForm(emu.URL()+"/platform_api/CreateSipRegistration", url.Values{ // your client
		"account_id": {"1"}, "api_key": {"demo-key"}, "sip_username": {"sales"}, "proxy": {"sip.example.com"}})
	rows, balance := emu.Registrations(), emu.Account(1).Balance
	if err == nil || len(rows) != 5 || balance.String() != "99.00" { // four and 100.00 before
		t.Errorf("error %v, %d registrations, balance %v", err, len(rows), balance)
	}
	emu.Expect(testkit.Call("CreateSipRegistration")).Once()
}
