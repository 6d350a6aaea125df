// Callbacks: what was sent, when, and what the receiver answered.
import { actions } from './actions.js';
import { get } from './api.js';
import { card, code, facts, h, replace, soon, table } from './dom.js';
import { time, until } from './format.js';
import { pill, word } from './pills.js';
import { now, state } from './store.js';

const listed = 200;

export function view([idText]) {
  return idText ? one(Number(idText)) : list();
}

const resend = (id, after) => ({ label: 'Send again', primary: true, request: { verb: 'POST', path: `/callbacks/${id}/redeliver`, cli: ['callbacks', 'redeliver', String(id)] }, done: `Callback ${id} is sent once more.`, after });

function list() {
  const body = h('div');
  const el = h('div', { class: 'view' }, h('div', { class: 'viewhead' }, h('h1', null, 'Callbacks')), card('What was sent', body));
  async function load() {
    const { callbacks } = await get(`/callbacks${state.account ? `?account_id=${state.account}` : ''}`);
    const latest = callbacks.slice(-listed).reverse();
    replace(body, table('Callbacks', ['Callback', 'Type', 'Account', 'Made', 'State', 'Attempts', 'Next attempt', 'Last answer'], latest.map((c) => [
      h('a', { href: `#callbacks/${c.id}` }, `#${c.id}`), c.type, String(c.account_id), time(c.created_at), word(c.state), String(c.attempts),
      c.next_attempt && c.state === 'retrying' ? [time(c.next_attempt), ` (${until(c.next_attempt, now())})`] : '', c.last_failure || (c.last_status ? `HTTP ${c.last_status}` : '')]),
    'No callbacks. An account is sent them once it has a callback_url.'),
    callbacks.length > listed && h('p', { class: 'hint' }, `The latest ${listed} of ${callbacks.length} are shown.`));
  }
  return reloading('Callbacks', el, load);
}

function one(id) {
  const head = h('div', { class: 'viewhead' }, h('h1', null, `Callback ${id}`));
  const body = h('div', { class: 'columns' });
  const el = h('div', { class: 'view' }, head, body);
  async function load() {
    let c;
    try {
      c = await get(`/callbacks/${id}`);
    } catch (e) {
      replace(body, h('p', { class: 'none' }, e.message));
      return;
    }
    replace(head, h('h1', null, `Callback ${id} ${c.type}`), word(c.state));
    const fits = c.journal.at(-1)?.hash_fits;
    const hash = (value) => (value === undefined ? pill('off', 'not known') : value ? pill('good', 'fits') : pill('bad', 'does not fit'));
    replace(body, h('div', null,
      card('About', facts([
        ['Account', `${c.account_id} ${state.accounts.get(c.account_id)?.name ?? ''}`], ['Made', time(c.created_at)], ['To', c.url ?? 'no callback_url'],
        ['Attempts', String(c.attempts)], ['Next attempt', c.next_attempt && c.state === 'retrying' ? [time(c.next_attempt), ` (${until(c.next_attempt, now())})`] : 'none'],
        ['Last answer', c.last_failure || (c.last_status ? `HTTP ${c.last_status}` : 'none')],
        ['Hash', [h('code', null, c.hash), ' ', hash(fits)]],
      ]), h('p', { class: 'hint' }, 'A hash fits when it is that of the account’s current salt and api key.')),
      card('Send again', actions('Send again', [resend(id, load)]))),
    h('div', null,
      card('Attempts', table('Attempts', ['Attempt', 'At', 'Answer', 'Hash', 'Request'], c.journal.slice().reverse().map((a) => [
        String(a.attempt), time(a.at), a.failure ? pill('bad', a.failure) : pill('good', `HTTP ${a.status}`), hash(a.hash_fits), h('a', { href: `#requests/${a.request}` }, `#${a.request}`)]), 'None in the journal.'),
      c.journal.at(-1)?.reply && [h('h3', null, 'The receiver’s last reply'), code(c.journal.at(-1).reply, 'The last reply')]),
      card('Payload', code(JSON.stringify(c.payload, null, 2), 'Payload'))));
  }
  return reloading(`Callback ${id}`, el, load);
}

function reloading(title, el, load) {
  const later = soon(load, 300);
  return {
    title, el,
    update(changed) { if (!changed.has('requests') || changed.size > 1) later(); },
    close: later.stop,
  };
}
