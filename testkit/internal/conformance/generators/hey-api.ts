import { client } from './api/client.gen.js';
import { createSipRegistration, deleteSipRegistration, getSipRegistrations } from './api/index.js';
import { client as controlClient } from './control/client.gen.js';
import { listAccounts } from './control/index.js';

client.setConfig({ baseUrl: process.env.URL! });
// The option auth would do, but version 0.95 loses credentials in the query of an
// operation without query parameters: setAuthParams sets them on a copy of its options.
client.interceptors.request.use((request) => new Request(request.url + '?account_id=1&api_key=demo-key', request));
controlClient.setConfig({ baseUrl: process.env.URL! });

const list = await getSipRegistrations({ body: { status_code: '200;403', deactivated: false } });
if (list.data && 'result' in list.data) {
  console.log('list', list.data.result.map((r) => r.sip_registration_id).join());
}
const created = await createSipRegistration({ body: { sip_username: 'JohnGalt', proxy: 'sip.example.com' } });
if (!created.data || 'error' in created.data) throw new Error(JSON.stringify(created.data));
console.log('create', created.data.sip_registration_id);
const refused = await createSipRegistration({ body: { sip_username: '', proxy: 'sip.example.com' } });
if (refused.data && 'error' in refused.data) {
  console.log('error', refused.data.error.code);
}
const deleted = await deleteSipRegistration({ body: { sip_registration_id: created.data.sip_registration_id } });
if (deleted.data && 'result' in deleted.data) {
  console.log('delete', deleted.data.result);
}
const accounts = await listAccounts();
console.log('control', accounts.data?.accounts[0].name);
