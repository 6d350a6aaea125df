// This test must fail: its client sends a parameter that the API does not have.
import { onTestFinished, test } from 'vitest';
import { Voxemu } from '@voxemu/voxemu';

test('a mistake', async () => {
  const emu = await Voxemu.start({ after: onTestFinished });
  await fetch(`${emu.url}/platform_api/GetSipRegistrations?colour=red&account_id=${emu.accountId}&api_key=${emu.apiKey}`);
});
