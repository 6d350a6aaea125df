// The account, its history, keys and safety with the SDK.
import test from 'node:test';
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { client, refused, resetBeforeEach } from './client.mjs';

const { Accounts, AuthorizedIPs, History, RoleSystem, SIPWhiteList } = await client('owner-key');
resetBeforeEach();

const done = (reply) => assert.equal(reply.result, 1, JSON.stringify(reply));

test('the account leads back to the emulator', async () => {
  const { result, apiAddress } = await Accounts.getAccountInfo({ returnLiveBalance: true });
  assert.deepEqual([result.accountId ?? result.account_id, apiAddress], [1, process.env.VOXEMU_TLS_HOST]);
  done(await Accounts.setAccountInfo({ callbackUrl: 'https://example.com/callbacks', callbackSalt: 'pepper' }));
});

test('prices, rates and what will be charged', async () => {
  const { result: [price] } = await Accounts.getSubscriptionPrice({ subscriptionTemplateType: 'SIP_REGISTRATION' });
  assert.deepEqual([price.price, price.period], [1, '0-1-0 0:0:0']);
  assert.deepEqual((await Accounts.getCurrencyRate({ currency: 'EUR;USD' })).result, { EUR: 0.9, USD: 1 });
  assert.equal(typeof (await Accounts.getMoneyAmountToCharge({})).result.amount, 'number');
});

test('a new key in a list is read by the SDK, one without is not', async () => {
  const load = (body) => fetch(`http://${process.env.VOXIMPLANT_EMULATOR_HOST}/_voxemu/scenarios`, { method: 'POST', body: JSON.stringify(body) });
  await assert.rejects(RoleSystem.createKey({ keyName: 'object' }), TypeError);
  assert.equal((await load({ name: 'demo', yaml: 'behaviour: {created_key: list}' })).status, 200);
  try {
    const { result: [key] } = await RoleSystem.createKey({ keyName: 'listed', roleName: 'Accountant' });
    assert.deepEqual([key.accountId, key.accountEmail], [1, 'demo@example.com']);
    const credentials = join(process.env.VOXEMU_CREDENTIALS_DIR, 'listed-key.json');
    writeFileSync(credentials, JSON.stringify({ account_email: key.accountEmail, account_id: key.accountId, key_id: key.keyId, private_key: key.privateKey }));
    const mine = await client('listed-key', credentials);
    assert.equal((await mine.History.getTransactionHistory({ isUncommitted: true })).count, 3);
  } finally {
    await load({ name: 'demo' });
  }
});

test('a new key works at once', async () => {
  // The SDK's type of this one reply is a list, which the documentation and its own README contradict (A85).
  const query = new URLSearchParams({ account_id: 1, api_key: 'demo-key', key_name: 'books', role_name: 'Accountant' });
  const { result } = await (await fetch(`http://${process.env.VOXIMPLANT_EMULATOR_HOST}/platform_api/CreateKey?${query}`)).json();
  const credentials = join(process.env.VOXEMU_CREDENTIALS_DIR, 'new-key.json');
  writeFileSync(credentials, JSON.stringify(result)); // as it came
  const mine = await client('new-key', credentials);
  assert.equal((await mine.History.getTransactionHistory({ isUncommitted: true })).count, 3);
  const keyId = result.key_id;
  done(await RoleSystem.setKeyRoles({ keyId, roleId: [5] }));
  assert.equal((await RoleSystem.getKeyRoles({ keyId })).result.length, 2);
  done(await RoleSystem.removeKeyRoles({ keyId, roleName: 'Accountant' }));
  done(await RoleSystem.updateKey({ keyId, description: 'for the books' }));
  done(await RoleSystem.deleteKey({ keyId }));
  refused(await RoleSystem.deleteKey({ keyId }), 433, 'key_id');
});

test('addresses and networks', async () => {
  done(await AuthorizedIPs.addAuthorizedAccountIP({ authorizedIp: '198.51.100.0/24', allowed: false }));
  assert.equal((await AuthorizedIPs.checkAuthorizedAccountIP({ authorizedIp: '198.51.100.7' })).result, false);
  assert.equal((await AuthorizedIPs.getAuthorizedAccountIPs({})).totalCount, 1);
  done(await AuthorizedIPs.delAuthorizedAccountIP({ containsIp: '198.51.100.7' }));
  const { sipWhitelistId } = await SIPWhiteList.addSipWhiteListItem({ sipWhitelistNetwork: '192.0.2.5/24' });
  assert.equal((await SIPWhiteList.getSipWhiteList({ sipWhitelistId })).result[0].sipWhitelistNetwork, '192.0.2.0/24');
  done(await SIPWhiteList.delSipWhiteListItem({ sipWhitelistId }));
  const hour = 3_600_000;
  const today = { fromDate: new Date(Date.now() - hour), toDate: new Date(Date.now() + hour) };
  assert.equal((await History.getAuditLog({ ...today, filteredCmd: 'AddSipWhiteListItem' })).count, 1);
});
