// How the kit starts, attaches, reports and ends.
import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import https from 'node:https';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import VoxemuByDefault, { Call, NoBinary, NotStarted, START, Voxemu, binary } from '@voxemu/voxemu';

const run = promisify(execFile);
const SALES = 'CreateSipRegistration?sip_username=sales&proxy=sip.example.com';

async function send(emu, query = SALES) {
  return (await fetch(`${emu.url}/platform_api/${query}&account_id=${emu.accountId}&api_key=${emu.apiKey}`)).text();
}

const get = (url, options) =>
  new Promise((resolve, reject) => https.get(url, options, (reply) => reply.resume().on('end', () => resolve(reply.statusCode))).on('error', reject));

function folder(t) {
  const made = mkdtempSync(path.join(tmpdir(), 'voxemu-kit-'));
  t.after(() => rmSync(made, { recursive: true }));
  return made;
}

// set sets environment variables for the length of a test.
function set(t, variables) {
  const before = { ...process.env };
  for (const [name, value] of Object.entries(variables)) {
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
  }
  t.after(() => {
    for (const name of Object.keys(variables)) {
      if (before[name] === undefined) delete process.env[name];
      else process.env[name] = before[name];
    }
  });
}

test('both kinds of modules are one', () => {
  const kit = createRequire(import.meta.url)('@voxemu/voxemu');
  assert.equal(kit.Voxemu, Voxemu);
  assert.equal(VoxemuByDefault, Voxemu);
});

test('scenarios come by name, file, text and object', async (t) => {
  const text = 'extends: empty\nregistrations: [{id: 9, sip_username: a, proxy: b}]\n';
  const file = path.join(folder(t), 'one.yaml');
  writeFileSync(file, text);
  const row = { registrations: [{ id: 9, sip_username: 'a', proxy: 'b' }] };
  for (const [scenario, rows] of [['demo', 4], ['empty', 0], [text, 1], [file, 1], [pathToFileURL(file), 1], [{ extends: 'empty', ...row }, 1], [['empty', row], 1]]) {
    const emu = await Voxemu.start({ scenario });
    assert.equal((await emu.registrations()).length, rows);
    assert.deepEqual(await emu.now(), START);
    await emu.stop();
  }
});

test('a scenario that is not valid is explained', async () => {
  const scenario = 'extends: empty\nregistrations:\n  - {id: 1, sip_usrname: x}\n';
  await assert.rejects(Voxemu.start({ scenario }), (error) => error instanceof NotStarted && /sip_usrname: unknown key; did you mean sip_username/.test(error.message));
  await assert.rejects(Voxemu.start({ scenaro: 'demo' }), /start has no option scenaro; it has scenario/);
});

test('HTTPS is trusted with the agent, the ca and the files of the kit', async (t) => {
  const emu = await Voxemu.start({ after: t });
  assert.equal(await get(emu.tlsUrl + '/_voxemu/health', { agent: emu.agent }), 200);
  assert.equal(await get(emu.tlsUrl + '/_voxemu/health', { ca: emu.ca, agent: false }), 200);
  const child = "fetch('https://' + process.env.VOXEMU_TLS_HOST + '/_voxemu/health').then(() => console.log(process.env.VOXIMPLANT_CREDENTIALS))";
  const { stdout } = await run(process.execPath, ['-e', child], { env: emu.env });
  assert.equal(stdout.trim(), emu.credentialsFile);
  assert.equal(JSON.parse(readFileSync(emu.credentialsFile)).account_id, emu.accountId);
});

test('the official SDK reaches the emulator', async (t) => {
  set(t, { VOXIMPLANT_CREDENTIALS: '/nowhere.json' });
  const emu = await Voxemu.start({ after: t });
  const client = await emu.sdk();
  const created = await client.SIPRegistration.createSipRegistration({ sipUsername: 'sales', proxy: 'sip.example.com' });
  assert.equal((await emu.registration(created.sipRegistrationId)).proxy, 'sip.example.com');
  assert.equal(process.env.VOXIMPLANT_CREDENTIALS, '/nowhere.json');
});

