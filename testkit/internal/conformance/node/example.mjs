import sdk from '@voximplant/apiclient-nodejs';

// VOXIMPLANT_CREDENTIALS names the credentials, NODE_EXTRA_CA_CERTS the authority to trust.
const client = new sdk.default({ host: process.env.VOXEMU_TLS_HOST ?? '127.0.0.1:15061' });

client.onReady = async () => {
  const created = await client.SIPRegistration.createSipRegistration({
    sipUsername: 'JohnGalt', proxy: 'sip.example.com', applicationName: 'myapp', ruleName: 'inbound',
  });
  await client.SIPRegistration.bindSipRegistration({
    sipRegistrationId: created.sipRegistrationId, applicationId: 123, userId: 123, bind: true,
  });
  const listed = await client.SIPRegistration.getSipRegistrations({
    sipRegistrationId: created.sipRegistrationId,
  });
  console.log(listed.result[0].successful, listed.result[0].userName); // true alice
  await client.SIPRegistration.deleteSipRegistration({ sipRegistrationId: created.sipRegistrationId });
};
