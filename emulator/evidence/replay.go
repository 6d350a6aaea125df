package evidence

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/voxemu/voxemu/emulator"
	"github.com/voxemu/voxemu/emulator/clock"
	"github.com/voxemu/voxemu/emulator/internal/contract"
	"github.com/voxemu/voxemu/emulator/internal/listen"
	"github.com/voxemu/voxemu/emulator/journal"
	"github.com/voxemu/voxemu/emulator/vox"
	"github.com/voxemu/voxemu/scenarios"
)

// replay is a fresh emulator to which the requests of a recording are sent.
type replay struct {
	server *emulator.Server
	spec   *contract.Contract
	masker *masker // for what the specification does not have
	valid  map[Caller]bool

	ids      map[string]map[int64]int64 // of the emulator, by kind and recorded id
	taken    map[string]map[int64]bool  // ids of the emulator that stand for a recorded one
	keys     map[string]string          // ids of keys, by recorded ones
	sessions map[string]string          // of the emulator, by recorded ones
	private  map[string]string          // private keys of keys that the emulator made
	broken   map[string]map[int64]bool  // recorded ids that the emulator has no row for
	address  string
}

// replayKey signs the tokens of all keys that a recording names: to make one for each takes
// long.
var replayKey = sync.OnceValues(listen.NewKeyPair)

func newReplay(r Recording, spec *contract.Contract, state scenarios.Scenario, valid map[Caller]bool) (*replay, error) {
	pair, err := replayKey()
	if err != nil {
		return nil, err
	}
	state.Keys = slices.Clone(state.Keys)
	for i := range state.Keys {
		state.Keys[i].PrivateKey = pair.Private
	}
	seed, err := emulator.NewSeed(state, r.Head.Started)
	if err != nil {
		return nil, err
	}
	server, err := emulator.New(emulator.WithSeed(seed), emulator.WithClock(clock.Stopped(r.Head.Started)))
	if err != nil {
		return nil, err
	}
	p := &replay{
		server: server, spec: spec, masker: newMasker(spec), valid: valid, ids: map[string]map[int64]int64{}, taken: map[string]map[int64]bool{}, keys: map[string]string{},
		sessions: map[string]string{}, private: map[string]string{}, broken: map[string]map[int64]bool{}, address: "127.0.0.1:1",
	}
	each := func(kind string, id int64) { p.bind(kind, id, id) }
	for _, a := range state.Accounts {
		each("account_id", a.ID)
	}
	for _, a := range state.Applications {
		each("application_id", a.ID)
	}
	for _, s := range state.VoxEngineScenarios {
		each("scenario_id", s.ID)
	}
	for _, rule := range state.Rules {
		each("rule_id", rule.ID)
	}
	for _, u := range state.Users {
		each("user_id", u.ID)
	}
	for _, registration := range state.Registrations {
		each("sip_registration_id", registration.ID)
	}
	for _, n := range state.SIPWhiteList {
		each("sip_whitelist_id", n.ID)
	}
	for _, k := range state.Keys {
		p.keys[k.ID] = k.ID
	}
	for _, ip := range state.AuthorizedIPs {
		if network, _, ok := strings.Cut(ip.Network, "/"); !ip.Denied && p.address == "127.0.0.1:1" && (ok || network != "") {
			p.address = network + ":1"
		}
	}
	return p, nil
}

// bind notes that an id of the emulator stands for a recorded one; false if either stands
// for another.
func (p *replay) bind(kind string, recorded, own int64) bool {
	if p.ids[kind] == nil {
		p.ids[kind], p.taken[kind] = map[int64]int64{}, map[int64]bool{}
	}
	if known, ok := p.ids[kind][recorded]; ok {
		return known == own
	}
	if p.taken[kind][own] {
		return false
	}
	p.ids[kind][recorded], p.taken[kind][own] = own, true
	return true
}

// lost notes that the emulator has no row for a recorded id.
func (p *replay) lost(kind string, recorded int64) {
	if p.broken[kind] == nil {
		p.broken[kind] = map[int64]bool{}
	}
	p.broken[kind][recorded] = true
}

