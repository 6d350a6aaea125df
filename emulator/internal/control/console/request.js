// One request: what was sent, what came back, and why.
import { actions } from './actions.js';
import { get } from './api.js';
import { card, code, facts, h, replace, table } from './dom.js';
import { apiCurl, bytes, prettyJSON, time } from './format.js';
import { outcomeOf, pill, titleOf } from './pills.js';
import { state } from './store.js';

const secret = '***';

// conditions are the parameters by which a test selects a request like this one.
const conditions = (r) => Object.entries(r.parameters ?? {})
  .filter(([name, values]) => values.length === 1 && !r.unknown_parameters?.includes(name) && values[0] !== secret && !/^(account_id|account_name|account_email|cmd)$/.test(name));

function expectations(r) {
  const list = conditions(r);
  const quoted = JSON.stringify;
  return {
    Go: `emu.Expect(testkit.Call(${quoted(r.method)})${list.map(([n, v]) => `.\n\tWith(${quoted(n)}, ${quoted(v[0])})`).join('')}).Once()`,
    Python: `voxemu.expect(${[quoted(r.method), ...list.map(([n, v]) => `${n}=${quoted(v[0])}`)].join(', ')}).once()`,
    Node: `await emu.expect(${[quoted(r.method), ...(list.length ? [quoted(Object.fromEntries(list.map(([n, v]) => [n, v[0]])))] : [])].join(', ')}).once();`,
  };
}

