// Applications, users, rules and scenarios with the SDK, and the calls of its own examples.
import test from 'node:test';
import assert from 'node:assert/strict';
import { client, refused, resetBeforeEach } from './client.mjs';

const { Applications, Users, Rules, Scenarios, SIPRegistration } = await client('owner-key');
resetBeforeEach();

const done = (reply) => assert.equal(reply.result, 1, JSON.stringify(reply));

test('a program builds what a registration is bound to, and leaves nothing behind', async () => {
  const app = await Applications.addApplication({ applicationName: 'myapp1' });
  assert.equal(app.applicationName, 'myapp1.demo.voximplant.com');
  const { applicationId } = app;
  const { scenarioId } = await Scenarios.addScenario({ scenarioName: 'call_scenario', scenarioScript: 'var s="hello";', applicationId });
  const { ruleId } = await Rules.addRule({ applicationId, ruleName: 'allowall', rulePattern: '.*', scenarioId });
  const { userId } = await Users.addUser({ userName: 'gordon', userDisplayName: 'Gordon Freeman', userPassword: 'Pa55-word', applicationId });
  const { sipRegistrationId } = await SIPRegistration.createSipRegistration({ sipUsername: 'a', proxy: 'b', applicationId, ruleId, userId });
  done(await Applications.delApplication({ applicationId }));
  for (const reply of [
    await Rules.getRules({ applicationId: 123, ruleId }), await Users.getUsers({ applicationId: 123, userId }), await Scenarios.getScenarios({ scenarioId }),
  ]) assert.deepEqual([reply.totalCount, reply.count], [0, 0]);
  const [left] = (await SIPRegistration.getSipRegistrations({ sipRegistrationId })).result;
  assert.deepEqual([left.applicationId, left.ruleId, left.userId], [undefined, undefined, undefined]);
});

test('lists say how many rows there are and how many they return', async () => {
  const { result: [first], totalCount, count } = await Applications.getApplications({ withScenarios: true, count: 1 });
  assert.deepEqual([first.applicationId, first.applicationName, totalCount, count], [123, 'myapp.demo.voximplant.com', 2, 1]);
  assert.match(String(first.modified), /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/);
});

test('the examples of the SDK, with ids of the demo', async () => {
  done(await Applications.setApplicationInfo({ applicationId: '123', applicationName: 'myapp11' }));
  assert.equal((await Applications.getApplications({ offset: '1', count: '2' })).count, 1);
  assert.equal((await Users.getUsers({ applicationId: '123', count: '2' })).result[0].userName, 'alice');
  done(await Users.delUser({ userId: 'all', applicationName: 'myapp11' }));
  done(await Users.delUser({ userId: '12345' }));
  const { result } = await Rules.getRules({ applicationId: '123', template: '74951234567', withScenarios: 'true', count: '1' });
  assert.equal(result[0].ruleId, 1);
  done(await Rules.reorderRules({ ruleId: '2;1' }));
  done(await Rules.setRuleInfo({ ruleId: '1', ruleName: 'denyall', rulePatternExclude: '.*' }));
  done(await Scenarios.bindScenario({ scenarioId: '1;2', ruleId: '1' }));
  done(await Scenarios.reorderScenarios({ ruleId: '1', scenarioId: '1;2' }));
  assert.equal((await Scenarios.getScenarios({ offset: '1', count: '2' })).totalCount, 2);
  done(await Rules.delRule({ ruleId: '1' }));
  done(await Rules.delRule({ ruleId: 'all', applicationId: 'all' }));
  done(await Scenarios.delScenario({ scenarioId: 'all' }));
  done(await Applications.delApplication({ applicationId: 'all' }));
});

for (const [why, call, code, field] of [
  ['an application of this name', () => Applications.addApplication({ applicationName: 'shop' }), 129, 'application_name'],
  ['a capital letter', () => Applications.addApplication({ applicationName: 'Shop' }), 107, 'application_name'],
  ['a user of this name', () => Users.addUser({ userName: 'alice', userDisplayName: 'a', userPassword: 'Pa55-word', applicationId: 123 }), 118, 'user_name'],
  ['a weak password', () => Users.addUser({ userName: 'carol', userDisplayName: 'a', userPassword: '1234567', applicationId: 123 }), 112, 'user_password'],
  ['a rule of this name', () => Rules.addRule({ applicationId: 123, ruleName: 'inbound', rulePattern: '.*' }), 175, 'rule_name'],
  ['a scenario of this name', () => Scenarios.addScenario({ scenarioName: 'greeting' }), 133, 'scenario_name'],
  ['rules of two applications', () => Rules.reorderRules({ ruleId: '1;7890' }), 147, 'rule_id'],
  ['nothing to delete', () => Rules.delRule({ applicationId: 123 }), 147, 'rule_id'],
]) {
  test(`refused: ${why}`, async () => refused(await call(), code, field));
}
