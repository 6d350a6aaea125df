// The official SDK against a real PBX: SIP_PROXY is Kamailio, SIP_CTL its control socket.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { setTimeout as pause } from 'node:timers/promises';
import sdk from '@voximplant/apiclient-nodejs';

const { VOXEMU_TLS_HOST: host, SIP_PROXY: proxy, SIP_CTL: ctl } = process.env;

const client = new sdk.default({ host });
client.onReady = async () => {
  const sip = client.SIPRegistration;
  const { sipRegistrationId } = await sip.createSipRegistration({ sipUsername: 'alice', password: 'wrong', proxy });
  const row = async () => (await sip.getSipRegistrations({ sipRegistrationId })).result[0];
  const failed = await until(row, (r) => r.successful === false);
  assert.deepEqual([failed.statusCode, failed.errorMessage], [403, 'Forbidden']);
  assert.equal(known(), false);
  await sip.updateSipRegistration({ sipRegistrationId, password: 'secret' });
  const registered = await until(row, (r) => r.successful === true);
  assert.equal(registered.statusCode, 200);
  await until(async () => known(), (is) => is);
  await sip.deleteSipRegistration({ sipRegistrationId });
  await until(async () => known(), (is) => !is);
};

// known says whether Kamailio's location table has the user.
function known() {
  return spawnSync('kamcmd', ['-s', `unix:${ctl}`, 'ul.lookup', 'location', 'alice'], { encoding: 'utf8' }).stdout.includes('voxemu-');
}

async function until(read, wanted) {
  for (let tries = 0; tries < 200; tries += 1) {
    const value = await read();
    if (wanted(value)) return value;
    await pause(50);
  }
  throw new Error('waited in vain');
}
