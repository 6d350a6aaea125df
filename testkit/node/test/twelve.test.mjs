// The same twelve tests as testkit/twelve_test.go: what a user writes in JavaScript.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Voxemu } from '@voxemu/voxemu';

// The client of the tests.
async function api(emu, method, parameters) {
  const body = new URLSearchParams({ ...parameters, account_id: emu.accountId, api_key: emu.apiKey });
  const reply = await fetch(`${emu.url}/platform_api/${method}`, { method: 'POST', body });
  if (!reply.ok) throw new Error(`HTTP ${reply.status}`);
  return reply.json();
}

const create = (emu, proxy = 'sip.example.com') => api(emu, 'CreateSipRegistration', { sip_username: 'sales', proxy });

test('created', async (t) => {
  const emu = await Voxemu.start({ after: t });
  const created = await create(emu);
  assert.equal((await emu.registration(created.sip_registration_id)).state, 'successful');
  assert.equal((await emu.account()).balance, 99);
  await emu.expect('CreateSipRegistration', { proxy: 'sip.example.com' }).once();
});

test('refused by the PBX', async (t) => {
  const emu = await Voxemu.start({ after: t });
  const created = await create(emu, 'sip-403.test');
  assert.equal((await emu.registration(created.sip_registration_id)).status_code, 403);
});

test('lost answer', async (t) => {
  const emu = await Voxemu.start({ after: t });
  await emu.fail('CreateSipRegistration', { close: {} }, { after: true, times: 1 });
  await assert.rejects(create(emu));
  assert.equal((await emu.registrations()).length, 5);
});

test('second call fails', async (t) => {
  const emu = await Voxemu.start({ after: t });
  await emu.fail('CreateSipRegistration', 'INSUFFICIENT_MONEY', { nth: 2 });
  await create(emu);
  assert.equal((await create(emu)).error.code, 127);
  await emu.expect('CreateSipRegistration').failedWith('INSUFFICIENT_MONEY').once();
});

test('too many requests', async (t) => {
  const emu = await Voxemu.start({ after: t });
  await emu.fail('*', { http: { status: 429 } }, { times: 1 });
  await assert.rejects(create(emu), /429/);
  await create(emu);
});

test('renewed', async (t) => {
  const emu = await Voxemu.start({ after: t });
  const id = (await create(emu)).sip_registration_id;
  const before = (await emu.registration(id)).next_subscription_renewal;
  await emu.advance('1mo');
  assert.ok((await emu.registration(id)).next_subscription_renewal > before);
});

test('frozen and paid', async (t) => {
  const scenario = 'extends: empty\naccounts: [{id: 1, name: demo, api_key: demo-key, balance: 1.00}]\n';
  const emu = await Voxemu.start({ scenario, after: t });
  const id = (await create(emu)).sip_registration_id;
  await emu.advance('32d');
  assert.equal((await emu.registration(id)).deactivated, true);
  await emu.topUp('10.00');
  assert.equal((await emu.registration(id)).deactivated, false);
});

test('answer later', async (t) => {
  const emu = await Voxemu.start({ after: t });
  const id = (await create(emu)).sip_registration_id;
  await emu.answer(id, 503);
  assert.equal((await emu.registration(id)).status_code, 503);
});

test('callback', async (t) => {
  const emu = await Voxemu.start({ after: t });
  const sink = await emu.callbackSink();
  await emu.answer(1, 403);
  await emu.settle();
  assert.deepEqual(sink.received.map((callback) => callback.type), ['sip_registration_fail']);
});

test('login', async (t) => {
  const emu = await Voxemu.start({ after: t });
  const { id } = await emu.addRegistration({ non_persistent: true, application_id: 123, user_id: 123 });
  await emu.login(123);
  assert.equal((await emu.registration(id)).state, 'successful');
  await emu.logout(123);
  assert.equal((await emu.registration(id)).state, 'offline');
});

test('scenario', async (t) => {
  const scenario = { extends: 'empty', registrations: [{ id: 9, sip_username: 'a', proxy: 'b' }] };
  const emu = await Voxemu.start({ scenario, after: t });
  await api(emu, 'DeleteSipRegistration', { sip_registration_id: 9 });
  await emu.requireState({ registrations: [] });
});

test('table', async (t) => {
  const emu = await Voxemu.start({ after: t });
  const before = await emu.snapshot();
  for (const status of [403, 404, 503]) {
    await emu.restore(before);
    const created = await create(emu, `sip-${status}.test`);
    assert.equal(created.sip_registration_id, 5);
    assert.equal((await emu.registration(5)).status_code, status);
    await emu.expect('CreateSipRegistration').once();
  }
});
