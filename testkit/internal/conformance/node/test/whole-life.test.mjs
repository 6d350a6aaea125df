// The program that the README shows, from an empty account and back to it.
import test, { after } from 'node:test';
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const door = `http://${process.env.VOXIMPLANT_EMULATOR_HOST}/_voxemu/`;

async function ask(path, body) {
  const answer = await fetch(door + path, body && { method: 'POST', body: JSON.stringify(body) });
  const text = await answer.text();
  assert.equal(answer.status, 200, text);
  return JSON.parse(text);
}

// The text that is run is the one that readers see. It stands beside the SDK, where Node finds it.
const folder = mkdtempSync(join(import.meta.dirname, '../whole-life-'));
const program = join(folder, 'whole-life.mjs');
const readme = readFileSync(join(import.meta.dirname, '../../../../../README.md'), 'utf8');
writeFileSync(program, /<!-- whole-life\.mjs[^\n]*\n```js\n(.*?)```\n<!-- end -->/s.exec(readme)[1]);
after(async () => {
  rmSync(folder, { recursive: true });
  await ask('scenarios', { name: 'demo' });
});

// state is all but what has been and cannot be undone: the history.
async function state() {
  const { audit_log, transactions, ...rest } = await ask('state?format=json&secrets=true');
  return { history: { audit_log, transactions }, rest };
}

const accounts = {
  'the account of the scenario empty': async () => ({
    account_id: 1, api_key: 'demo-key', credentials: await ask('keys/owner-key/credentials'),
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
      assert.notDeepEqual(after.history, before.history);
    });
  }
}
