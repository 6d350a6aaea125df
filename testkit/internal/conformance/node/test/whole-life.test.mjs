// A program from beginning to end, from an empty account and back to it.
import test, { after } from 'node:test';
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const control = `http://${process.env.VOXIMPLANT_EMULATOR_HOST}/_voxemu/`;

async function ask(path, body) {
  const answer = await fetch(control + path, body && { method: 'POST', body: JSON.stringify(body) });
  const text = await answer.text();
  assert.equal(answer.status, 200, text);
  return JSON.parse(text);
}

const program = join(import.meta.dirname, '../whole-life.mjs');
const folder = mkdtempSync(join(import.meta.dirname, '../whole-life-')); // of credentials
after(async () => {
  rmSync(folder, { recursive: true });
  await ask('scenarios', { name: 'demo' });
});

// state is all but what has been and cannot be undone: the history, and the money that was charged.
async function state() {
  const { audit_log, transactions, ...rest } = await ask('state?format=json&secrets=true');
  const balances = rest.accounts.map((account) => Number(account.balance));
  for (const account of rest.accounts) delete account.balance;
  return { history: { audit_log, transactions }, money: balances.reduce((sum, balance) => sum + balance), rest };
}

const accounts = {
  'the account of the scenario empty': async () => ({
    account_id: 1, api_key: 'demo-key', credentials: await ask('keys/owner-key/credentials', {}),
  }),
  'a fresh account': () => ask('accounts', {}),
};
const identities = {
  'an api key': ({ account_id, api_key }) => ({ VOXIMPLANT_ACCOUNT_ID: String(account_id), VOXIMPLANT_API_KEY: api_key }),
  'a service-account key': ({ credentials }) => {
    const path = join(folder, 'credentials.json');
    writeFileSync(path, JSON.stringify(credentials));
    return { VOXIMPLANT_CREDENTIALS: path };
  },
};
for (const [where, account] of Object.entries(accounts)) {
  for (const [how, identify] of Object.entries(identities)) {
    test(`${where}, by ${how}, is left as it was`, async () => {
      await ask('scenarios', { name: 'empty' });
      const identity = identify(await account());
      const before = await state();
      assert.equal(before.rest.applications, undefined, 'it is empty');
      const out = execFileSync(process.execPath, [program], { env: { ...process.env, ...identity }, encoding: 'utf8' });
      assert.equal(out, [
        'gordon pbx.example.com gordon true 200',
        'alyx sip-403.test undefined false 403',
        'on hold: -1 USD, -1 USD',
        'deleted: 2 left: 0',
        '',
      ].join('\n'));
      const after = await state();
      assert.deepEqual(after.rest, before.rest);
      assert.equal(before.money - after.money, 2, 'each deleted registration costs its month');
      assert.notDeepEqual(after.history, before.history);
    });
  }
}
