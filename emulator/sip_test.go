package emulator_test

import (
	"context"
	"encoding/json"
	"errors"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/voxemu/voxemu/emulator"
	"github.com/voxemu/voxemu/emulator/sip"
	"github.com/voxemu/voxemu/emulator/vox"
	"github.com/voxemu/voxemu/scenarios"
)

const realScenario = "extends: demo\nregistrar: {real: [{proxy: pbx.internal}]}\n"

func TestAScenarioWithRealRegistrationsNeedsASIPStack(t *testing.T) {
	emu, err := emulator.New()
	if err != nil {
		t.Fatal(err)
	}
	before, err := emu.Export()
	if err != nil {
		t.Fatal(err)
	}
	err = emu.LoadSources(scenarios.Source{Name: "real", Text: []byte(realScenario)})
	if !errors.Is(err, vox.ErrInvalid) || !strings.Contains(err.Error(), "emulator.WithSIP") {
		t.Errorf("load: %v", err)
	}
	if after, err := emu.Export(); err != nil || string(after) != string(before) {
		t.Errorf("the state has changed: %v", err)
	}
}

func TestWithoutARealRuleTheSIPStackIsNotOpened(t *testing.T) {
	opened := 0
	open := func(sip.Config, sip.Events) (sip.Agent, error) {
		opened++
		return nil, errors.New("no agent")
	}
	emu, err := emulator.New(emulator.WithSIP(open, sip.Config{}))
	if err != nil || opened != 0 || emu.Health().SIP != nil {
		t.Errorf("opened %d times: %v, %+v", opened, err, emu.Health().SIP)
	}
	if _, err := emulator.New(emulator.WithSIP(open, sip.Config{Real: []string{"pbx.internal"}})); err == nil || opened == 0 {
		t.Errorf("opened %d times: %v", opened, err)
	}
}

func TestOptionsOfSIPAreChecked(t *testing.T) {
	for _, c := range []sip.Config{{Real: []string{""}}, {Real: []string{"[a"}}, {Addr: "0.0.0.0:5062"}, {Addr: "192.0.2.1:0"}} {
		if _, err := emulator.New(emulator.WithSIP(nil, c)); !errors.Is(err, emulator.ErrOptions) {
			t.Errorf("%+v: %v", c, err)
		}
	}
}

// silentAgent is a SIP stack that sends nothing.
type silentAgent struct{}

func (silentAgent) Register(context.Context, sip.Binding, *sip.Session) sip.Answer {
	return sip.Answer{StatusCode: 408, Reason: "Request Timeout"}
}

func (silentAgent) Unregister(context.Context, sip.Binding, *sip.Session) {}

func (silentAgent) Address() string { return "127.0.0.1:5062" }

func (silentAgent) Close() error { return nil }

func TestIncomingCallsAreInTheJournalHoweverManyMessagesFollow(t *testing.T) {
	var events sip.Events
	emu, err := emulator.New(emulator.WithSIP(func(_ sip.Config, e sip.Events) (sip.Agent, error) {
		events = e
		return silentAgent{}, nil
	}, sip.Config{Real: []string{"pbx.internal"}}))
	if err != nil {
		t.Fatal(err)
	}
	const calls, messages = 1100, 5000
	for range calls {
		if status := events.Call(sip.Call{RegistrationID: 1, From: "sip:caller@pbx.internal"}); status != 480 {
			t.Fatalf("answered %d", status)
		}
	}
	for range messages {
		events.Message(sip.Message{RegistrationID: 1, Sent: true, Text: "REGISTER sip:pbx.internal SIP/2.0"})
	}
	for query, want := range map[string]struct{ all, calls int }{
		"?calls=true":                   {1000, 1000},
		"?calls=true&registration_id=1": {1000, 1000},
		"?calls=true&registration_id=2": {0, 0},
		"?calls=true&account_id=1":      {1000, 1000},
		"":                              {3000, 1000},
		"?calls=false&registration_id=1&account_id=1": {3000, 1000},
	} {
		reply := httptest.NewRecorder()
		emu.Handler().ServeHTTP(reply, httptest.NewRequest("GET", "http://127.0.0.1/_voxemu/sip-messages"+query, nil))
		var got struct {
			Messages []sip.Message
			Evicted  int
		}
		if err := json.Unmarshal(reply.Body.Bytes(), &got); err != nil {
			t.Fatalf("%s: %v: %s", query, err, reply.Body)
		}
		found := 0
		for i, m := range got.Messages {
			if i > 0 && m.Number <= got.Messages[i-1].Number {
				t.Fatalf("%s: message %d after %d", query, m.Number, got.Messages[i-1].Number)
			}
			if c := m.Call; c != nil {
				found++
				if c.RegistrationID != 1 || c.AccountID != 1 || c.Application != "myapp" || c.Rule == "" || len(c.Scripts) != 1 {
					t.Fatalf("%s: %+v", query, c)
				}
			}
		}
		if len(got.Messages) != want.all || found != want.calls || got.Evicted != calls+messages-3000 {
			t.Errorf("%s: %d messages, %d calls, %d evicted", query, len(got.Messages), found, got.Evicted)
		}
	}
}