// ruleLike is a rule that fails the next request like this one.
export function ruleLike(r) {
  const parameters = Object.fromEntries(conditions(r).map(([n, v]) => [n, v[0].replaceAll(/[\\*?[]/g, '\\$&')]));
  return {
    when: { method: r.method, ...(r.account_id && { account: r.account_id }), ...(Object.keys(parameters).length && { parameters }) },
    then: { http: { status: 503 } }, times: 1,
  };
}

const unmetText = (v) => (!v.unmet ? 'takes it' : v.unmet === 'then.rate_limit' ? 'does not take it: within the limit' : v.unmet === 'times' ? 'does not take it: used up' : `missed by ${v.unmet}`);

export function view([numberText], go) {
  const number = Number(numberText);
  const head = h('div', { class: 'viewhead' }, h('h1', null, `Request ${number}`));
  const body = h('div', { class: 'columns' });
  const el = h('div', { class: 'view' }, head, body);

  async function load() {
    let r;
    try {
      r = await get(`/requests/${number}`); // knows more than its event: why a reply was cut off
    } catch (e) {
      r = state.requests.find((one) => one.number === number); // the journal has dropped it
      if (!r) return replace(body, h('p', { class: 'none' }, e.message));
    }
    replace(head, h('h1', null, `#${r.number} ${titleOf(r)}`), pill(...outcomeOf(r)));
    const left = h('div');
    const right = h('div');
    replace(body, left, right);
    about(r, left);
    if (r.kind === 'callback') return callback(r, right);
    await explained(r, left, right);
  }

  function about(r, to) {
    const account = state.accounts.get(r.account_id);
    to.append(card('About', facts([
      ['At', time(r.at)], ['Account', r.account_id ? `${r.account_id} ${account?.name ?? ''}` : 'none named'],
      ['Caller', r.kind === 'callback' ? null : r.unidentified ? 'not recognised' : r.key_id ? `service account ${r.key_id}` : 'recognised by its credentials'],
      ['Why it was refused', r.denied], ['Error', r.error && `${r.code} ${r.error}${r.field ? ` on ${r.field}` : ''}`],
      ['Fault', r.fault && h('a', { href: '#faults' }, r.fault)], ['HTTP status', r.status ? String(r.status) : 'no reply'],
      ['Ended by', r.aborted], ['Sent as', r.verb && `${r.verb}, ${r.encoding ?? 'no parameters'}, method in ${r.style ?? 'nothing'}, ${r.protocol ?? ''}${r.tls ? ' over TLS' : ''}`],
      ['Host', r.host], ['Client', r.user_agent], ['To', r.url], ['Failure', r.failure],
      ['Size', `${bytes(r.request_bytes)} in, ${bytes(r.reply_bytes)} out`], ['Took', `${(r.latency_ns / 1e6).toFixed(1)} ms on the emulator's clock`],
      ['Parameters left out', r.parameters_left_out && String(r.parameters_left_out)],
    ])));
    if (r.warnings?.length) to.append(card('Warnings', h('ul', null, r.warnings.map((w) => h('li', null, w)))));
    if (r.differences?.length) to.append(card('The real service', h('ul', null, r.differences.map((d) => h('li', null, d)))));
  }

  function callback(r, right) {
    right.append(card('Sent', code(prettyJSON(r.request ?? ''), 'Body of the callback'), h('p', null, h('a', { href: `#callbacks/${r.callback_id}` }, `All attempts of callback ${r.callback_id}`))),
      card('Reply', r.reply ? code(prettyJSON(r.reply), 'Reply of the receiver') : h('p', { class: 'none' }, 'None.')));
  }

  async function explained(r, left, right) {
    let x = { parameters: [], faults: [] };
    try {
      x = await get(`/requests/${number}/explain`);
    } catch { /* the journal has dropped it */ }
    const named = new Set(x.parameters.map((p) => p.name));
    const rest = Object.entries(r.parameters ?? {}).filter(([name]) => !named.has(name));
    const said = { ok: ['good', 'fits'], absent: ['off', 'not given'], missing: ['bad', 'missing'], invalid: ['bad', 'does not fit'], ignored: ['warn', 'has no effect here'], unknown: ['warn', 'unknown'] };
    const given = x.parameters.filter((p) => p.verdict !== 'absent');
    const row = (p) => [h('code', null, p.name), p.given ? p.given.join('; ') : '', pill(...(said[p.verdict] ?? ['off', p.verdict])), [p.allowed ?? '', p.error ? ` → ${p.error}` : '']];
    right.append(card('Parameters and the contract',
      r.unknown_method && h('p', { class: 'bad' }, 'The API has no method of this name at this address.'),
      r.not_emulated && h('p', { class: 'warn' }, 'The real service has this method; the emulator does not.'),
      table('Parameters', ['Parameter', 'Given', 'Contract', 'Allowed'],
        [...given.map(row), ...rest.map(([name, values]) => [h('code', null, name), values.join('; '), pill('off', 'not checked'), ''])], 'None were given.'),
      x.parameters.length > given.length && h('details', null, h('summary', null, `${x.parameters.length - given.length} that were not given`),
        table('Parameters that were not given', ['Parameter', 'Given', 'Contract', 'Allowed'], x.parameters.filter((p) => p.verdict === 'absent').map(row)))));
    right.append(card('Reply', r.reply ? code(prettyJSON(r.reply), 'Reply') : h('p', { class: 'none' }, 'None.'),
      r.reply_bytes > (r.reply?.length ?? 0) && r.reply?.length >= 8000 && h('p', { class: 'hint' }, 'The journal keeps the beginning of long replies.')));
    const verdicts = x.faults.map((v) => [v.rule, v.rule === r.fault ? pill('bad', 'took it') : '', unmetText(v), v.number ? `number ${v.number}` : '']);
    right.append(card('Fault rules', r.fault && !x.faults.some((v) => v.rule === r.fault) && h('p', null, `${r.fault} took it; it is not armed any more.`),
      table('What the armed rules say', ['Rule', 'This request', 'If it was sent again now', 'It would be'], verdicts, 'None are armed.')));
    left.append(card('Copy as curl', code(apiCurl(r), 'curl command')),
      card('Make the next one like this fail', actions('Make the next one like this fail', [
        { label: 'Fail with HTTP 503', request: { verb: 'POST', path: '/faults', body: ruleLike(r), cli: ['faults', 'add', JSON.stringify(ruleLike(r))] }, done: (f) => `${f.name} is armed.`, after: load },
        { label: 'Lose its reply', request: { verb: 'POST', path: '/faults', body: { ...ruleLike(r), then: { close: {} }, after: true }, cli: ['faults', 'add', JSON.stringify({ ...ruleLike(r), then: { close: {} }, after: true })] }, done: (f) => `${f.name} is armed.`, after: load },
      ]), h('p', null, h('a', { href: `#faults/like/${number}` }, 'Choose another fault…'))),
      card('Expect this in a test', Object.entries(expectations(r)).map(([language, lines]) => [h('h3', null, language), code(lines, `${language}: expect this request`)])));
  }

  return {
    title: `Request ${number}`, el, update(changed) { if (changed.has('all')) load(); },
    close() {},
    key(e) {
      if (e.key !== 'j' && e.key !== 'k') return false;
      const at = state.requests.findIndex((r) => r.number === number);
      const next = state.requests[at + (e.key === 'j' ? 1 : -1)];
      if (at >= 0 && next) go(`requests/${next.number}`);
      return true;
    },
  };
}
