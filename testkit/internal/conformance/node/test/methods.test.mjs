// What each method does when all is well.
import test from 'node:test';
import assert from 'node:assert/strict';
import { as, ids, listed, resetBeforeEach } from './client.mjs';

const sip = await as('owner-key');
resetBeforeEach();

test('create returns the account and registers before the next call', async () => {
  const reply = await sip.createSipRegistration({
    sipUsername: 'Renée Müller 日本', proxy: 'pbx.example.com:5061', authUser: 'auth', outboundProxy: 'out.example.com',
    password: 'p;a&s=s w%rd', isPersistent: true, applicationName: 'shop', ruleId: 7890, userName: 'bob',
  });
  assert.equal(reply.result, 1);
  assert.deepEqual(reply.accountInfo, { accountId: 1, balance: 99, currency: 'USD' });
  const row = await listed(sip, reply.sipRegistrationId);
  const { lastUpdated, purchaseDate, nextSubscriptionRenewal, ...rest } = row;
  assert.deepEqual(rest, {
    sipRegistrationId: reply.sipRegistrationId, sipUsername: 'Renée Müller 日本', proxy: 'pbx.example.com:5061',
    authUser: 'auth', outboundProxy: 'out.example.com', successful: true, statusCode: 200, deactivated: false,
    subscriptionPrice: '1.00', isPersistent: true, userId: 12345, userName: 'bob',
    applicationId: 4567, applicationName: 'shop.demo.voximplant.com', ruleId: 7890, ruleName: 'inbound',
  });
  assert.equal(typeof lastUpdated, 'number');
  assert.match(String(purchaseDate), /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/);
  assert.match(String(nextSubscriptionRenewal), /^\d{4}-\d\d-\d\d$/);
});

test('the demo has a registration in every state', async () => {
  const { result: [first, second, third, fourth] } = await sip.getSipRegistrations({});
  assert.deepEqual([first.successful, first.statusCode, first.applicationId], [true, 200, 123]);
  assert.deepEqual([second.successful, second.statusCode, second.errorMessage], [false, 403, 'Forbidden']);
  assert.deepEqual([third.successful, third.statusCode, third.deactivated], [undefined, undefined, false]);
  assert.deepEqual([fourth.successful, fourth.statusCode, fourth.deactivated], [undefined, undefined, true]);
});

test('update changes what is given and leaves the rest', async () => {
  const before = await listed(sip, 2);
  assert.equal((await sip.updateSipRegistration({ sipRegistrationId: 2, authUser: 'other', sipUsername: '' })).result, 1);
  const after = await listed(sip, 2);
  assert.deepEqual([after.authUser, after.sipUsername, after.proxy], ['other', before.sipUsername, before.proxy]);
  assert.equal(after.successful, true, 'new credentials start the registration over');
});

test('a user holds one registration; the previous one is unbound silently', async () => {
  await sip.bindSipRegistration({ sipRegistrationId: 2, applicationId: 123, userId: 123, bind: true });
  await sip.bindSipRegistration({ sipRegistrationId: 3, applicationName: 'myapp', userName: 'alice', bind: true });
  assert.equal((await listed(sip, 2)).userId, undefined);
  assert.equal((await listed(sip, 2)).applicationId, 123);
  assert.equal((await listed(sip, 3)).userName, 'alice');
});

test('unbinding by registration, by user alone, by application alone', async () => {
  const bind = () => sip.bindSipRegistration({ sipRegistrationId: 2, applicationId: 123, ruleId: 1, userId: 123, bind: true });
  const bound = async () => {
    const row = await listed(sip, 2);
    return [row.applicationId, row.ruleId, row.userId];
  };
  for (const [request, want] of [
    [{ sipRegistrationId: 2, bind: false }, [undefined, undefined, undefined]],
    [{ userId: 123, bind: false }, [123, 1, undefined]],
    [{ applicationId: 123, bind: false }, [undefined, undefined, undefined]],
  ]) {
    await bind();
    assert.equal((await sip.bindSipRegistration(request)).result, 1);
    assert.deepEqual(await bound(), want);
  }
});

test('delete removes', async () => {
  assert.equal((await sip.deleteSipRegistration({ sipRegistrationId: 2 })).result, 1);
  assert.deepEqual(ids(await sip.getSipRegistrations({})), [1, 3, 4]);
});
