import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sdk from '@voximplant/apiclient-nodejs';

// NODE_EXTRA_CA_CERTS names the authority to trust.
const { VOXEMU_TLS_HOST: host = '127.0.0.1:15061', VOXIMPLANT_CREDENTIALS, VOXIMPLANT_ACCOUNT_ID, VOXIMPLANT_API_KEY } = process.env;

// done gives a reply; the SDK hands the API's errors over like replies.
async function done(call) {
  const reply = await call;
  if (reply.error) throw new Error(`${reply.error.code} ${reply.error.msg}`);
  return reply;
}

// connect reads the credentials of a service-account key: the SDK signs with nothing else.
function connect(pathToCredentials) {
  return new Promise((ready) => { new sdk.default({ pathToCredentials, host }).onReady = ready; });
}

// withAPIKey makes a service-account key by the account's api key, and deletes it afterwards.
async function withAPIKey(work) {
  const body = new URLSearchParams({ account_id: VOXIMPLANT_ACCOUNT_ID, api_key: VOXIMPLANT_API_KEY, role_name: 'Owner' });
  const { result: credentials } = await done((await fetch(`https://${host}/platform_api/CreateKey`, { method: 'POST', body })).json());
  const folder = await mkdtemp(join(tmpdir(), 'whole-life-'));
  await writeFile(join(folder, 'credentials.json'), JSON.stringify(credentials), { mode: 0o600 });
  const client = await connect(join(folder, 'credentials.json'));
  try {
    await work(client);
  } finally {
    await rm(folder, { recursive: true });
    await done(client.RoleSystem.deleteKey({ keyId: credentials.key_id }));
  }
}

async function wholeLife({ Accounts, Applications, History, Rules, Scenarios, SIPRegistration, Users }) {
  const { result: account } = await done(Accounts.getAccountInfo({}));
  const { result: [price] } = await done(Accounts.getSubscriptionPrice({ subscriptionTemplateType: 'SIP_REGISTRATION' }));
  if (account.balance < 2 * (price.installationPrice + price.price)) throw new Error('not enough money for two registrations');

  const { applicationId } = await done(Applications.addApplication({ applicationName: 'whole-life' }));
  const { scenarioId } = await done(Scenarios.addScenario({ scenarioName: 'answer', scenarioScript: '// answers', applicationId }));
  const { ruleId } = await done(Rules.addRule({ applicationId, ruleName: 'inbound', rulePattern: '.*', scenarioId }));
  const { userId } = await done(Users.addUser({ applicationId, userName: 'gordon', userDisplayName: 'Gordon', userPassword: 'Pa55-word' }));

  const { sipRegistrationId } = await done(SIPRegistration.createSipRegistration({ sipUsername: 'gordon', proxy: 'sip.example.com' }));
  const { sipRegistrationId: second } = await done(SIPRegistration.createSipRegistration({ sipUsername: 'alyx', proxy: 'sip-403.test', applicationId }));
  await done(SIPRegistration.bindSipRegistration({ sipRegistrationId, applicationId, ruleId, userId, bind: true }));
  await done(SIPRegistration.updateSipRegistration({ sipRegistrationId, proxy: 'pbx.example.com' }));
  const { result: listed } = await done(SIPRegistration.getSipRegistrations({ applicationId }));
  for (const r of listed) console.log(r.sipUsername, r.proxy, r.userName, r.successful, r.statusCode);

  const hour = 3600_000;
  const today = { fromDate: new Date(Date.now() - hour), toDate: new Date(Date.now() + hour) };
  const { result: held } = await done(History.getTransactionHistory({ ...today, isUncommitted: true }));
  console.log('on hold:', held.map((line) => `${line.amount} ${line.currency}`).join(', '));

  for (const id of [sipRegistrationId, second]) await done(SIPRegistration.deleteSipRegistration({ sipRegistrationId: id }));
  await done(Applications.delApplication({ applicationId })); // with its rule, scenario and user
  const { result: log } = await done(History.getAuditLog({ ...today, filteredCmd: 'DeleteSipRegistration' }));
  const { count } = await done(SIPRegistration.getSipRegistrations({}));
  console.log('deleted:', log.length, 'left:', count);
}

await (VOXIMPLANT_CREDENTIALS ? connect(VOXIMPLANT_CREDENTIALS).then(wholeLife) : withAPIKey(wholeLife));
