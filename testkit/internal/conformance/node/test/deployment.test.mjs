// The calls by which the official deployment tool uploads an application. The tool itself is not on npm.
import test from 'node:test';
import assert from 'node:assert/strict';
import { client, resetBeforeEach } from './client.mjs';

const { Accounts, Applications, Rules, Scenarios } = await client('owner-key');
resetBeforeEach();

const sent = []; // names of the calls that changed something

async function done(call, name) {
  const reply = await call;
  assert.equal(reply.error, undefined, JSON.stringify(reply));
  if (name) sent.push(name);
  return reply;
}

// all lists twice, as the tool does: first for the total, then for as many rows.
async function all(list, request) {
  const { totalCount } = await done(list({ ...request, count: 1 }));
  return totalCount === 0 ? [] : (await done(list({ ...request, count: totalCount }))).result;
}

const rulesOf = (application) => all((r) => Rules.getRules({ ...r, withScenarios: true }), application);

async function scenario(applicationId, scenarioName) {
  const { result } = await done(Scenarios.getScenarios({ scenarioName, withScript: true, applicationId }));
  const found = result.find((row) => row.scenarioName === scenarioName); // a part of a name finds others as well
  if (!found || found.scenarioScript) return found;
  return (await done(Scenarios.getScenarios({ scenarioId: found.scenarioId, withScript: true }))).result[0];
}

async function uploadScenario(applicationId, scenarioName, scenarioScript) {
  const there = await scenario(applicationId, scenarioName);
  if (!there) {
    await done(Scenarios.addScenario({ scenarioName, scenarioScript, applicationId }), 'addScenario');
  } else if (there.scenarioScript !== scenarioScript) {
    await done(Scenarios.setScenarioInfo({ scenarioId: there.scenarioId, requiredScenarioName: scenarioName, scenarioScript }), 'setScenarioInfo');
  }
  return (await scenario(applicationId, scenarioName)).scenarioId;
}

async function uploadRule({ applicationId, applicationName }, rule, wanted, there) {
  const { ruleName, rulePattern } = wanted;
  if (!rule) {
    return done(Rules.addRule({ applicationId, applicationName: '', ruleName, rulePattern, scenarioName: '', scenarioId: there.map((s) => s.id) }), 'addRule');
  }
  if (rule.rulePattern !== rulePattern) await done(Rules.setRuleInfo({ ruleId: rule.ruleId, rulePattern }), 'setRuleInfo');
  const bound = rule.scenarios.map((s) => ({ id: s.scenario_id, name: s.scenario_name })); // the SDK renames outer members only
  if (String(bound.map((s) => s.name)) === String(wanted.scenarios)) return undefined;
  const bind = (scenarios, how) => done(Scenarios.bindScenario({
    scenarioId: scenarios.map((s) => s.id), scenarioName: scenarios.map((s) => s.name).join(';'),
    ruleId: rule.ruleId, ruleName, applicationId, applicationName, bind: how,
  }), how ? 'bind' : 'unbind');
  const gone = bound.filter((s) => !there.some((t) => t.id === s.id));
  if (gone.length > 0) await bind(gone, false);
  return bind(there, true);
}

// upload makes what is on the platform like the rules and the scripts.
async function upload(shortName, rules, scripts) {
  const { accountName } = (await done(Accounts.getAccountInfo({}))).result;
  const applicationName = `${shortName}.${accountName}.voximplant.com`;
  const applications = await all((r) => Applications.getApplications({ ...r, withRules: true }), {});
  const { applicationId } = applications.find((row) => row.applicationName === applicationName)
    ?? await done(Applications.addApplication({ applicationName }), 'addApplication'); // by the full name
  const application = { applicationId, applicationName };
  const before = await rulesOf(application);
  for (const wanted of rules) {
    const there = [];
    for (const name of wanted.scenarios) there.push({ id: await uploadScenario(applicationId, name, scripts[name]), name });
    await uploadRule(application, before.find((row) => row.ruleName === wanted.ruleName), wanted, there);
  }
  const ids = (await rulesOf(application)).map((row) => [row.ruleName, row.ruleId]);
  const order = rules.map((wanted) => Object.fromEntries(ids)[wanted.ruleName]);
  if (String(order) !== String(ids.map(([, id]) => id))) await done(Rules.reorderRules({ ruleId: order }), 'reorderRules');
  return application;
}

// uploaded is what is there: rules in order with their patterns and scenarios, and the scripts.
async function uploaded(application) {
  const rules = (await rulesOf(application)).map((row) => ({
    ruleName: row.ruleName, scenarios: row.scenarios.map((s) => s.scenario_name), rulePattern: row.rulePattern,
  }));
  const scripts = {};
  for (const { scenarioName } of await all(Scenarios.getScenarios, { applicationId: application.applicationId })) {
    scripts[scenarioName] = (await scenario(application.applicationId, scenarioName)).scenarioScript;
  }
  return { rules, scripts };
}

test('the official deployment tool uploads an application, changes it, and its tests remove it', async () => {
  sent.length = 0;
  let rules = [
    { ruleName: 'first-rule', scenarios: ['second', 'first'], rulePattern: 'ONE_.*' },
    { ruleName: 'second-rule', scenarios: ['first'], rulePattern: 'TWO_.*' },
  ];
  let scripts = { first: 'const first = 1;', second: 'const second = 2;' };
  const application = await upload('tool', rules, scripts);
  assert.deepEqual(await uploaded(application), { rules, scripts });
  assert.deepEqual(sent.splice(0), ['addApplication', 'addScenario', 'addScenario', 'addRule', 'addRule']);

  assert.deepEqual(await upload('tool', rules, scripts), application);
  assert.deepEqual(sent.splice(0), []); // nothing has changed

  scripts = { ...scripts, first: 'const first = 1.1;', third: '// new' };
  rules = [{ ...rules[1], rulePattern: '.*' }, { ...rules[0], scenarios: ['third', 'first'] }];
  await upload('tool', rules, scripts);
  assert.deepEqual(sent.splice(0), ['setScenarioInfo', 'setRuleInfo', 'addScenario', 'unbind', 'bind', 'reorderRules']);
  const now = await uploaded(application);
  assert.deepEqual(now.rules.map((r) => [r.ruleName, r.rulePattern]), [['second-rule', '.*'], ['first-rule', 'ONE_.*']]);
  assert.deepEqual(now.rules.map((r) => r.scenarios.toSorted()), [['first'], ['first', 'third']]);
  assert.deepEqual(now.scripts, scripts);

  const { scenarioId } = await scenario(application.applicationId, 'first');
  await done(Scenarios.delScenario({ scenarioId, scenarioName: 'first' }));
  await done(Applications.delApplication({ applicationId: application.applicationId, applicationName: 'tool' }));
  assert.equal((await done(Applications.getApplications({ applicationName: 'tool' }))).totalCount, 0);
});
