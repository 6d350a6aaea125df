package testkit

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/voxemu/voxemu/emulator"
	"github.com/voxemu/voxemu/emulator/vox"
)

// identity is the account of the test: the one with the lowest id on the first use.
type identity struct {
	once    sync.Once
	account int64
}

// AccountID returns the account that the test uses: the one with the lowest id when
// AccountID is first called.
func (e *Emulator) AccountID() int64 {
	e.tb.Helper()
	e.whoami.once.Do(func() {
		if accounts := e.server.Accounts(); len(accounts) > 0 {
			e.whoami.account = accounts[0].ID
		}
	})
	if e.whoami.account == 0 {
		e.tb.Fatalf("testkit: the scenario has no account")
	}
	return e.whoami.account
}

// APIKey returns the api_key of [Emulator.AccountID], which grants all rights.
func (e *Emulator) APIKey() string {
	e.tb.Helper()
	account := e.Account(e.AccountID())
	if account.APIKey == "" {
		e.tb.Fatalf("testkit: account %d has no api_key in the scenario; use CredentialsFile or Token", account.ID)
	}
	return account.APIKey
}

// Credentials returns the credentials of a service-account key, for example owner-key of
// the built-in scenarios. If the scenario has no key pair for it, one is generated on
// first use, which takes 0.1 s; emulators with the same built-in scenario share it. An
// unknown key ends the test.
func (e *Emulator) Credentials(key string) vox.Credentials {
	e.tb.Helper()
	credentials, err := e.server.Credentials(key)
	if err != nil {
		e.tb.Fatalf("testkit: %v; known: %s", err, strings.Join(e.keyNames(), ", "))
	}
	return credentials
}

func (e *Emulator) keyNames() []string {
	var names []string
	for _, key := range e.state().Keys {
		names = append(names, key.ID)
	}
	return names
}

// CredentialsFile returns the path of a credentials.json with the [Emulator.Credentials]
// of a key, for the official SDKs. The file is removed when the test ends.
func (e *Emulator) CredentialsFile(key string) string {
	e.tb.Helper()
	text, err := json.Marshal(e.Credentials(key))
	if err != nil {
		e.tb.Fatalf("testkit: %v", err)
	}
	return e.files.write(e.tb, "credentials-"+key+".json", text)
}

// Token returns a new token of a key, for the header Authorization: Bearer. It is valid
// for an hour of the machine's clock, which the emulator uses for the expiry of tokens.
func (e *Emulator) Token(key string) string {
	e.tb.Helper()
	token, err := e.server.Token(key)
	if err != nil {
		e.tb.Fatalf("testkit: %v; known: %s", err, strings.Join(e.keyNames(), ", "))
	}
	return token
}

// Env returns environment variables for child processes, in the form of os/exec's
// Cmd.Env; append it to os.Environ(). They are VOXIMPLANT_EMULATOR_HOST, and with
// [RunTLS] VOXEMU_TLS_HOST and the variables with which runtimes trust a certificate
// authority. If the account has a key with the role Owner, VOXIMPLANT_CREDENTIALS and
// VOXIMPLANT_CREDENTIALS_PATH contain its credentials. See [emulator.Inherited] for what
// is added if a proxy or other authorities are set.
func (e *Emulator) Env() []string {
	e.tb.Helper()
	env := []string{"VOXIMPLANT_EMULATOR_HOST=" + strings.TrimPrefix(e.URL(), "http://")}
	if key, ok := e.ownerKey(); ok {
		file := e.CredentialsFile(key)
		env = append(env, "VOXIMPLANT_CREDENTIALS="+file, "VOXIMPLANT_CREDENTIALS_PATH="+file)
	}
	if e.options.tls {
		env = append(env, tlsVariables(e.tb, &e.files, strings.TrimPrefix(e.TLSURL(), "https://"), e.ca())...)
	}
	return append(env, emulator.Inherited(os.Environ()).Overrides("", "127.0.0.1")...)
}

// tlsVariables are the variables for HTTPS; ca is the CA certificate. Variables that
// replace what a program trusts name a file with the usual authorities and this one.
func tlsVariables(t TB, to *folder, host string, ca []byte) []string {
	t.Helper()
	around := emulator.Inherited(os.Environ())
	file := to.write(t, "ca.pem", ca)
	bundle := to.write(t, "ca-bundle.pem", slices.Concat(around.Authorities(), ca))
	variables := []string{"VOXEMU_TLS_HOST=" + host, "NODE_EXTRA_CA_CERTS=" + file, "REQUESTS_CA_BUNDLE=" + bundle, "SSL_CERT_FILE=" + bundle}
	return append(variables, around.Overrides(bundle)...)
}

func (e *Emulator) ownerKey() (string, bool) {
	account := e.AccountID()
	keys := e.state().Keys
	at := slices.IndexFunc(keys, func(k vox.Key) bool {
		return k.AccountID == account && slices.Contains(k.Roles, vox.Owner)
	})
	if at < 0 {
		return "", false
	}
	return keys[at].ID, true
}

// folder contains the files of a test; it is created for the first file.
type folder struct {
	mu   sync.Mutex
	path string
	made int
}

// write creates a file in its own folder, readable by this user only.
func (f *folder) write(t TB, name string, text []byte) string {
	t.Helper()
	f.mu.Lock()
	defer f.mu.Unlock()
	var err error
	if f.path == "" {
		f.path, err = os.MkdirTemp("", "voxemu-test-")
	}
	f.made++
	dir := filepath.Join(f.path, strconv.Itoa(f.made))
	path := filepath.Join(dir, name)
	if err == nil {
		err = os.Mkdir(dir, 0o700)
	}
	if err == nil {
		err = os.WriteFile(path, text, 0o600)
	}
	if err != nil {
		t.Fatalf("testkit: %v", err)
	}
	return path
}

func (f *folder) remove() {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.path != "" {
		_ = os.RemoveAll(f.path) // a leftover is in the system's folder for temporary files
	}
}
