// Faults: the armed rules, and a form for a new one.
import { actions } from './actions.js';
import { call, get } from './api.js';
import { card, code, completing, field, h, replace, select, soon, table } from './dom.js';
import { yaml } from './format.js';
import { pill, titleOf } from './pills.js';
import { ruleLike } from './request.js';
import { state } from './store.js';

// The members of each kind: name, example, and values to choose from.
const points = ['nothing', 'headers', 'body'];
const kinds = {
  api_error: [['', 'INSUFFICIENT_MONEY', 'errors']],
  http: [['status', '503', ['429', '500', '502', '503', '504'], Number], ['body', '', null]],
  rate_limit: [['calls', '5', null, Number], ['per', '1s', ['1s', '10s', '1m', '1h']], ['burst', '', null, Number], ['status', '', ['429', '503'], Number]],
  delay: [['fixed', '2s', ['100ms', '1s', '5s', '30s']], ['min', '', null], ['max', '', null]],
  slow_body: [['over', '5s', ['1s', '5s', '30s']], ['chunks', '', null, Number]],
  hang: [], reset: [['after_sending', '', points]], close: [['after_sending', '', points]],
  empty_body: [], truncated_json: [], malformed_json: [], content_type: [['', 'text/html', ['text/html', 'text/plain']]], duplicate_reply: [],
};

const hints = {
  api_error: 'an error of the API instead of the work', http: 'the reply of a proxy in front of the API', rate_limit: 'refuses calls above a rate',
  delay: 'the reply comes late', slow_body: 'the body comes in pieces', hang: 'no reply until the client gives up', reset: 'the connection ends with a TCP reset',
  close: 'the connection is closed', empty_body: 'HTTP 200 without a body', truncated_json: 'half of the reply', malformed_json: 'a wrong bracket at the end',
  content_type: 'another Content-Type', duplicate_reply: 'the reply comes twice',
};

