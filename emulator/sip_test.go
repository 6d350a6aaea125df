package emulator_test

import (
	"errors"
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
