// Starts the emulator's binary, runs the tests against it, stops it.
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout } from 'node:timers/promises';

const KEYS = ['owner-key', 'admin-key', 'developer-key', 'supervisor-key', 'accountant-key', 'support-key'];

const here = import.meta.dirname;
const binary = resolve(process.argv[2] ?? join(here, '../../../../bin/voxemu'));
const home = mkdtempSync(join(tmpdir(), 'voxemu-conformance-'));
const env = { ...process.env, VOXEMU_CONFIG_DIR: join(home, 'config') };

const server = spawn(binary, ['serve', '--addr', '127.0.0.1:0', '--tls-addr', '127.0.0.1:0', '--log-level', 'error'], {
  env, stdio: ['ignore', 'inherit', 'pipe'],
});
const stopped = once(server, 'exit');
let failed = true;
try {
  const { http, https } = await ready(server);
  env.VOXIMPLANT_EMULATOR_HOST = http.host;
  for (const key of KEYS) {
    execFileSync(binary, ['credentials', '--key', key, '--out', join(home, `${key}.json`)], { env });
  }
  execFileSync(binary, ['ca', '--out', join(home, 'ca.pem')], { env });
  Object.assign(env, {
    VOXEMU_CREDENTIALS_DIR: home, VOXEMU_TLS_HOST: https.host, NODE_EXTRA_CA_CERTS: join(home, 'ca.pem'),
  });
  const entries = await follow(env);
  const files = readdirSync(join(here, 'test')).filter((name) => name.endsWith('.test.mjs'));
  const tests = spawn(process.execPath, ['--test', '--test-concurrency=1', ...files.map((name) => join(here, 'test', name))], { env, stdio: 'inherit' });
  const [code] = await once(tests, 'exit');
  const wrong = await wrongInReport(env.VOXIMPLANT_EMULATOR_HOST, entries);
  for (const line of wrong) console.error('report: ' + line);
  failed = code !== 0 || wrong.length > 0;
} finally {
  server.kill('SIGTERM');
  const [code] = await stopped;
  rmSync(home, { recursive: true });
  if (code !== 0) {
    console.error(`the server exited with ${code} on SIGTERM`);
    failed = true;
  }
}
process.exitCode = failed ? 1 : 0;

// follow collects the JSON lines of the journal as they come, because the tests clear it.
async function follow(env) {
  const entries = [];
  const events = spawn(binary, ['events', '--json'], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  createInterface(events.stdout).on('line', (line) => {
    const { event, data } = JSON.parse(line);
    if (event === 'lost') throw new Error(`${data.lost} events are lost`);
    if (event === 'call' || event === 'callback') entries.push(data);
  });
  await once(events.stderr, 'data'); // listening
  return entries;
}

// wrongInReport holds the report of the suite against a count of the journal's JSON lines.
async function wrongInReport(host, entries) {
  const ask = (path) => fetch(`http://${host}/${path}`);
  const report = await (await ask('_voxemu/report')).json();
  const last = `/last-${process.pid}`; // its entry is behind all others
  for (await ask(last.slice(1)); !entries.some((e) => e.path === last);) await setTimeout(10);
  entries.pop();
  const calls = entries.filter((e) => e.kind === 'call');
  const numbers = [['requests', report.requests, calls.length], ['callback_attempts', report.callback_attempts, entries.length - calls.length]];
  const count = (what, item, list, fits) => numbers.push([`${what} ${item.name}`, item.times, list.filter(fits).length]);
  const same = (value, text) => (['true', 'false'].includes(value) ? { 1: 'true', 0: 'false' }[text] ?? text.toLowerCase() : text) === value;
  for (const method of report.methods) {
    const own = calls.filter((e) => e.method === method.name);
    numbers.push([method.name, method.times, own.length]);
    for (const p of method.parameters) {
      count(method.name, p, own, (e) => p.name in (e.parameters ?? {}));
      for (const v of p.values ?? []) count(`${method.name} ${p.name}`, v, own, (e) => e.parameters?.[p.name]?.some((text) => same(v.name, text)));
    }
    for (const error of method.errors) count(method.name, error, own, (e) => e.error === error.name);
  }
  const documented = (e) => report.methods.find((m) => m.name === e.method)?.errors.some((error) => error.name === e.error);
  for (const error of report.errors) count('every method', error, calls, (e) => e.error === error.name && !documented(e));
  for (const kind of report.faults) count('fault', kind, calls, (e) => e.fault_kinds?.includes(kind.name));
  for (const type of report.callbacks) count('callback', type, entries, (e) => e.callback_type === type.name);
  const covered = numbers.filter(([, n]) => n > 0).length;
  console.log(`report: ${numbers.length} numbers, ${covered} above 0, held against ${entries.length} lines of the journal`);
  return numbers.filter(([, got, want]) => got !== want).map(([what, got, want]) => `${what}: ${got}, the journal has ${want}`);
}

// ready waits for the line that names the real ports, and passes the rest on.
function ready(child) {
  return new Promise((found, lost) => {
    createInterface(child.stderr).on('line', (line) => {
      const match = /^voxemu ready http=(\S+) https=(\S+)$/.exec(line);
      if (match) found({ http: new URL(match[1]), https: new URL(match[2]) });
      else console.error(line);
    });
    child.on('exit', (code) => lost(new Error(`the server exited with ${code}`)));
  });
}
