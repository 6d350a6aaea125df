import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import newman from 'newman';
import converter from 'openapi-to-postmanv2';

const run = promisify(newman.run);
const convert = promisify(converter.convert);

async function collection(file) {
  const converted = await convert({ type: 'string', data: readFileSync(file, 'utf8') }, {});
  if (!converted.result) throw new Error(converted.reason);
  return converted.output[0].data;
}

// requests returns all requests of a collection, also those in folders.
const requests = (items) => items.flatMap((item) => (item.item ? requests(item.item) : [item]));

// call runs one request of a collection with other values in its form, and returns the reply.
async function call(all, path, values) {
  const item = structuredClone(requests(all.item).find((i) => i.request.url.path.join('/') === path));
  if (values) {
    const form = item.request.body.urlencoded;
    for (const key of Object.keys(values)) {
      if (!form.some((field) => field.key === key)) throw new Error(`${path} lacks ${key}`);
    }
    item.request.body.urlencoded = form.flatMap((field) =>
      field.key in values ? [{ ...field, value: values[field.key], disabled: false }] : []);
    item.request.auth = { type: 'noauth' };
    item.request.url.query = [{ key: 'account_id', value: '1' }, { key: 'api_key', value: 'demo-key' }];
  }
  const one = { ...all, item: [item], variable: [{ key: 'baseUrl', value: process.env.URL }] };
  const summary = await run({ collection: one, reporters: [] });
  return summary.run.executions[0].response.json();
}

const api = await collection(process.env.API);
const list = await call(api, 'platform_api/GetSipRegistrations', { status_code: '200;403', deactivated: 'false' });
console.log('list', list.result.map((r) => r.sip_registration_id).join());
const created = await call(api, 'platform_api/CreateSipRegistration', { sip_username: 'JohnGalt', proxy: 'sip.example.com' });
console.log('create', created.sip_registration_id);
const refused = await call(api, 'platform_api/CreateSipRegistration', { sip_username: '', proxy: 'sip.example.com' });
console.log('error', refused.error.code);
const deleted = await call(api, 'platform_api/DeleteSipRegistration', { sip_registration_id: String(created.sip_registration_id) });
console.log('delete', deleted.result);
const accounts = await call(await collection(process.env.CONTROL), '_voxemu/accounts');
console.log('control', accounts.accounts[0].name);
