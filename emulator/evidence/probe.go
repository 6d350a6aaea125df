package evidence

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/voxemu/voxemu/emulator/internal/contract"
	"github.com/voxemu/voxemu/emulator/vox"
)

// ProbeConfig says which service to probe, and how far to go.
type ProbeConfig struct {
	// Upstream is the base URL of the service. Nothing else is reached.
	Upstream string
	// Credentials are those of a service account with the role Owner or Admin.
	Credentials vox.Credentials
	// File is where the result and what the run made are kept. If it exists, its run is
	// continued.
	File string
	// Run sends the calls. Default: a dry run, which sends nothing and prints them.
	Run bool
	// Only are the assumptions to settle; default: all.
	Only []string
	// Spend is the most that the run may cost, in the account's currency; default 0.
	Spend vox.Money
	// InUse allows an account that has registrations.
	InUse bool
	// CallbackURL is the base URL at which the service reaches Callbacks. Experiments with
	// callbacks set it in the account, if that has none, and remove it; default: they are
	// left out.
	CallbackURL string
	// Callbacks is where callbacks arrive; needed with CallbackURL. It is closed at the end.
	Callbacks net.Listener
	// RootCAs are the authorities that the service's certificate may be of; default: the
	// system's.
	RootCAs *x509.CertPool
	// Interval is the least time between two calls; default: none.
	Interval time.Duration
	// Patience is how long to wait for what the service does by itself, such as a status or
	// a callback; default: a minute, or 60 intervals if that is longer.
	Patience time.Duration
	// Out gets what is done, a line each.
	Out io.Writer
}

// ErrInUse reports an account that looks like one in production.
var ErrInUse = errors.New("the account has registrations that this run did not make; probe an account of its own, or allow it with --in-use")

// probe is a run in progress. Its first error ends it: later calls do nothing.
type probe struct {
	ProbeConfig
	ctx    context.Context
	client *http.Client
	spec   *contract.Contract
	mask   *masker
	file   *Evidence
	save   func() error
	own    string // token
	signed time.Time
	err    error
	dry    bool

	callbacks *receiver // nil: none
	common    common
	lacks     string     // why the experiment tells nothing; empty: it does
	said      []Exchange // of the experiment
}

// Probe makes the experiments and writes their verdicts to the file. What it made is
// removed at the end, and an inventory proves it. Errors: a service that does not answer,
// [ErrInUse], or a file that cannot be written; the next run with the same file goes on.
func Probe(ctx context.Context, c ProbeConfig) (*Evidence, error) {
	spec, err := specification()
	if err != nil {
		return nil, err
	}
	for _, id := range c.Only {
		if !slices.ContainsFunc(Experiments(), func(e Experiment) bool { return e.Assumption == id }) {
			why := "there is no such assumption"
			if reason, ok := Unsettled()[id]; ok {
				why = reason
			}
			return nil, fmt.Errorf("%w: --only %s: %s", ErrConfig, id, why)
		}
	}
	if _, err := (Config{Upstream: c.Upstream, Out: c.File}).check(func(string) bool { return true }); err != nil {
		return nil, err
	}
	p := &probe{ProbeConfig: c, ctx: ctx, spec: spec, mask: newMasker(spec)}
	p.client = upstreamOnly(c.RootCAs)
	defer p.client.CloseIdleConnections()
	if c.CallbackURL != "" {
		if to, err := url.Parse(c.CallbackURL); err != nil || to.Scheme != "http" && to.Scheme != "https" || to.Host == "" || to.User != nil || to.RawQuery != "" || to.Fragment != "" {
			return nil, fmt.Errorf("%w: --callback-url: want a base URL such as https://example.com/callbacks, without user and query", ErrConfig)
		}
	}
	if p.file, err = openEvidence(c.File, c.Upstream); err != nil {
		return nil, err
	}
	p.save = func() error { return p.file.write(c.File) }
	if !c.Run {
		return p.dryRun()
	}
	if c.CallbackURL != "" && c.Callbacks != nil {
		p.callbacks = receive(c.Callbacks, "/"+p.file.Run)
		defer p.callbacks.close()
	}
	return p.file, p.all()
}

