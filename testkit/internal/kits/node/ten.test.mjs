import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Voxemu } from '@voxemu/voxemu';

test('a lost answer', async (t) => {
  const emu = await Voxemu.start({ after: t });
  await emu.fail('CreateSipRegistration', { close: {} }, { after: true, times: 1 });
  await assert.rejects(fetch(`${emu.url}/platform_api/CreateSipRegistration?account_id=${emu.accountId}&api_key=${emu.apiKey}&sip_username=sales&proxy=sip.example.com`));
  assert.equal((await emu.registrations()).length, 5);
  await emu.expect('CreateSipRegistration', { proxy: 'sip.example.com' }).once();
});