export function view([mode, number]) {
  const armed = h('div', { class: 'stack' });
  const name = h('input', { type: 'text', placeholder: 'fault-1, fault-2 …', pattern: '[A-Za-z0-9._\\-]{1,64}', spellcheck: 'false' });
  const method = completing({ type: 'text', placeholder: 'all methods; * fits any text' }, []);
  const account = h('input', { type: 'number', min: '1', placeholder: 'all' });
  const kind = select(Object.keys(kinds));
  const times = h('input', { type: 'number', min: '1', placeholder: 'without limit' });
  const nth = h('input', { type: 'number', min: '1', placeholder: 'each' });
  const skip = h('input', { type: 'number', min: '1', placeholder: 'none' });
  const probability = h('input', { type: 'number', min: '0', max: '1', step: '0.05', placeholder: 'always' });
  const after = h('input', { type: 'checkbox', id: 'fault-after' });
  const parameters = h('div', { class: 'stack' });
  const members = h('div', { class: 'fields' });
  const hint = h('p', { class: 'hint' });
  const text = code('', 'The rule as YAML');
  const preview = h('div');
  let methods = { methods: [], errors: {}, faults: [] };
  let inputs = [];

  function parameterRow(given = ['', '']) {
    const key = completing({ type: 'text', 'aria-label': 'Name of a parameter', placeholder: 'parameter' }, parameterNames());
    const value = h('input', { type: 'text', 'aria-label': 'Pattern for its value', placeholder: 'pattern, * fits any text', spellcheck: 'false' });
    [key.input.value, value.value] = given;
    const row = h('div', { class: 'pair' }, key, value, h('button', { type: 'button', class: 'quiet', 'aria-label': 'Remove the condition', onclick: () => { row.remove(); changed(); } }, '×'));
    row.read = () => [key.input.value.trim(), value.value];
    row.offer = () => key.offer(parameterNames());
    for (const input of [key.input, value]) input.addEventListener('input', changed);
    parameters.append(row);
  }

  function parameterNames() {
    const fits = methods.methods.filter((m) => !method.input.value || m.name === method.input.value || method.input.value.includes('*'));
    return [...new Set(fits.flatMap((m) => m.parameters.map((p) => p.name)))].sort();
  }

  function drawMembers() {
    hint.textContent = hints[kind.value] ?? '';
    inputs = (kinds[kind.value] ?? []).map(([key, example, values, type]) => {
      const offered = values === 'errors' ? Object.keys(methods.errors).sort() : values ?? [];
      const box = completing({ type: 'text', spellcheck: 'false' }, offered);
      box.input.value = example;
      box.input.addEventListener('input', changed);
      box.input.id = `fault-member-${key || kind.value}`;
      return { key, box, type };
    });
    replace(members, inputs.map(({ key, box }) => h('div', { class: 'field' }, h('label', { for: box.input.id }, key || kind.value), box)));
  }

  function rule() {
    const when = {};
    if (method.input.value.trim()) when.method = method.input.value.trim();
    if (account.value) when.account = Number(account.value);
    const pairs = [...parameters.children].map((row) => row.read()).filter(([key]) => key);
    if (pairs.length) when.parameters = Object.fromEntries(pairs);
    if (nth.value) when.nth = Number(nth.value);
    if (skip.value) when.skip = Number(skip.value);
    if (probability.value) when.probability = Number(probability.value);
    const values = {};
    let scalar = null;
    for (const { key, box, type } of inputs) {
      const value = box.input.value.trim();
      if (value === '') continue;
      if (key) values[key] = type ? type(value) : value;
      else scalar = value;
    }
    return {
      ...(name.value.trim() && { name: name.value.trim() }), ...(Object.keys(when).length && { when }),
      then: { [kind.value]: scalar ?? values }, ...(after.checked && { after: true }), ...(times.value && { times: Number(times.value) }),
    };
  }

  let asked = 0;
  let later = 0;
  function changed() {
    for (const row of parameters.children) row.offer();
    text.set(yaml(rule()).trim());
    buttons.refresh();
    clearTimeout(later);
    later = setTimeout(look, 250);
  }

  async function look() {
    const turn = ++asked;
    let shown;
    try {
      const { requests } = await call('POST', '/faults/preview', rule());
      const taken = requests.filter((v) => !v.unmet);
      const titles = new Map(state.requests.map((r) => [r.number, titleOf(r)]));
      const rows = requests.slice(-60).reverse().map((v) => [h('a', { href: `#requests/${v.request}` }, `#${v.request}`), titles.get(v.request) ?? '', v.unmet ? pill('off', `missed by ${v.unmet}`) : pill('bad', 'takes it')]);
      shown = [h('p', null, `It would have taken ${taken.length} of the last ${requests.length} requests.`),
        table('What the rule would have done', ['Request', 'Method', 'The rule'], rows, 'There were no requests yet.'),
        requests.length > 60 && h('p', { class: 'hint' }, 'The latest 60 are listed.')];
    } catch (e) {
      shown = [h('p', { class: 'bad', role: 'alert' }, e.message)];
    }
    if (turn === asked) replace(preview, shown);
  }

  const buttons = actions('Arm the rule', [{
    label: 'Arm the rule', primary: true, request: () => ({ verb: 'POST', path: '/faults', body: rule(), cli: ['faults', 'add', JSON.stringify(rule())] }),
    done: (f) => `${f.name} is armed.`, after: () => { name.value = ''; load(); changed(); },
  }]);

  for (const input of [name, method.input, account, times, nth, skip, probability, after]) input.addEventListener('input', changed);
  kind.addEventListener('change', () => { drawMembers(); changed(); });

  const presets = h('div', { class: 'buttons', role: 'group', 'aria-label': 'Begin with' }, [
    ['The next create is lost', { when: { method: 'CreateSipRegistration' }, then: { close: {} }, after: true, times: 1 }],
    ['Everything fails with 503', { then: { http: { status: 503 } } }],
    ['No money for the next create', { when: { method: 'CreateSipRegistration' }, then: { api_error: 'INSUFFICIENT_MONEY' }, times: 1 }],
    ['5 calls a second', { then: { rate_limit: { calls: 5, per: '1s', status: 429 } } }],
  ].map(([label, given]) => h('button', { type: 'button', onclick: () => fillIn(given) }, label)));

  function fillIn(given) {
    const when = given.when ?? {};
    name.value = given.name ?? '';
    method.input.value = when.method ?? '';
    account.value = when.account ?? '';
    times.value = given.times ?? '';
    nth.value = when.nth ?? '';
    skip.value = when.skip ?? '';
    probability.value = when.probability ?? '';
    after.checked = Boolean(given.after);
    replace(parameters);
    for (const pair of Object.entries(when.parameters ?? {})) parameterRow(pair);
    [kind.value] = Object.keys(given.then);
    drawMembers();
    const values = given.then[kind.value];
    for (const { key, box } of inputs) box.input.value = key ? values[key] ?? '' : values;
    changed();
  }

  async function load() {
    const { faults } = await get('/faults');
    replace(armed, table('Armed rules', ['Rule', 'Seen', 'Hits', 'Remaining', 'When and then', 'Actions'], faults.map((f) => [
      h('strong', null, f.name), String(f.seen), f.hits ? pill('bad', String(f.hits)) : '0', f.remaining === undefined ? 'without limit' : String(f.remaining),
      h('details', null, h('summary', null, Object.keys(f.rule.then).join(', '), f.rule.when?.method ? ` on ${f.rule.when.method}` : ''), code(yaml(f.rule).trim(), `Rule ${f.name}`)),
      remover(f)]), 'None are armed.'),
    faults.length > 0 && actions('Disarm', [{ label: 'Disarm all', danger: true, request: { verb: 'DELETE', path: '/faults', cli: ['faults', 'clear'] }, done: 'All rules are disarmed.', after: load }]));
  }

  const remover = (f) => actions(`Disarm ${f.name}`, [{
    label: 'Disarm', request: { verb: 'DELETE', path: `/faults/${encodeURIComponent(f.name)}`, cli: ['faults', 'remove', f.name] }, done: `${f.name} is disarmed.`, after: load,
  }]);

  const el = h('div', { class: 'view', hidden: true }, h('div', { class: 'viewhead' }, h('h1', null, 'Faults')), card('Armed rules', armed), h('div', { class: 'columns' },
    h('div', null, card('A new rule', h('h3', null, 'Begin with'), presets,
      h('h3', null, 'Which requests'),
      h('div', { class: 'fields' }, fieldOf('Method', method), field('Account', account)),
      parameters, h('button', { type: 'button', class: 'quiet', onclick: () => { parameterRow(); changed(); } }, '+ condition on a parameter'),
      h('div', { class: 'fields' }, field('Only number', nth), field('Skip the first', skip), field('Probability', probability)),
      h('h3', null, 'What goes wrong'), h('div', { class: 'fields' }, field('Kind', kind)), hint, members,
      h('div', { class: 'check' }, after, h('label', { for: 'fault-after' }, 'After the work: the change is saved, the client sees the fault')),
      h('div', { class: 'fields' }, field('Times', times), field('Name', name)))),
    h('div', null, card('As YAML', text, buttons), card('Which of the last requests it would have taken', preview))));

  function fieldOf(label, box) {
    box.input.id = `fault-${label.toLowerCase()}`;
    return h('div', { class: 'field' }, h('label', { for: box.input.id }, label), box);
  }

  async function start() {
    drawMembers();
    changed();
    methods = await get('/methods');
    method.offer(methods.methods.map((m) => m.name));
    replace(kind, methods.faults.map((k) => h('option', { value: k }, k)));
    kind.value = 'http';
    drawMembers();
    if (mode === 'like' && number) fillIn(ruleLike(state.requests.find((r) => r.number === Number(number)) ?? await get(`/requests/${number}`)));
    changed();
    el.hidden = false; // only now: what is typed earlier would be lost
    load();
  }
  start().catch((e) => { el.hidden = false; replace(preview, h('p', { class: 'bad' }, e.message)); });

  const reload = soon(async () => {
    look();
    if (!armed.contains(document.activeElement)) await load();
  }, 500);
  return {
    title: 'Faults', el,
    update(what) { if (what.has('requests') || what.has('all') || what.has('state')) reload(); },
    close() { clearTimeout(later); reload.stop(); },
  };
}