// upstreamOnly returns a client that follows no redirect and no proxy of the environment.
func upstreamOnly(roots *x509.CertPool) *http.Client {
	return &http.Client{
		Transport: direct(roots), Timeout: time.Minute,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// direct returns a transport without the proxies of the environment.
func direct(roots *x509.CertPool) *http.Transport {
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.Proxy = nil
	transport.TLSClientConfig = &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12}
	return transport
}

// dryRun makes the same calls to an emulator in this process and prints them.
func (p *probe) dryRun() (*Evidence, error) {
	server, credentials, err := rehearsal()
	if err != nil {
		return nil, err
	}
	p.dry, p.Interval, p.Spend = true, 0, plenty()
	p.CallbackURL = "http://192.0.2.1" // to which the emulator sends nothing, because it is public
	p.Credentials = credentials
	p.file = newEvidence(p.Upstream)
	p.save = func() error { return nil }
	p.client = &http.Client{Transport: inProcess{server.Handler(), "127.0.0.1:1"}}
	err = p.all()
	for _, line := range unsettledLines() {
		p.say("%s", line)
	}
	p.say("worst cost: %d registrations, each for its installation fee, a month and the taxes, as GetSubscriptionPrice says", registrationsThatCost(p.Only))
	p.say("nothing was sent; --yes runs the free experiments, --spend AMOUNT those that cost")
	return p.file, err
}

func (p *probe) say(format string, args ...any) {
	if p.Out != nil {
		fmt.Fprintf(p.Out, format+"\n", args...)
	}
}

// all removes what an interrupted run left, makes the experiments that are missing, removes
// what they made and compares the inventories.
func (p *probe) all() error {
	p.safe()
	if len(p.file.Made) > 0 {
		p.file.Doubtful = append(p.file.Doubtful, p.file.Made...)
		p.write()
	}
	p.removeAll()
	if p.err == nil && p.file.Before == nil {
		p.file.Before = p.inventory()
		p.write()
	}
	for _, e := range Experiments() {
		if p.err != nil {
			break
		}
		if !p.file.has(e.Assumption) && (len(p.Only) == 0 || slices.Contains(p.Only, e.Assumption)) {
			p.experiment(e)
		}
	}
	p.file.Made = append(p.file.Doubtful, p.file.Made...)
	p.removeAll()
	p.file.Doubtful = nil
	if p.err == nil {
		if after := p.inventory(); p.err == nil && !slices.Equal(after, p.file.Before) {
			p.err = fmt.Errorf("the account is not as it was: before %v, now %v", p.file.Before, after)
		}
	}
	if p.err == nil {
		p.file.Finished = time.Now().UTC().Truncate(time.Second)
		p.write()
	}
	return p.err
}

// safe refuses an account that is in use.
func (p *probe) safe() {
	for _, r := range p.call("GetSipRegistrations", url.Values{"count": {"1000"}}).objects("result") {
		if !p.file.ours(r.text("sip_username")) && !p.InUse && p.err == nil {
			p.err = ErrInUse
		}
	}
}

func (p *probe) write() {
	if p.err == nil {
		p.err = p.save()
	}
}

// experiment makes one experiment, if its cost is allowed.
func (p *probe) experiment(e Experiment) {
	p.say("%s: %s (%s)", e.Assumption, e.Sends, e.costs())
	if p.dry {
		p.say("    as assumed: %s; otherwise: %s", e.Assumed, e.Otherwise)
	}
	if !p.affordable(e) {
		return
	}
	p.said, p.lacks = nil, ""
	outcome := e.run(p)
	if p.err != nil {
		return
	}
	if p.lacks != "" {
		outcome = unclear("%s", p.lacks)
	}
	p.file.Results = append(p.file.Results, Result{
		Assumption: e.Assumption, Verdict: outcome.verdict, Saw: outcome.saw, Date: time.Now().UTC().Format(time.DateOnly),
		Behaviour: outcome.behaviour, MonthlyFee: outcome.fee, Exchanges: p.said,
	})
	if !p.dry {
		p.say("    %s: %s", outcome.verdict, outcome.saw)
	}
	p.write()
}

// affordable compares the cost by the price that the service gives with what may be spent
// and with the balance.
func (p *probe) affordable(e Experiment) bool {
	if e.NeedsCallbacks() && p.callbacks == nil && !p.dry {
		p.say("    left out: it needs --callback-url")
		return false
	}
	number := e.registrations(p.common)
	if number == 0 || p.dry {
		return p.err == nil
	}
	if p.Spend.IsZero() {
		p.say("    left out: it costs money, and --spend is 0")
		return false
	}
	price, _ := p.price()
	cost := price.Times(int64(number), 1)
	spent, wrong := vox.ParseMoney(p.file.Spent)
	balance, err := vox.ParseMoney(p.account().text("balance"))
	if p.err != nil {
		return false
	}
	if err != nil || wrong != nil || price.IsZero() || spent.Add(cost).Cmp(p.Spend) > 0 || cost.Cmp(balance) > 0 {
		p.say("    left out: it costs %s, of %s %s are spent, the balance is %s", cost, p.Spend, spent, balance)
		return false
	}
	p.file.Spent = spent.Add(cost).String() // before it is sent
	p.write()
	return true
}

// price returns what a registration costs at once: installation, a month and taxes.
func (p *probe) price() (total, monthly vox.Money) {
	rows := p.call("GetSubscriptionPrice", url.Values{"subscription_template_type": {"SIP_REGISTRATION"}}).objects("result")
	if len(rows) == 0 {
		return total, monthly
	}
	for _, name := range []string{"installation_price_in_currency", "installation_tax_reserve", "price_in_currency", "tax_reserve"} {
		if part, err := vox.ParseMoney(rows[0].text(name)); err == nil {
			total = total.Add(part)
		}
	}
	monthly, _ = vox.ParseMoney(rows[0].text("price"))
	return total, monthly
}

func asObjectOf(o object, name string) object {
	inner, _ := o[name].(map[string]any)
	return inner
}

// call sends a request, signed, and returns the reply; after an error, nothing.
func (p *probe) call(method string, form url.Values) object {
	return p.send(method, form, p.ownToken(), nil)
}

// ownToken returns the token of the run's own key, which is renewed in time.
func (p *probe) ownToken() string {
	const life = 30 * time.Minute
	if time.Since(p.signed) > life/2 {
		p.own, p.signed = p.token(p.Credentials, time.Now(), life), time.Now()
	}
	return p.own
}

// send sends a request with a token and changes it before.
func (p *probe) send(method string, form url.Values, token string, change func(*http.Request)) object {
	if p.err != nil {
		return object{}
	}
	for name, values := range form { // an id that is empty can stand for everything
		if strings.HasSuffix(name, "_id") && slices.Contains(values, "") {
			p.lacks = "something that it needs could not be made: there is no " + name
			return object{}
		}
	}
	if p.Interval > 0 {
		select {
		case <-time.After(p.Interval):
		case <-p.ctx.Done():
		}
	}
	if p.dry {
		p.say("    %s %s", method, form.Encode())
	}
	request, err := http.NewRequestWithContext(p.ctx, http.MethodPost, strings.TrimSuffix(p.Upstream, "/")+"/platform_api/"+method, strings.NewReader(form.Encode()))
	if err != nil {
		p.err = err
		return object{}
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	if token != "" {
		request.Header.Set("Authorization", "Bearer "+token)
	}
	if change != nil {
		change(request)
	}
	at := time.Now()
	reply, err := p.client.Do(request)
	if err != nil {
		p.err = unreached(err)
		return object{}
	}
	defer reply.Body.Close()
	text, err := io.ReadAll(io.LimitReader(reply.Body, bodyLimit))
	if err != nil {
		p.err = unreached(err)
		return object{}
	}
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	var decoded map[string]any
	if decoder.Decode(&decoded) != nil {
		decoded = nil
	}
	if p.mask != nil {
		p.note(at, method, form, reply.StatusCode, decoded)
	}
	return decoded
}

// unreached returns an error without the URL, in whose query a secret may be, and without
// what the service sent instead of HTTP.
func unreached(err error) error {
	why := errors.New("its answer is no HTTP that can be read")
	var of *url.Error
	var network *net.OpError
	var certificate *tls.CertificateVerificationError
	switch {
	case errors.As(err, &of) && of.Timeout():
		why = errors.New("no answer in time")
	case errors.As(err, &certificate):
		why = certificate
	case errors.As(err, &network):
		why = network
	case errors.Is(err, context.Canceled):
		why = context.Canceled
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		why = io.ErrUnexpectedEOF
	}
	return fmt.Errorf("the service does not answer: %w; the next run with the same file goes on", why)
}

// note keeps an exchange, masked, as evidence.
func (p *probe) note(at time.Time, method string, form url.Values, status int, reply map[string]any) {
	e := Exchange{
		Number: len(p.said) + 1, At: at.UTC(), Verb: http.MethodPost, Method: method, Style: "path", Encoding: vox.EncodingURLEncoded,
		Caller: Caller{By: "token"}, Parameters: p.mask.parameters(method, form), Status: status,
	}
	if reply != nil {
		copied, err := json.Marshal(reply)
		var decoded any
		decoder := json.NewDecoder(bytes.NewReader(copied))
		decoder.UseNumber()
		if err == nil && decoder.Decode(&decoded) == nil {
			e.Reply = p.mask.reply(method, decoded)
		}
	}
	p.said = append(p.said, e)
}

// token signs a token; empty after an error.
func (p *probe) token(with vox.Credentials, issued time.Time, life time.Duration) string {
	if p.err != nil {
		return ""
	}
	key, err := jwt.ParseRSAPrivateKeyFromPEM([]byte(with.PrivateKey))
	switch {
	case err != nil && with.KeyID == p.Credentials.KeyID:
		p.err = fmt.Errorf("%w: the credentials have no RSA key in private_key", ErrConfig)
		return ""
	case err != nil:
		p.lacks = "CreateKey gave no private key that can be read"
		return ""
	}
	token := jwt.NewWithClaims(jwt.SigningMethodRS256, jwt.MapClaims{"iss": with.AccountID, "iat": issued.Unix(), "exp": issued.Add(life).Unix()})
	token.Header["kid"] = with.KeyID
	text, err := token.SignedString(key)
	if err != nil {
		p.err = err
	}
	return text
}

// inventory counts what the account has, without what the run made.
func (p *probe) inventory() []string {
	var counts []string
	for _, list := range []string{"GetApplications", "GetScenarios", "GetSipRegistrations", "GetKeys", "GetSipWhiteList", "GetAuthorizedAccountIPs"} {
		ids := []string{}
		for _, o := range p.call(list, url.Values{"count": {"1000"}}).objects("result") {
			ids = append(ids, o.text(o.rowID()))
		}
		slices.Sort(ids)
		sum := 0
		for _, id := range ids {
			for _, b := range []byte(id) {
				sum = (sum*31 + int(b)) % 1_000_003
			}
		}
		counts = append(counts, list+" "+strconv.Itoa(len(ids))+" "+strconv.Itoa(sum)) // the ids are not written
	}
	info := p.account()
	return append(counts, fmt.Sprintf("callback_url %t, min_balance_to_notify %t", info.text("callback_url") != "", strings.Trim(info.text("min_balance_to_notify"), "0.") != ""))
}
