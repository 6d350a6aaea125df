// Connect: lines that point a client here.
import { actions } from './actions.js';
import { call, get, text } from './api.js';
import { card, code, download, field, h, replace, select } from './dom.js';
import { state } from './store.js';

export function view() {
  const account = select([]);
  const key = select([]);
  const lines = h('div', { class: 'stack' });
  const el = h('div', { class: 'view' }, h('div', { class: 'viewhead' }, h('h1', null, 'Connect')));
  let keys = [];
  let secrets = null;

  const show = actions('Secrets', [{
    label: 'Show the api key in the lines', request: { verb: 'GET', path: '/state?format=json&secrets=true', cli: ['state', '--secrets'] },
    run: async () => { secrets = await get('/state?format=json&secrets=true'); draw(); },
  }]);
  const files = actions('Files', [
    {
      label: 'Download credentials.json', primary: true,
      request: () => {
        if (!key.value) throw new Error('the account has no service-account key');
        return { verb: 'POST', path: `/keys/${encodeURIComponent(key.value)}/credentials`, cli: ['credentials', '--key', key.value, '--out', 'credentials.json'] };
      },
      run: async (request) => { download('credentials.json', JSON.stringify(await call('POST', request.path), null, 2), 'application/json'); },
    },
    { label: 'Download the certificate', request: { verb: 'GET', path: '/ca.pem', cli: ['ca', '--out', 'ca.pem'] }, run: async () => { download('ca.pem', await text('/ca.pem'), 'application/x-pem-file'); } },
  ]);
  el.append(h('div', { class: 'columns' },
    h('div', null, card('As whom', h('div', { class: 'fields' }, field('Account', account), field('Service-account key', key)), show),
      card('Credentials and certificate', files, h('p', { class: 'hint' }, 'The SDKs sign with credentials.json. Clients of HTTPS must trust the certificate authority; its key is limited to names of tests.')),
      card('Descriptions', h('p', null, h('a', { href: '../docs/' }, 'Both APIs, with a form for each request'), '. ', h('a', { href: '../../openapi.yaml' }, 'openapi.yaml'), ' for generated clients.'))),
    h('div', null, card('Lines to copy', lines))));
  account.addEventListener('change', () => { drawKeys(); draw(); });
  key.addEventListener('change', () => { files.refresh(); draw(); });

  function drawKeys() {
    const mine = keys.filter((k) => String(k.account_id) === account.value);
    replace(key, mine.map((k) => h('option', { value: k.id }, `${k.id} (${(k.roles ?? []).join(', ')})`)));
    if (mine.some((k) => k.id === 'owner-key')) key.value = 'owner-key';
    files.refresh();
  }

  function draw() {
    const { http, https } = state.health.listeners;
    const base = http ?? https ?? location.origin;
    const host = base.replace('http://', '');
    const tls = https ? https.replace('https://', '') : '';
    const id = account.value || '1';
    const apiKey = secrets?.accounts?.find((a) => String(a.id) === id)?.api_key ?? 'YOUR_API_KEY';
    const chosen = key.value || 'owner-key';
    const env = `eval "$(voxemu env --host ${host} --key ${chosen})"`;
    const all = [
      ['curl', `curl -sS '${base}/platform_api/GetSipRegistrations' \\\n  -d 'account_id=${id}' --data-urlencode 'api_key=${apiKey}'`],
      ['Node, official SDK', `# ${env}\nimport sdk from '@voximplant/apiclient-nodejs';\n\nconst client = new sdk.default({ host: '${tls || 'HOST:PORT of HTTPS'}' }); // reads VOXIMPLANT_CREDENTIALS\nclient.onReady = async () => {\n  console.log(await client.SIPRegistration.getSipRegistrations({}));\n};`],
      ['Python, official SDK', `# ${env}\nimport os\nfrom voximplant.apiclient import VoximplantAPI\n\napi = VoximplantAPI(os.environ["VOXIMPLANT_CREDENTIALS"], os.environ["VOXEMU_TLS_HOST"])\nprint(api.get_sip_registrations(rule_id="any", user_id="any"))`],
      ['Go', `reply, err := http.PostForm("${base}/platform_api/GetSipRegistrations", url.Values{\n\t"account_id": {"${id}"}, "api_key": {"${apiKey}"}})`],
      ['Any program', `voxemu exec -- your-program   # an emulator of its own\n${env}   # or this one`],
    ];
    replace(lines, all.map(([title, text]) => [h('h3', null, title), code(text, title)]));
  }

  async function load() {
    keys = (await get('/keys')).keys;
    const before = account.value;
    const list = [...state.accounts.values()].sort((a, b) => a.account_id - b.account_id).slice(0, 1000);
    replace(account, list.map((a) => h('option', { value: String(a.account_id) }, `${a.account_id} ${a.name}`)));
    account.value = list.some((a) => String(a.account_id) === before) ? before : String(state.account || list[0]?.account_id || '');
    drawKeys();
    draw();
  }

  return {
    title: 'Connect', el,
    update(changed) { if (changed.has('all')) load().catch(() => {}); },
    close() {},
  };
}
