'use strict';

const childProcess = require('node:child_process');
const fs = require('node:fs');
const https = require('node:https');
const path = require('node:path');
const tls = require('node:tls');
const { isDeepStrictEqual } = require('node:util');
const { binary } = require('./binary.cjs');
const { Call, Expectation } = require('./calls.cjs');
const { Control } = require('./control.cjs');
const environment = require('./environment.cjs');
const { Failure, NotStarted, Refused } = require('./failure.cjs');
const { Process, ownEnvironment, remove, scenarioFiles, temporaryFolder } = require('./process.cjs');
const { Sink } = require('./sink.cjs');

const START = new Date('2026-03-01T12:00:00Z');
const HOST = 'VOXIMPLANT_EMULATOR_HOST';
const SHOWN = 20; // requests in a report
const segment = encodeURIComponent;

/** Adds what an emulator has seen to the file of this process in the folder VOXEMU_REPORT. */
async function addReport(control) {
  const folder = process.env.VOXEMU_REPORT;
  if (!folder) return;
  if (!path.isAbsolute(folder)) throw new Failure(`VOXEMU_REPORT=${folder}: want an absolute path, because tests can change the folder`);
  const line = JSON.stringify(await control.get('report'));
  fs.mkdirSync(folder, { recursive: true });
  fs.appendFileSync(path.join(folder, `node-${process.pid}.jsonl`), line + '\n');
}

class Fault {
  constructor(emulator, name) {
    this.emulator = emulator;
    this.name = name;
  }

  async hits() {
    return (await this.emulator.faults()).find((fault) => fault.name === this.name)?.hits ?? 0;
  }

  async stop() {
    await this.emulator.control.call('DELETE', 'faults/' + segment(this.name)).catch((error) => {
      if (error.status !== 404) throw error;
    });
  }
}

class Voxemu {
  static async start(options = {}) {
    const known = ['scenario', 'attach', 'liveClock', 'strict', 'allowUnknown', 'allowMistakes', 'after'];
    for (const name of Object.keys(options)) {
      if (!known.includes(name)) throw new TypeError(`voxemu: start has no option ${name}; it has ${known.join(', ')}`);
    }
    const { scenario, after } = options;
    const host = process.env[HOST];
    const attach = options.attach ?? (Boolean(host) && scenario === undefined);
    if (attach && scenario !== undefined) {
      throw new TypeError('voxemu: attach and scenario: give one of them; an emulator that others use keeps its scenario');
    }
    const emulator = new Voxemu(options);
    try {
      if (attach && host) await emulator.attach(host);
      else await emulator.launch(options);
      emulator.caFile = emulator.write('ca.pem', (emulator.ca = await emulator.control.text('GET', 'ca.pem')));
      for (const call of emulator.allowed) await emulator.mistakes([call]);
    } catch (error) {
      await emulator.release();
      throw error;
    }
    if (typeof after === 'function') after(() => emulator.stop());
    else after?.after(() => emulator.stop()); // the context of a test of node:test
    return emulator;
  }

  constructor({ allowUnknown = false, allowMistakes = false }) {
    this.allowUnknown = allowUnknown;
    this.allowed = allowMistakes === true ? [new Call()] : [allowMistakes || []].flat();
    this.folder = temporaryFolder();
    this.files = 0;
    this.named = 0; // faults and snapshots
    this.sinks = [];
    this.resetChecks();
  }

  resetChecks() {
    // unknown and refused are requests before a restore.
    this.checks = { places: new Map(), open: new Set(), unknown: [], refused: [], failures: [], triggered: new Set() };
  }

  // Begin and end

  async launch({ scenario, liveClock = false, strict = false }) {
    this.process = await Process.start(scenarioFiles(scenario, this.folder, liveClock), strict ? ['--strict'] : []);
    this.url = this.process.url;
    this.tlsUrl = this.process.tlsUrl;
    this.control = new Control(this.url);
    const account = (await this.state()).accounts?.[0];
    this.accountId = account?.id ?? 0;
    this.accountName = account?.name;
    this.apiKey = account?.api_key;
  }

