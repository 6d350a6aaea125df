import createClient from 'openapi-fetch';
import type { paths } from './api.js';
import type { paths as control } from './control.js';

const url = process.env.URL!;
const api = createClient<paths>({
  baseUrl: url,
  headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
});
api.use({
  onRequest: ({ request }) => new Request(request.url + '?account_id=1&api_key=demo-key', request),
});

const list = await api.POST('/platform_api/GetSipRegistrations', { body: { status_code: '200;403', deactivated: false } });
if (list.data && 'result' in list.data) {
  console.log('list', list.data.result.map((r) => r.sip_registration_id).join());
}
const created = await api.POST('/platform_api/CreateSipRegistration', { body: { sip_username: 'JohnGalt', proxy: 'sip.example.com' } });
if (!created.data || 'error' in created.data) throw new Error(JSON.stringify(created));
console.log('create', created.data.sip_registration_id);
const refused = await api.POST('/platform_api/CreateSipRegistration', { body: { sip_username: '', proxy: 'sip.example.com' } });
if (refused.data && 'error' in refused.data) {
  console.log('error', refused.data.error.code);
}
const deleted = await api.POST('/platform_api/DeleteSipRegistration', { body: { sip_registration_id: created.data.sip_registration_id } });
if (deleted.data && 'result' in deleted.data) {
  console.log('delete', deleted.data.result);
}
const accounts = await createClient<control>({ baseUrl: url }).GET('/_voxemu/accounts');
console.log('control', accounts.data?.accounts[0].name);
