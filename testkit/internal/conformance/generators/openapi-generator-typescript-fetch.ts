import { Configuration, SIPRegistrationApi } from './api/index.js';
import { AccountsApi, Configuration as ControlConfiguration } from './control/index.js';

const basePath = process.env.URL!;
// The option apiKey would send session_id=undefined as well: it knows one way to log in only.
const api = new SIPRegistrationApi(new Configuration({
  basePath,
  middleware: [{ pre: async ({ url, init }) => ({ url: url + '?account_id=1&api_key=demo-key', init }) }],
}));

const list = await api.getSipRegistrations({ statusCode: '200;403', deactivated: false });
if ('error' in list) throw new Error(list.error.msg);
console.log('list', list.result.map((r) => r.sipRegistrationId).join());
const created = await api.createSipRegistration({ sipUsername: 'JohnGalt', proxy: 'sip.example.com' });
if ('error' in created) throw new Error(created.error.msg);
console.log('create', created.sipRegistrationId);
const refused = await api.createSipRegistration({ sipUsername: '', proxy: 'sip.example.com' });
if ('error' in refused) console.log('error', refused.error.code);
const deleted = await api.deleteSipRegistration({ sipRegistrationId: created.sipRegistrationId });
if ('error' in deleted) throw new Error(deleted.error.msg);
console.log('delete', deleted.result);
const accounts = await new AccountsApi(new ControlConfiguration({ basePath })).listAccounts();
console.log('control', accounts.accounts[0].name);