  async attach(host) {
    let address;
    try {
      address = new URL(host.includes('://') ? host : 'http://' + host);
    } catch {
      // The next lines report it.
    }
    if (!['http:', 'https:'].includes(address?.protocol)) throw new NotStarted(`${HOST}=${host}: want host:port or http://host:port`);
    this.url = address.origin;
    this.control = new Control(this.url, process.env.VOXEMU_CONTROL_TOKEN);
    this.own = await this.control.post('accounts', {});
    this.accountId = this.own.account_id;
    this.accountName = this.own.name;
    this.apiKey = this.own.api_key;
    this.tlsUrl = this.url;
    if (address.protocol === 'http:') {
      const listener = (await this.control.get('health')).listeners.https;
      this.tlsUrl = listener ? `https://${address.hostname}:${new URL(listener).port}` : '';
    }
  }

  async stop() {
    if (this.stopped) return;
    this.stopped = true;
    try {
      await this.verify();
    } finally {
      await this.release();
    }
  }

  async [Symbol.asyncDispose ?? Symbol.for('Symbol.asyncDispose')]() {
    await this.stop();
  }

  async release() {
    this.stopped = true;
    await Promise.all(this.sinks.map((sink) => sink.close()));
    if (this.own) {
      await this.control.call('DELETE', `accounts/${this.accountId}`).catch((error) => {
        console.error(`voxemu: account ${this.accountId} stays at ${this.url}: ${error.message}`);
      });
    }
    try {
      if (this.process) await addReport(this.control);
    } finally {
      await this.process?.stop();
      remove(this.folder);
    }
  }

  async verify() {
    const { checks } = this;
    try {
      await this.reportFaults();
      await this.collectMistakes();
    } finally {
      this.resetChecks();
    }
    report(checks, 'sent what the API does not know', 'allowUnknown: true', checks.unknown);
    report(checks, 'sent what the contract refuses', 'allowMistakes: true', checks.refused);
    for (const problem of this.sinks.flatMap((sink) => sink.failures)) {
      checks.failures.push(`the callback sink received a request that is not a callback: ${problem}`);
    }
    for (const one of checks.open) {
      checks.failures.push(
        `${one.place}: expect(${await this.inWords(one)}) does not say how many; add once(), times(n), never(), atLeast(n), atMost(n) or inOrder(…)`,
      );
    }
    if (checks.failures.length > 0) throw new Failure(checks.failures.join('\nvoxemu: '));
  }

  // Connect

  get credentialsFile() {
    // Not in an asynchronous way, so that it can be a property; a private emulator only,
    // for which the program is at hand.
    this.ownerFile ??= this.own
      ? this.write(`credentials-${this.own.key_id}.json`, JSON.stringify(this.own.credentials))
      : this.writeOwnerFile();
    return this.ownerFile;
  }

