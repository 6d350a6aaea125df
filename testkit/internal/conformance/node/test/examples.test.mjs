// The calls of the SDK's own SIPRegistration examples, as printed there.
import test from 'node:test';
import assert from 'node:assert/strict';
import { as, ids, listed, resetBeforeEach } from './client.mjs';

const sip = await as('owner-key');
resetBeforeEach();

test('createSipRegistration_1', async () => {
  const ev = await sip.createSipRegistration({ sipUsername: 'JohnGalt', proxy: 'localhost' });
  assert.equal(ev.result, 1);
  assert.equal(typeof ev.sipRegistrationId, 'number');
});

test('updateSipRegistration_1', async () => {
  const ev = await sip.updateSipRegistration({ sipRegistrationId: '1', sipUsername: 'HedyLamarr', outboundProxy: '12' });
  assert.equal(ev.result, 1);
  assert.equal((await listed(sip, 1)).sipUsername, 'HedyLamarr');
});

test('updateSipRegistration_2', async () => {
  assert.equal((await sip.updateSipRegistration({ sipRegistrationId: '1', applicationId: '123' })).result, 1);
});

test('bindSipRegistration_1', async () => {
  assert.equal((await sip.bindSipRegistration({ applicationId: '123', sipRegistrationId: '1', bind: 'true' })).result, 1);
});

test('bindSipRegistration_2', async () => {
  assert.equal((await sip.bindSipRegistration({ userId: '123', bind: 'false' })).result, 1);
});

test('deleteSipRegistration_1', async () => {
  assert.equal((await sip.deleteSipRegistration({ sipRegistrationId: '1' })).result, 1);
  assert.deepEqual(ids(await sip.getSipRegistrations({})), [2, 3, 4]);
});

test('getSipRegistrations_1', async () => {
  const ev = await sip.getSipRegistrations({});
  assert.equal(ev.count, 4);
  assert.deepEqual(ids(ev), [1, 2, 3, 4]);
});

test('the program in the README', async () => {
  const { execFileSync } = await import('node:child_process');
  const { join } = await import('node:path');
  const env = { ...process.env, VOXIMPLANT_CREDENTIALS: join(process.env.VOXEMU_CREDENTIALS_DIR, 'owner-key.json') };
  const out = execFileSync(process.execPath, [join(import.meta.dirname, '../example.mjs')], { env, encoding: 'utf8' });
  assert.equal(out, 'true alice\n');
});
