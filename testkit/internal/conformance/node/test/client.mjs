// What the tests share: clients of the official SDK, and the reset.
import { join } from 'node:path';
import { beforeEach } from 'node:test';
import assert from 'node:assert/strict';
import sdk from '@voximplant/apiclient-nodejs';

const host = process.env.VOXEMU_TLS_HOST;

// client gives the methods of every section, called with one of the demo's keys.
export function client(key, credentials = join(process.env.VOXEMU_CREDENTIALS_DIR, `${key}.json`)) {
  return new Promise((ready) => {
    const made = new sdk.default({ pathToCredentials: credentials, host });
    made.onReady = () => ready(made);
  });
}

// as gives the SIPRegistration methods.
export async function as(key, credentials) {
  return (await client(key, credentials)).SIPRegistration;
}

// resetBeforeEach makes the tests of a file independent of each other.
export function resetBeforeEach() {
  beforeEach(async () => {
    const answer = await fetch(`http://${process.env.VOXIMPLANT_EMULATOR_HOST}/_voxemu/reset`, { method: 'POST' });
    assert.equal(answer.status, 200);
  });
}

// listed is one registration, as the SDK gives it.
export async function listed(sip, sipRegistrationId) {
  const reply = await sip.getSipRegistrations({ sipRegistrationId });
  assert.equal(reply.count, 1);
  return reply.result[0];
}

export const ids = (reply) => reply.result.map((row) => row.sipRegistrationId);

// refused wants an error of the API; the SDK hands it over as it came.
export function refused(reply, code, field) {
  assert.equal(reply.error?.code, code, JSON.stringify(reply));
  assert.equal(reply.error.field_name, field);
  assert.equal(typeof reply.error.msg, 'string');
  assert.deepEqual(reply.errors[0], reply.error);
}