  writeOwnerFile() {
    const env = ownEnvironment({ [HOST]: this.url });
    const run = (...all) => childProcess.execFileSync(binary(), all, { env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'], windowsHide: true });
    const state = JSON.parse(run('state', '--json', '--secrets'));
    const key = state.keys?.find((k) => k.account_id === this.accountId && k.roles?.includes('Owner'));
    if (!key) throw new Failure(`account ${this.accountId} has no key with the role Owner in the scenario`);
    const file = this.write(`credentials-${segment(key.id)}.json`, '');
    run('credentials', '--key', key.id, '--out', file);
    return file;
  }

  async credentials(key) {
    return this.write(`credentials-${segment(key)}.json`, await this.ofKey(key, 'credentials'));
  }

  async token(key) {
    return JSON.parse(await this.ofKey(key ?? (await this.ownerKey()), 'token')).token;
  }

  async ofKey(key, what) {
    try {
      return await this.control.text('POST', `keys/${segment(key)}/${what}`);
    } catch (error) {
      if (error.status !== 404) throw error;
      const known = (await this.state()).keys ?? [];
      throw new Failure(`${error.text}; known: ${known.map((k) => k.id).join(', ')}`);
    }
  }

  async ownerKey() {
    if (this.own) return this.own.key_id;
    const keys = (await this.state()).keys ?? [];
    const key = keys.find((k) => k.account_id === this.accountId && k.roles?.includes('Owner'));
    if (!key) throw new Failure(`account ${this.accountId} has no key with the role Owner in the scenario`);
    return key.id;
  }

  get env() {
    const around = { ...process.env, [HOST]: this.url.replace(/^http:\/\//, '') };
    if (!this.own) delete around.VOXEMU_CONTROL_TOKEN;
    delete around.VOXIMPLANT_CREDENTIALS;
    delete around.VOXIMPLANT_CREDENTIALS_PATH;
    try {
      around.VOXIMPLANT_CREDENTIALS = around.VOXIMPLANT_CREDENTIALS_PATH = this.credentialsFile;
    } catch (error) {
      if (!(error instanceof Failure)) throw error; // the scenario has no such key
    }
    this.bundle ??= this.write('ca-bundle.pem', environment.authorities(process.env) + this.ca);
    if (this.tlsUrl) {
      Object.assign(around, {
        VOXEMU_TLS_HOST: this.tlsUrl.replace(/^https:\/\//, ''),
        NODE_EXTRA_CA_CERTS: this.caFile,
        REQUESTS_CA_BUNDLE: this.bundle,
        SSL_CERT_FILE: this.bundle,
      });
    }
    return Object.assign(around, environment.overrides(process.env, this.bundle, new URL(this.url).hostname));
  }

  get agent() {
    this.httpsAgent ??= new https.Agent({ ca: [...trusted(), this.ca] });
    return this.httpsAgent;
  }

  async sdk(options = {}) {
    const module = await loadSDK();
    const Client = module.default?.default ?? module.default ?? module;
    // NODE_EXTRA_CA_CERTS is read when a process starts; the SDK uses the global agent.
    const agent = https.globalAgent.options;
    agent.ca = [agent.ca ?? trusted(), this.ca].flat();
    Object.assign(process.env, environment.withoutProxy(process.env, new URL(this.url).hostname));
    // The SDK prefers the variable to the path that it is given.
    const file = options.credentialsFile ?? this.credentialsFile;
    const before = process.env.VOXIMPLANT_CREDENTIALS;
    process.env.VOXIMPLANT_CREDENTIALS = file;
    try {
      const client = new Client({ pathToCredentials: file, host: new URL(this.tlsUrl).host });
      await new Promise((resolve) => (client.onReady = resolve));
      return client;
    } finally {
      if (before === undefined) delete process.env.VOXIMPLANT_CREDENTIALS;
      else process.env.VOXIMPLANT_CREDENTIALS = before;
    }
  }

  /** Creates a file in its own folder, readable by this user only. */
  write(name, text) {
    const folder = path.join(this.folder, String(++this.files));
    fs.mkdirSync(folder, { mode: 0o700 });
    const file = path.join(folder, name);
    fs.writeFileSync(file, text, { mode: 0o600 });
    return file;
  }

  // Rows

  async add(rows) {
    try {
      return await this.control.post('state', rows, { account_id: this.accountId || undefined });
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      throw new Failure('these rows are not valid:\n' + error.text);
    }
  }

  async addOne(kind, row = {}) {
    return (await this.add({ [kind]: [row] }))[kind][0];
  }

  addAccount(row) {
    return this.addOne('accounts', row);
  }

  addKey(row) {
    return this.addOne('keys', row);
  }

  addApplication(row) {
    return this.addOne('applications', row);
  }

  addRule(row) {
    return this.addOne('rules', row);
  }

  addUser(row) {
    return this.addOne('users', row);
  }

  addRegistration(row) {
    return this.addOne('registrations', row);
  }

  state() {
    return this.control.get('state', { format: 'json', secrets: true });
  }

  async account(id = this.accountId) {
    const { accounts } = await this.control.get('accounts');
    const found = accounts.find((account) => account.account_id === id);
    if (!found) throw new Failure(`there is no account ${id}`);
    return found;
  }

  async registration(id) {
    const found = (await this.registrations()).find((row) => row.id === id);
    if (!found) throw new Failure(`there is no registration ${id}`);
    return found;
  }

  async registrations() {
    return (await this.control.get('registrations', { account_id: this.only })).registrations;
  }

  async users() {
    return (await this.control.get('users', { account_id: this.only })).users;
  }

  /** The account whose rows are listed when others use the emulator, too. */
  get only() {
    return this.own ? this.accountId : undefined;
  }

  async requireState(rows) {
    const state = await this.state();
    const lines = [];
    for (const [kind, wanted] of Object.entries(rows)) {
      const mine = (state[kind] ?? []).filter((row) => !this.own || (row.account_id ?? row.id) === this.accountId);
      const got = new Map(mine.map((row) => [row.id, row]));
      for (const want of wanted) {
        const row = got.get(want.id);
        got.delete(want.id);
        if (!row) {
          lines.push(`- ${kind} ${want.id}: ${JSON.stringify(want)}`);
          continue;
        }
        for (const [name, value] of Object.entries(want)) {
          if (isDeepStrictEqual(comparable(row[name]), comparable(value))) continue;
          lines.push(`- ${kind} ${want.id}: ${name}: ${JSON.stringify(value)}`, `+ ${kind} ${want.id}: ${name}: ${JSON.stringify(row[name])}`);
        }
      }
      for (const [id, row] of got) lines.push(`+ ${kind} ${id}: ${JSON.stringify(row)}`);
    }
    if (lines.length > 0) throw new Failure("the emulator's state differs (-want +got):\n" + lines.join('\n'));
  }

  // Time and events

  ownClock() {
    if (this.own) {
      throw new Failure('clock and snapshots of an emulator that others use are shared; start a private one with { attach: false }');
    }
  }

  async now() {
    return new Date((await this.control.get('clock')).now);
  }

  async advance(duration) {
    this.ownClock();
    return new Date((await this.control.post('clock/advance', { duration })).now);
  }

  async advanceTo(at) {
    this.ownClock();
    return new Date((await this.control.post('clock/set', { now: at instanceof Date ? at.toISOString() : at })).now);
  }

  async settle() {
    await this.control.post('callbacks/settle');
  }

  async callbacks() {
    await this.settle();
    return (await this.control.get('callbacks', { account_id: this.only })).callbacks;
  }

  async storedAccount(id) {
    return (await this.state()).accounts?.find((account) => account.id === id);
  }

  async callbackSink() {
    const sink = await new Sink((id) => this.storedAccount(id)).listen();
    this.sinks.push(sink);
    const row = await this.storedAccount(this.accountId);
    if (!row) throw new Failure('the scenario has no account');
    await this.add({ accounts: [{ ...row, callback_url: sink.url, callback_salt: row.callback_salt || 'pepper' }] });
    return sink;
  }

  answer(registrationId, status, reason) {
    return this.control.post(`registrations/${segment(registrationId)}/answer`, { status_code: status, reason: reason || undefined });
  }

  async login(userId) {
    await this.control.post(`users/${segment(userId)}/login`);
  }

  async logout(userId) {
    await this.control.post(`users/${segment(userId)}/logout`);
  }

  topUp(amount, accountId = this.accountId) {
    return this.control.post(`accounts/${segment(accountId)}/top-up`, { amount: String(amount) });
  }

  freezeAccount(frozen = true, accountId = this.accountId) {
    return this.control.post(`accounts/${segment(accountId)}/freeze`, { frozen });
  }

  // Faults

  async fail(method, kind, options = {}) {
    const place = placeOf();
    const known = ['nth', 'times', 'after', 'on', 'when', 'delay', 'optional'];
    for (const name of Object.keys(options)) {
      if (!known.includes(name)) throw new TypeError(`voxemu: fail has no option ${name}; it has ${known.join(', ')}`);
    }
    const { nth, times, after, on, when, delay, optional } = options;
    const then = typeof kind === 'string' ? (/^[A-Z]/.test(kind) ? { api_error: kind } : { [kind]: {} }) : { ...kind };
    if (delay !== undefined) then.delay = typeof delay === 'string' ? { fixed: delay } : delay;
    const condition = { method, ...when };
    if (nth !== undefined) condition.nth = nth;
    if (on) condition.parameters = { ...condition.parameters, ...Object.fromEntries(Object.entries(on).map(([n, v]) => [n, String(v)])) };
    if (this.own) condition.account = this.accountId;
    const name = this.next(method.replace(/[^A-Za-z0-9._-]/g, '_').slice(0, 40));
    const rule = { name, when: condition, then, after: after || undefined, times, optional: optional || undefined };
    this.checks.places.set(name, place);
    try {
      await this.control.call('PUT', 'faults/' + segment(name), rule);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      throw new Failure(error.problems.map((p) => `fault "${name}": ${p.message}`).join('\n'));
    }
    return new Fault(this, name);
  }

  next(name) {
    // Other tests use the same emulator; the account is theirs alone.
    return this.own ? `${name}-${this.accountId}-${++this.named}` : `${name}-${++this.named}`;
  }

  async faults() {
    return (await this.control.get('faults', { account_id: this.only })).faults;
  }

  // Verification

  expect(call, parameters = {}) {
    return new Expectation(this, asCall(call, parameters), placeOf());
  }

  async requests(call, parameters = {}) {
    let matched;
    // The query knows no patterns: verify refuses what no request can match, and says which
    // requests match when it wants more than there can be.
    try {
      await this.control.post('verify', { filter: this.scoped(asCall(call, parameters).filter), times: { min: 2 ** 40 } });
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      if (error.status !== 409) {
        if (this.isAllowed(error)) return [];
        throw new Failure('no call can match: ' + error.text);
      }
      matched = new Set(error.problem.detail.matched);
    }
    const { requests } = await this.control.get('requests', { kind: 'call', account_id: this.only });
    return requests.filter((request) => matched.has(request.number));
  }

  scoped(filter) {
    return this.own ? { ...filter, account_id: this.accountId } : filter;
  }

  async verifyCalls(calls, times) {
    const [filter, ...then] = calls.map((call) => this.scoped(call.filter));
    try {
      await this.control.post('verify', { filter, times, then: times || then.length === 0 ? undefined : then });
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      if (error.status === 409) throw new Failure(error.text);
      if (this.isAllowed(error) && times?.min === 0) return; // no request had the name, so none matches
      throw new Failure('no call can match: ' + error.text);
    }
  }

  isAllowed(refused) {
    return this.allowUnknown && refused.problems.every((p) => ['method', 'parameters'].includes(p.member?.split('.').at(-1)));
  }

  /** The emulator's words for a matcher. */
  async inWords(call) {
    try {
      await this.control.post('verify', { filter: call.filter, times: { min: 2 ** 40 } });
    } catch (error) {
      const want = error.problem?.detail?.want;
      if (want) return want.split(' ').slice(3).join(' ').replace('requests', 'request');
    }
    return '…';
  }

  async mistakes(check) {
    const body = { allow_unknown: this.allowUnknown, allow_mistakes: (check ?? this.allowed).map((c) => c.filter), account_id: this.only };
    try {
      return await this.control.post('mistakes', body);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      if (check && this.isAllowed(error)) return {};
      throw new Failure('no call can match: ' + error.text);
    }
  }

  /** Reads the mistakes from the journal before it is cleared. */
  async collectMistakes() {
    const { checks } = this;
    const found = await this.mistakes();
    for (const line of found.not_emulated) console.error(`voxemu: ${line}: the real service has the method, voxemu does not`);
    if (found.evicted) console.error(`voxemu: the journal dropped ${found.evicted} older requests; their mistakes are not reported`);
    checks.unknown.push(...found.unknown);
    checks.refused.push(...found.refused);
  }

  /**
   * Collects the faults that were not triggered often enough, except those that a restore
   * arms again: these must be triggered once, not after each restore.
   */
  async reportFaults(comeBack = []) {
    const { checks } = this;
    const untriggered = new Map((await this.mistakes()).untriggered.map((fault) => [fault.name, fault.text]));
    for (const name of comeBack) {
      if (!untriggered.delete(name)) checks.triggered.add(name);
    }
    const lines = [];
    for (const [name, text] of untriggered) {
      if (checks.triggered.has(name)) continue;
      const place = checks.places.get(name);
      lines.push('  ' + (place ? `${place}: ` : '') + text);
    }
    if (lines.length > 0) {
      checks.failures.push(`faults were never triggered, or not as often as they should be:\n${lines.join('\n')}\nallow with optional: true`);
    }
  }

  // Snapshots

  async snapshot() {
    this.ownClock();
    const saved = { name: this.next('kit'), faults: (await this.faults()).map((fault) => fault.rule) };
    await this.control.post('snapshots', { name: saved.name });
    return saved;
  }

  async restore(saved) {
    this.ownClock();
    await this.reportFaults(saved.faults.map((rule) => rule.name));
    await this.control.call('PUT', 'faults', { faults: saved.faults });
    await this.collectMistakes();
    await this.control.call('DELETE', 'requests');
    await this.control.post(`snapshots/${segment(saved.name)}/restore`);
  }
}

function report(checks, what, allow, requests) {
  if (requests.length === 0) return;
  const lines = requests.slice(0, SHOWN);
  if (requests.length > SHOWN) lines.push(`  and ${requests.length - SHOWN} more`);
  checks.failures.push(`the client ${what}:\n${lines.join('\n')}\nallow with ${allow}`);
}

function asCall(call, parameters) {
  if (!(call instanceof Call)) return new Call(call, parameters);
  return Object.entries(parameters).reduce((matcher, [name, value]) => matcher.with(name, value), call);
}

/** FILE:LINE of the test that called the kit. */
function placeOf() {
  const lines = new Error().stack.split('\n').slice(1);
  const line = lines.find((one) => !one.includes(__dirname + path.sep) || one.includes(path.join(__dirname, 'test') + path.sep)) ?? '';
  const found = /([^/\\(]+):(\d+):\d+\)?$/.exec(line.trim());
  return found ? `${found[1]}:${found[2]}` : 'a place unknown';
}

/** Amounts of money are equal as text and as number, and absent members to nothing. */
function comparable(value) {
  if (typeof value === 'string' && /^-?\d+(\.\d+)?$/.test(value)) return Number(value);
  if (value === false || value === null || (Array.isArray(value) && value.length === 0)) return undefined;
  return value;
}

/** Whom this process trusts without the kit. */
function trusted() {
  const extra = process.env.NODE_EXTRA_CA_CERTS;
  const readable = extra && fs.statSync(extra, { throwIfNoEntry: false })?.isFile();
  return readable ? [...tls.rootCertificates, fs.readFileSync(extra, 'utf8')] : [...tls.rootCertificates];
}

/** The official SDK of the project under test, which may be elsewhere than this package. */
async function loadSDK() {
  const { createRequire } = require('node:module');
  for (const from of [path.join(process.cwd(), 'package.json'), __filename]) {
    try {
      return createRequire(from)('@voximplant/apiclient-nodejs');
    } catch (error) {
      if (error.code !== 'MODULE_NOT_FOUND') throw error;
    }
  }
  throw new Failure('sdk() needs the official client: npm install --save-dev @voximplant/apiclient-nodejs');
}

module.exports = { Fault, START, Voxemu };