// dependsOnLost reports whether a request names a row that the emulator has not.
func (p *replay) dependsOnLost(e Exchange) bool {
	for name := range e.Parameters {
		for _, id := range e.givenIDs(name) {
			if p.spec.Data(e.Method, name) == contract.DataID && p.broken[kind(name)][id] {
				return true
			}
		}
	}
	return false
}

// send sends the request of an exchange and returns the decoded reply.
func (p *replay) send(ctx context.Context, e Exchange) (status int, reply any, err error) {
	if now := p.server.Now(); e.At.After(now) {
		if err := p.server.SetTime(e.At); err != nil {
			return 0, nil, err
		}
	}
	request, err := p.request(ctx, e)
	if err != nil {
		return 0, nil, err
	}
	answer, err := inProcess{p.server.Handler(), p.address}.RoundTrip(request)
	if err != nil {
		return 0, nil, err
	}
	decoder := json.NewDecoder(answer.Body)
	decoder.UseNumber()
	if err := decoder.Decode(&reply); err != nil {
		reply = nil
	}
	p.learn(e, reply)
	return answer.StatusCode, reply, nil
}

// learn keeps what later requests need of a reply.
func (p *replay) learn(e Exchange, reply any) {
	own, _ := reply.(map[string]any)
	if object(own).code() != 0 {
		return
	}
	switch e.Method {
	case "Logon":
		p.sessions[e.reply().text("result")] = object(own).text("result")
	case "CreateKey":
		made, recorded := createdKey(own), createdKey(e.reply())
		p.keys[recorded.text("key_id")] = made.text("key_id")
		p.private[made.text("key_id")] = made.text("private_key")
	}
}

// createdKey returns the object of a reply of CreateKey, in a list or not.
func createdKey(reply object) object {
	if list := reply.objects("result"); len(list) > 0 {
		return list[0]
	}
	one, _ := reply["result"].(map[string]any)
	return one
}

// request makes the request of an exchange in its style and encoding.
func (p *replay) request(ctx context.Context, e Exchange) (*http.Request, error) {
	form, token, err := p.caller(e)
	if err != nil {
		return nil, err
	}
	for name, texts := range e.Parameters {
		for _, text := range texts {
			form.Add(name, p.text(e.Method, name, text))
		}
	}
	path := "/platform_api/" + e.Method
	switch e.Style {
	case journal.StyleBare:
		path = "/" + e.Method
	case journal.StyleCmd:
		path = "/platform_api"
		if e.Method != "" {
			form.Set("cmd", e.Method)
		}
	}
	var body bytes.Buffer
	contentType := "application/x-www-form-urlencoded"
	switch {
	case e.Unreadable:
		contentType = "application/json"
		body.WriteString("[")
	case e.Verb == http.MethodGet || e.Encoding == vox.EncodingQuery:
		path += "?" + form.Encode()
	case e.Encoding == vox.EncodingJSON:
		contentType = "application/json"
		flat := map[string]any{}
		for name, texts := range form {
			flat[name] = texts
		}
		if err := json.NewEncoder(&body).Encode(flat); err != nil {
			return nil, err
		}
	case e.Encoding == vox.EncodingMultipart:
		parts := multipart.NewWriter(&body)
		for name, texts := range form {
			for _, text := range texts {
				if err := parts.WriteField(name, text); err != nil {
					return nil, err
				}
			}
		}
		if err := parts.Close(); err != nil {
			return nil, err
		}
		contentType = parts.FormDataContentType()
	default:
		body.WriteString(form.Encode())
	}
	verb := e.Verb
	if !slices.Contains(p.spec.Verbs(), verb) {
		verb = http.MethodPost
	}
	request, err := http.NewRequestWithContext(ctx, verb, "http://127.0.0.1"+path, io.NopCloser(&body))
	if err != nil {
		return nil, err
	}
	request.Header.Set("Content-Type", contentType)
	if token != "" {
		request.Header.Set("Authorization", "Bearer "+token)
	}
	return request, nil
}

