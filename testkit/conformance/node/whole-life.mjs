import sdk from '@voximplant/apiclient-nodejs';

// VOXIMPLANT_CREDENTIALS names the credentials, NODE_EXTRA_CA_CERTS the authority to trust.
const client = new sdk.default({ host: process.env.VOXEMU_TLS_HOST ?? '127.0.0.1:15061' });

client.onReady = async () => {
  const { Accounts, Applications, History, Rules, Scenarios, SIPRegistration, Users } = client;
  const done = async (call) => {
    const reply = await call;
    if (reply.error) throw new Error(`${reply.error.code} ${reply.error.msg}`);
    return reply;
  };
  const { result: [price] } = await done(Accounts.getSubscriptionPrice({ subscriptionTemplateType: 'SIP_REGISTRATION' }));
  const { applicationId } = await done(Applications.addApplication({ applicationName: 'whole-life' }));
  const { scenarioId } = await done(Scenarios.addScenario({ scenarioName: 'answer', scenarioScript: '// answers', applicationId }));
  const { ruleId } = await done(Rules.addRule({ applicationId, ruleName: 'inbound', rulePattern: '.*', scenarioId }));
  const { userId } = await done(Users.addUser({ applicationId, userName: 'gordon', userDisplayName: 'Gordon', userPassword: 'Pa55-word' }));

  const { sipRegistrationId } = await done(SIPRegistration.createSipRegistration({ sipUsername: 'gordon', proxy: 'sip.example.com' }));
  await done(SIPRegistration.bindSipRegistration({ sipRegistrationId, applicationId, ruleId, userId, bind: true }));
  await done(SIPRegistration.updateSipRegistration({ sipRegistrationId, proxy: 'pbx.example.com' }));
  const { result: [bound] } = await done(SIPRegistration.getSipRegistrations({ applicationId }));
  const held = await done(History.getTransactionHistory({ isUncommitted: true }));
  await done(SIPRegistration.deleteSipRegistration({ sipRegistrationId }));
  await done(Applications.delApplication({ applicationId })); // with its rule, scenario and user

  const log = await done(History.getAuditLog({ filteredCmd: 'DeleteSipRegistration' }));
  const left = await done(SIPRegistration.getSipRegistrations({}));
  console.log(price.price, bound.proxy, bound.userName, held.count, log.count, left.count); // 1 pbx.example.com gordon 1 1 0
};