test('a token identifies the account', async (t) => {
  const emu = await Voxemu.start({ after: t });
  const reply = await fetch(`${emu.url}/platform_api/GetSipRegistrations`, { headers: { authorization: 'Bearer ' + (await emu.token()) } });
  assert.ok('result' in (await reply.json()));
  await assert.rejects(emu.token('nobody'), /key "nobody": not found; known: accountant-key, admin-key/);
});

test('attached tests own an account each', async (t) => {
  const server = await Voxemu.start({ after: t, allowUnknown: true });
  set(t, { VOXIMPLANT_EMULATOR_HOST: server.url.replace('http://', '') });
  const one = await Voxemu.start();
  const other = await Voxemu.start();
  assert.equal(new Set([server.accountId, one.accountId, other.accountId]).size, 3);
  await one.fail('CreateSipRegistration', 'INSUFFICIENT_MONEY', { times: 1 });
  assert.match(await send(other), /result/);
  assert.match(await send(one), /127/);
  await send(one, 'GetSipRegistrations?colour=red');
  await one.expect('CreateSipRegistration').failedWith('INSUFFICIENT_MONEY').once();
  await other.expect('CreateSipRegistration').once();
  assert.deepEqual([(await one.registrations()).length, (await other.registrations()).length], [0, 1]);
  assert.equal((await one.addRegistration()).account_id, one.accountId);
  assert.equal(await get(one.tlsUrl + '/_voxemu/health', { ca: one.ca, agent: false }), 200);
  assert.equal(JSON.parse(readFileSync(one.credentialsFile)).account_id, one.accountId);
  await assert.rejects(one.advance('1mo'), /are shared/);
  await assert.rejects(one.stop(), /has no parameter colour/);
  await other.stop();
  assert.deepEqual((await server.control.get('accounts')).accounts.map((account) => account.account_id), [1]);
  const own = await Voxemu.start({ scenario: 'empty', after: t });
  assert.notEqual(own.url, server.url);
});

test('a callback with a wrong hash fails the test', async () => {
  const emu = await Voxemu.start();
  const sink = await emu.callbackSink();
  const body = '{"callbacks":[{"callback_id":1,"type":"x","account_id":1,"hash":"49"}]}';
  assert.equal((await fetch(sink.url, { method: 'POST', body })).status, 400);
  await assert.rejects(emu.stop(), /is not md5/);
});

test('a state that differs is explained', async (t) => {
  const emu = await Voxemu.start({ after: t });
  await assert.rejects(emu.requireState({ accounts: [{ id: 1, currency: 'EUR' }] }), {
    message: 'voxemu: the emulator\'s state differs (-want +got):\n- accounts 1: currency: "EUR"\n+ accounts 1: currency: "USD"',
  });
});

test('requests are found by patterns', async (t) => {
  const emu = await Voxemu.start({ after: t });
  await send(emu);
  const found = await emu.requests(new Call().like('proxy', /\.example\./));
  assert.deepEqual(found.map((request) => request.method), ['CreateSipRegistration']);
  assert.deepEqual(await emu.requests('GetSipRegistrations'), []);
  await assert.rejects(emu.requests('NoSuchMethod'), /no call can match/);
});

test('mistakes are allowed by call', async () => {
  const emu = await Voxemu.start({ allowMistakes: new Call('CreateSipRegistration') });
  await send(emu, 'CreateSipRegistration?sip_username=alice');
  await emu.stop();
  await assert.rejects(Voxemu.start({ allowMistakes: new Call('CreateSipRegistrations') }), /did you mean CreateSipRegistration/);
});

test('the binary is looked for and its absence explained', async (t) => {
  const made = folder(t);
  set(t, { VOXEMU_BINARY: path.join(made, 'none'), PATH: made });
  assert.throws(binary, (error) => error instanceof NoBinary && /there is no such file/.test(error.message));
  delete process.env.VOXEMU_BINARY;
  const script = path.join(made, 'voxemu'); // the package's own command would start itself for ever
  writeFileSync(script, '#!/usr/bin/env node\n');
  chmodSync(script, 0o755);
  const platform = `@voxemu/${process.platform}-${process.arch}`;
  try {
    createRequire(import.meta.url).resolve(platform + '/bin/voxemu');
    assert.match(binary(), /voxemu/); // the package brings it
  } catch {
    assert.throws(binary, new RegExp(`${platform} is not installed, and PATH has no program .*VOXEMU_BINARY`));
    writeFileSync(script, '\x7fELF');
    assert.equal(binary(), script);
  }
});