// text replaces the ids in the value of a parameter by those of the emulator.
func (p *replay) text(method, name, text string) string {
	if name == "key_id" {
		if own, ok := p.keys[text]; ok {
			return own
		}
	}
	if p.spec.Data(method, name) != contract.DataID {
		return text
	}
	items := strings.Split(text, ";")
	for i, item := range items {
		id, err := strconv.ParseInt(item, 10, 64)
		if own, ok := p.ids[kind(name)][id]; err == nil && ok {
			items[i] = strconv.FormatInt(own, 10)
		} else if err == nil && id > 0 {
			items[i] = strconv.FormatInt(unknownID+id, 10) // no row of the emulator
		}
	}
	return strings.Join(items, ";")
}

// unknownID is above all ids of the emulator.
const unknownID = 1 << 40

// caller returns the parameters or the token by which the emulator finds the caller who
// was recorded.
func (p *replay) caller(e Exchange) (form url.Values, token string, err error) {
	form, c := url.Values{}, e.Caller
	account := "account_id"
	id, numeric := strconv.ParseInt(c.Account, 10, 64)
	switch {
	case c.By == "token":
		token, err = p.token(c, id)
		return form, token, err
	case c.Account == "":
	case numeric == nil:
		form.Set(account, p.text("", "account_id", c.Account))
	case strings.Contains(c.Account, "@"):
		form.Set("account_email", c.Account)
	default:
		form.Set("account_name", c.Account)
	}
	if c.By == "none" {
		return form, "", nil
	}
	secret := c.Secret
	if c.By == "session_id" {
		secret = p.session(e)
	}
	form.Set(c.By, secret)
	return form, "", nil
}

// session returns a session of the emulator, or a text that it refuses as the recorded one
// was refused.
func (p *replay) session(e Exchange) string {
	if own, ok := p.sessions[e.Caller.Secret]; ok {
		return own
	}
	if e.reply().code() == 161 {
		return "x"
	}
	return strings.Repeat("0", 32)
}

// token signs a token with the defect of the recorded one.
func (p *replay) token(c Caller, account int64) (string, error) {
	if c.Defect == "malformed" {
		return "malformed", nil
	}
	own, known := p.keys[c.Key]
	private := p.private[own]
	if private == "" && known {
		pair, err := replayKey() // which all keys of the seed have, deleted ones too
		if err != nil {
			return "", err
		}
		private = pair.Private
	}
	if private == "" {
		return unsigned(c.Key), nil
	}
	key, err := jwt.ParseRSAPrivateKeyFromPEM([]byte(private))
	if err != nil {
		return "", err
	}
	issued, life := time.Now(), time.Hour
	switch c.Defect {
	case "long":
		life = 2 * time.Hour
	case "future":
		issued = issued.Add(30 * time.Minute)
	case "expired":
		issued = issued.Add(-2 * time.Hour)
	}
	if ownAccount, ok := p.ids["account_id"][account]; ok {
		account = ownAccount
	}
	token := jwt.NewWithClaims(jwt.SigningMethodRS256, jwt.MapClaims{"iss": account, "iat": issued.Unix(), "exp": issued.Add(life).Unix()})
	token.Header["kid"] = own
	return token.SignedString(key)
}

// unsigned returns a token of a key that nobody has.
func unsigned(kid string) string {
	token := jwt.NewWithClaims(jwt.SigningMethodRS256, jwt.MapClaims{"iss": 1, "iat": 1, "exp": 2})
	token.Header["kid"] = kid
	text, err := token.SigningString()
	if err != nil {
		return "malformed"
	}
	return text + ".AAAA"
}

// world gives registrations the state that a recorded list shows: what registrars answered
// is not decided by the API.
func (p *replay) world(e Exchange) error {
	if e.Method != "GetSipRegistrations" {
		return nil
	}
	state, err := p.server.State()
	if err != nil {
		return err
	}
	for _, o := range e.reply().objects("result") {
		own, ok := p.ids["sip_registration_id"][o.number("sip_registration_id")]
		i := slices.IndexFunc(state.Registrations, func(r vox.Registration) bool { return r.ID == own })
		if !ok || i < 0 {
			continue
		}
		r := state.Registrations[i]
		setStatus(&r, o)
		rows := scenarios.Scenario{Registrations: []vox.Registration{r}}
		for _, user := range state.Users {
			if user.ID == r.UserID && needsUser(r) {
				user.LoggedIn = true
				rows.Users = append(rows.Users, user)
			}
		}
		_, _ = p.server.Add(rows) // a state that no registration can have is a difference
	}
	return nil
}
