import { expect, onTestFinished, test } from 'vitest';
import { Voxemu } from '@voxemu/voxemu';

test('a lost answer', async () => {
  const emu = await Voxemu.start({ after: onTestFinished });
  await emu.fail('CreateSipRegistration', { close: {} }, { after: true, times: 1 });
  await expect(fetch(`${emu.url}/platform_api/CreateSipRegistration?account_id=${emu.accountId}&api_key=${emu.apiKey}&sip_username=sales&proxy=sip.example.com`)).rejects.toThrow();
  expect(await emu.registrations()).toHaveLength(5);
  await emu.expect('CreateSipRegistration', { proxy: 'sip.example.com' }).once();
});
