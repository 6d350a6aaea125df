const { Voxemu } = require('@voxemu/voxemu');

let emu;
beforeEach(async () => { emu = await Voxemu.start(); });
afterEach(() => emu.stop());

test('a lost answer', async () => {
  await emu.fail('CreateSipRegistration', { close: {} }, { after: true, times: 1 });
  await expect(fetch(`${emu.url}/platform_api/CreateSipRegistration?account_id=${emu.accountId}&api_key=${emu.apiKey}&sip_username=sales&proxy=sip.example.com`)).rejects.toThrow();
  expect(await emu.registrations()).toHaveLength(5);
  await emu.expect('CreateSipRegistration', { proxy: 'sip.example.com' }).once();
});

test('the official SDK', async () => {
  const client = await emu.sdk();
  const created = await client.SIPRegistration.createSipRegistration({ sipUsername: 'sales', proxy: 'sip.example.com' });
  expect((await emu.registration(created.sipRegistrationId)).state).toBe('successful');
});
