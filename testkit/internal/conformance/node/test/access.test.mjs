// Who may call what, and whose tokens are believed.
import test from 'node:test';
import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { as, refused, resetBeforeEach } from './client.mjs';

resetBeforeEach();

const calls = {
  createSipRegistration: [{ sipUsername: 'a', proxy: 'pbx.example.com' }, 'owner admin accountant'],
  updateSipRegistration: [{ sipRegistrationId: 1, sipUsername: 'b' }, 'owner admin developer'],
  bindSipRegistration: [{ sipRegistrationId: 1, applicationId: 123, bind: true }, 'owner admin developer'],
  deleteSipRegistration: [{ sipRegistrationId: 1 }, 'owner admin'],
  getSipRegistrations: [{}, 'owner admin developer supervisor accountant support'],
};
for (const role of ['owner', 'admin', 'developer', 'supervisor', 'accountant', 'support']) {
  const sip = await as(`${role}-key`);
  for (const [method, [request, allowed]] of Object.entries(calls)) {
    test(`${method} as ${role}`, async () => {
      const reply = await sip[method](request);
      if (allowed.split(' ').includes(role)) assert.ok(reply.result, JSON.stringify(reply));
      else refused(reply, 100, undefined);
    });
  }
}

// changed writes credentials that differ from the owner's.
function changed(name, change) {
  const dir = process.env.VOXEMU_CREDENTIALS_DIR;
  const credentials = JSON.parse(readFileSync(join(dir, 'owner-key.json'), 'utf8'));
  const path = join(dir, `${name}.json`);
  writeFileSync(path, JSON.stringify({ ...credentials, ...change }));
  return path;
}

test('a token signed by a stranger', async () => {
  const { privateKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048, privateKeyEncoding: { type: 'pkcs8', format: 'pem' }, publicKeyEncoding: { type: 'spki', format: 'pem' },
  });
  const sip = await as('stranger', changed('stranger', { private_key: privateKey }));
  refused(await sip.getSipRegistrations({}), 100, undefined);
});

test('a token of an unknown key', async () => {
  const sip = await as('unknown', changed('unknown', { key_id: 'nobody' }));
  refused(await sip.getSipRegistrations({}), 100, undefined);
});

test('a token for another account', async () => {
  const sip = await as('other', changed('other', { account_id: 2 }));
  refused(await sip.getSipRegistrations({}), 100, undefined);
});

for (const [why, hours, code] of [['late', -2, 456], ['early', 2, 455]]) {
  test(`a client whose clock is ${why} by two hours`, async () => {
    const sip = await as('owner-key');
    const RealDate = globalThis.Date;
    globalThis.Date = class extends RealDate { // the SDK signs with new Date()
      constructor() { super(RealDate.now() + hours * 3600_000); }
    };
    try {
      refused(await sip.getSipRegistrations({}), code, undefined);
    } finally {
      globalThis.Date = RealDate;
    }
  });
}