test('the command runs the program and ends as it does', async () => {
  const command = createRequire(import.meta.url).resolve('@voxemu/voxemu/package.json').replace('package.json', 'cli.cjs');
  assert.match((await run(process.execPath, [command, 'version'])).stdout, /^voxemu version/);
  await assert.rejects(run(process.execPath, [command, 'nonsense']), { code: 2 });
});

// inOwnProcess runs a test file in which a test is expected to fail.
async function inOwnProcess(t, text) {
  const file = path.join(folder(t), 'own.test.mjs');
  const kit = pathToFileURL(createRequire(import.meta.url).resolve('@voxemu/voxemu')).href;
  writeFileSync(file, text.replace('KIT', kit));
  const { NODE_TEST_CONTEXT, ...env } = process.env; // else the reporter speaks to this run
  const child = spawn(process.execPath, ['--test', file], { env });
  let out = '';
  child.stdout.on('data', (part) => (out += part));
  child.stderr.on('data', (part) => (out += part));
  const code = await new Promise((resolve) => child.on('close', resolve));
  return { code, out };
}

test('a test of node:test fails at its end', async (t) => {
  const { code, out } = await inOwnProcess(t, `
    import { test } from 'node:test';
    import kit from 'KIT';
    test('mistake', async (t) => {
      const emu = await kit.Voxemu.start({ after: t });
      await fetch(emu.url + '/platform_api/${SALES}&colour=red&account_id=1&api_key=demo-key');
    });
    test('forgotten', async () => {
      await kit.Voxemu.start(); // neither stopped nor in the way of the end of the process
    });
  `);
  assert.equal(code, 1, out);
  assert.match(out, /has no parameter colour/);
  assert.match(out, /pass 1/);
});

test('the report of all tests agrees with their journals', async (t) => {
  const dir = folder(t);
  const coverage = path.join(dir, 'coverage');
  process.env.VOXEMU_REPORT = coverage;
  t.after(() => delete process.env.VOXEMU_REPORT);
  const requests = [];
  for (const query of [SALES + '&is_persistent=1', 'CreateSipRegistration?sip_username=a', 'GetSipRegistrations?is_persistent=false&colour=red']) {
    const emu = await Voxemu.start({ allowUnknown: true, allowMistakes: true });
    await send(emu, query);
    requests.push(...(await emu.requests()));
    await emu.stop();
  }
  await run(binary(), ['report', '--from', coverage, '--report', coverage]);
  const report = JSON.parse(readFileSync(path.join(coverage, 'report.json'), 'utf8'));
  assert.equal(requests.length, 3);
  assert.equal(report.requests, 3);
  for (const method of report.methods) {
    const own = requests.filter((r) => r.method === method.name);
    assert.equal(method.times, own.length, method.name);
    for (const p of method.parameters) assert.equal(p.times, own.filter((r) => p.name in r.parameters).length, p.name);
    for (const e of method.errors) assert.equal(e.times, own.filter((r) => r.error === e.name).length, e.name);
  }
  assert.deepEqual(report.mistakes.filter((m) => !m.refused).map((m) => m.text), ['GetSipRegistrations has no parameter colour']);
  process.env.VOXEMU_REPORT = 'coverage';
  const emu = await Voxemu.start();
  await assert.rejects(emu.stop(), /VOXEMU_REPORT=coverage: want an absolute path/);
});

test('no emulator outlives a killed test runner', { skip: !existsSync('/proc') && 'reads /proc' }, async (t) => {
  const kit = fileURLToPath(pathToFileURL(createRequire(import.meta.url).resolve('@voxemu/voxemu')));
  const text = `require(${JSON.stringify(kit)}).Voxemu.start().then((emu) => { console.log(emu.process.pid); setInterval(() => {}, 1000); })`;
  const runner = spawn(process.execPath, ['-e', text]);
  const pid = await new Promise((resolve) => runner.stdout.once('data', (line) => resolve(Number(line))));
  assert.ok(existsSync(`/proc/${pid}/exe`));
  runner.kill('SIGKILL');
  while (isRunning(pid)) await sleep(10); // the limit is that of the run
});

function isRunning(pid) {
  try {
    return !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}
