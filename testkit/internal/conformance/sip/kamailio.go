package main

import (
	_ "embed"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

//go:embed kamailio.cfg
var kamailioConfig string

// kamailio is a running Kamailio.
type kamailio struct {
	folder       string
	port, secure string // of UDP and TCP, and of TLS
}

func startKamailio(folder string) (kamailio, func() error, error) {
	port, err := freePort()
	if err != nil {
		return kamailio{}, nil, err
	}
	secure, err := freePort()
	if err != nil {
		return kamailio{}, nil, err
	}
	config := filepath.Join(folder, "kamailio.cfg")
	text := strings.NewReplacer("SECURE", secure, "PORT", port, "FOLDER", folder).Replace(kamailioConfig)
	if err := os.WriteFile(config, []byte(text), 0o600); err != nil {
		return kamailio{}, nil, err
	}
	c := exec.Command("kamailio", "-f", config, "-m", "64", "-M", "8", "-DD", "-E", "-w", folder, "-Y", folder)
	var said strings.Builder
	c.Stderr = &said
	if err := c.Start(); err != nil {
		return kamailio{}, nil, err
	}
	for _, at := range []string{port, secure} {
		if err := accepts("127.0.0.1:" + at); err != nil {
			return kamailio{}, nil, fmt.Errorf("%w\n%s", errors.Join(err, end(c)), &said)
		}
	}
	return kamailio{folder, port, secure}, func() error { return end(c) }, nil
}

// proxy returns the proxy for a transport; empty: what clients get that name none.
func (k kamailio) proxy(transport string) string {
	switch transport {
	case "":
		return "127.0.0.1:" + k.port
	case "tls":
		return "127.0.0.1:" + k.secure + ";transport=tls"
	}
	return "127.0.0.1:" + k.port + ";transport=" + transport
}

// knows waits until the location table has a user, or has not.
func (k kamailio) knows(user string, want bool) error {
	for deadline := time.Now().Add(late); ; time.Sleep(50 * time.Millisecond) {
		out, _ := exec.Command("kamcmd", "-s", "unix:"+k.folder+"/ctl", "ul.lookup", "location", user).CombinedOutput()
		if strings.Contains(string(out), "voxemu-") == want {
			return nil
		}
		if time.Now().After(deadline) {
			return fmt.Errorf("the location table of Kamailio on %s, want it there: %v:\n%s", user, want, out)
		}
	}
}

// checkKamailio registers at Kamailio over each transport, in two realms; its location
// table must agree.
func (e emulator) checkKamailio(k kamailio) error {
	for _, transport := range []string{"", "udp", "tcp", "tls"} {
		for _, user := range []string{"alice", "twin"} {
			if err := e.checkUser(k, user, k.proxy(transport)); err != nil {
				return fmt.Errorf("kamailio, %s, %s: %w", user, transport, err)
			}
			fmt.Printf("ok   kamailio: %s at %s is refused, registers, is frozen and thawed, unregisters\n", user, k.proxy(transport))
		}
	}
	if err := errors.Join(e.pay(), e.pay()); err != nil {
		return err
	}
	if err := e.checkSDK(k.port); err != nil {
		return err
	}
	fmt.Println("ok   kamailio: alice is refused, registers and unregisters by the official Node SDK")
	id, err := e.create("nobody", "secret", k.proxy(""))
	if err != nil {
		return err
	}
	return e.becomes(id, "failed 404 Not Found", late)
}

// pay pays for one month of one registration.
func (e emulator) pay() error { return e.post("/accounts/1/top-up", `{"amount":"1.00"}`) }

func (e emulator) checkUser(k kamailio, user, proxy string) error {
	if err := e.pay(); err != nil {
		return err
	}
	id, err := e.create(user, "wrong", proxy)
	if err != nil {
		return err
	}
	row := fmt.Sprint(id)
	for _, step := range []func() error{
		func() error { return e.becomes(id, "failed 403 Forbidden", late) },
		func() error { return k.knows(user, false) },
		func() error {
			return e.call("UpdateSipRegistration", &struct{}{}, "sip_registration_id", row, "password", "secret")
		},
		func() error { return e.becomes(id, "successful", late) },
		func() error { return k.knows(user, true) },
		func() error { return e.post("/clock/advance", `{"duration":"32d"}`) }, // and no money for it
		func() error { return e.becomes(id, "frozen", late) },
		func() error { return k.knows(user, false) },
		func() error { return e.pay() },
		func() error { return e.becomes(id, "successful", late) },
		func() error { return k.knows(user, true) },
		func() error { return e.call("DeleteSipRegistration", &struct{}{}, "sip_registration_id", row) },
		func() error { return k.knows(user, false) },
	} {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

// checkAuthority registers over TLS with an authority that did not sign the certificate of
// Kamailio.
func (e emulator) checkAuthority(k kamailio, folder string) (err error) {
	if err := os.Mkdir(filepath.Join(folder, "stranger"), 0o700); err != nil {
		return err
	}
	for name, arguments := range map[string][]string{
		"another authority":   {"--sip-ca", filepath.Join(folder, strangers)},
		"those of the system": nil,
	} {
		strict, stop, err := startEmulator(e.binary, filepath.Join(folder, "stranger"), "extends: demo", arguments...)
		if err != nil {
			return err
		}
		id, err := strict.create("alice", "secret", k.proxy("tls"))
		if err == nil {
			err = strict.becomes(id, "failed 503 Service Unavailable", late)
		}
		if err := errors.Join(err, k.knows("alice", false), stop()); err != nil {
			return fmt.Errorf("kamailio, the certificate for %s: %w", name, err)
		}
		fmt.Printf("ok   kamailio: over TLS its certificate is refused by %s\n", name)
	}
	return nil
}

// checkStop stops an emulator with registrations over each transport.
func (e emulator) checkStop(k kamailio, folder string) error {
	for _, transport := range []string{"udp", "tcp", "tls"} {
		other, stop, err := startEmulator(e.binary, filepath.Join(folder, "stranger"), "extends: demo", "--sip-ca", filepath.Join(folder, authority))
		if err != nil {
			return err
		}
		_, err = other.create("alice", "secret", k.proxy(transport))
		if err == nil {
			err = k.knows("alice", true)
		}
		if err := errors.Join(err, stop()); err != nil {
			return err
		}
		if err := k.knows("alice", false); err != nil {
			return fmt.Errorf("kamailio, after the end of the emulator, %s: %w", transport, err)
		}
	}
	fmt.Println("ok   kamailio: the end of the emulator unregisters, over UDP, TCP and TLS")
	return nil
}

// checkRedirection lets SIPp send a registration on to Kamailio, over each transport.
func (e emulator) checkRedirection(k kamailio, folder string) error {
	for _, transport := range []string{"udp", "tcp", "tls"} {
		to := "Contact: <sip:alice@" + k.proxy(transport) + ">\n"
		moved := answer{status: "302 Moved Temporarily", headers: to}
		c, port, err := startSIPp(filepath.Join(folder, "redirection-"+transport), "udp", scenario(moved, moved))
		if err != nil {
			return err
		}
		id, err := e.create("alice", "secret", "127.0.0.1:"+port)
		for _, step := range []func() error{
			func() error { return err },
			func() error { return e.becomes(id, "successful", late) },
			func() error { return k.knows("alice", true) },
			func() error {
				return e.call("DeleteSipRegistration", &struct{}{}, "sip_registration_id", fmt.Sprint(id))
			},
			func() error { return k.knows("alice", false) },
		} {
			if err := step(); err != nil {
				return fmt.Errorf("kamailio, after a 302 to %s: %w", transport, errors.Join(err, end(c)))
			}
		}
		if err := c.Wait(); err != nil {
			return err
		}
		fmt.Printf("ok   sipp and kamailio: a 302 to %s is followed, for registering and for unregistering\n", transport)
	}
	return nil
}

// checkSDK runs the program that uses the official SDK.
func (e emulator) checkSDK(port string) error {
	env := append(os.Environ(),
		"VOXEMU_CONFIG_DIR="+e.folder, "VOXIMPLANT_EMULATOR_HOST="+strings.TrimPrefix(e.base, "http://"),
		"VOXEMU_TLS_HOST="+strings.TrimPrefix(e.secure, "https://"), "SIP_PROXY=127.0.0.1:"+port, "SIP_CTL="+e.folder+"/ctl",
		"VOXIMPLANT_CREDENTIALS="+filepath.Join(e.folder, "owner.json"), "NODE_EXTRA_CA_CERTS="+filepath.Join(e.folder, "ca.pem"),
	)
	script, err := filepath.Abs(filepath.Join(e.node, "sip.mjs"))
	if err != nil {
		return err
	}
	for _, command := range [][]string{
		{e.binary, "credentials", "--key", "owner-key", "--out", filepath.Join(e.folder, "owner.json")},
		{e.binary, "ca", "--out", filepath.Join(e.folder, "ca.pem")},
		{"node", script},
	} {
		c := exec.Command(command[0], command[1:]...)
		c.Env = env
		if out, err := c.CombinedOutput(); err != nil {
			return fmt.Errorf("%s: %w\n%s", strings.Join(command, " "), err, out)
		}
	}
	return nil
}
