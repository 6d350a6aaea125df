package main

import (
	"crypto/rsa"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

// truststorePassword needs no secrecy: the store contains one public certificate, but
// keytool requires a password.
const truststorePassword = "conformance"

// apiKeys are the api_keys of the accounts in the steps' scenario.
var apiKeys = map[int64]string{1: "demo-key", 2: "poor-api-key", 3: "full-api-key"}

// callerKeys are the service-account keys that steps can use.
var callerKeys = []string{"owner-key", "support-key", "poor-key", "full-key"}

// caller is a service-account key, read from its credentials file.
type caller struct {
	AccountID  int64  `json:"account_id"`
	KeyID      string `json:"key_id"`
	PrivateKey string `json:"private_key"`

	key *rsa.PrivateKey
}

// writeFiles writes the files for the clients: a credentials file for each key, the CA
// certificate, and a truststore for Java if keytool is installed.
func (e *emulator) writeFiles() error {
	e.callers = map[string]caller{}
	for _, key := range callerKeys {
		path := e.file(key + ".json")
		if err := e.voxemu("credentials", "--key", key, "--out", path); err != nil {
			return err
		}
		caller, err := readCaller(path)
		if err != nil {
			return err
		}
		e.callers[key] = caller
	}
	if err := e.voxemu("ca", "--out", e.ca); err != nil {
		return err
	}
	keytool, err := exec.LookPath("keytool")
	if err != nil {
		return nil // without Java, its client is not run
	}
	return output(exec.Command(keytool, "-importcert", "-noprompt", "-alias", "voxemu", "-file", e.ca,
		"-keystore", e.file("truststore.p12"), "-storetype", "PKCS12", "-storepass", truststorePassword))
}

// voxemu runs a command of the binary for the running emulator.
func (e *emulator) voxemu(args ...string) error {
	command := exec.Command(e.command.Path, args...)
	command.Env = append(e.command.Env, "VOXIMPLANT_EMULATOR_HOST="+e.http)
	return output(command)
}

func readCaller(path string) (caller, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return caller{}, err
	}
	var c caller
	if err := json.Unmarshal(text, &c); err != nil {
		return caller{}, fmt.Errorf("%s: %w", path, err)
	}
	c.key, err = jwt.ParseRSAPrivateKeyFromPEM([]byte(c.PrivateKey))
	return c, err
}

func (c caller) token() (string, error) {
	now := time.Now()
	token := jwt.NewWithClaims(jwt.SigningMethodRS256, jwt.MapClaims{
		"iss": strconv.FormatInt(c.AccountID, 10), "iat": now.Unix(), "exp": now.Add(time.Hour).Unix(),
	})
	token.Header["kid"] = c.KeyID
	return token.SignedString(c.key)
}

// output runs a command; its error contains the output.
func output(command *exec.Cmd) error {
	if text, err := command.CombinedOutput(); err != nil {
		return fmt.Errorf("%s: %w\n%s", command, err, text)
	}
	return nil
}
