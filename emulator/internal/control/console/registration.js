// One registration: what it is, what happened to it, and what can be done with it.
import { actions } from './actions.js';
import { get } from './api.js';
import { card, facts, field, h, replace, setText, soon, table } from './dom.js';
import { money, stamp, time, until } from './format.js';
import { answerOf, bindingOf, nextOf, outcomeOf, pill, stateOf, titleOf, word } from './pills.js';
import { now, state } from './store.js';

const usual = { 200: 'OK', 401: 'Unauthorized', 403: 'Forbidden', 408: 'Request Timeout', 503: 'Service Unavailable' };

const kinds = {
  created: 'busy', registering: 'busy', registered: 'good', recovered: 'good', refused: 'bad', offline: 'off',
  frozen: 'frozen', thawed: 'good', renewed: 'good', updated: 'busy', bound: 'busy', deleted: 'off',
};

export function view([idText]) {
  const id = Number(idText);
  const head = h('div', { class: 'viewhead' });
  const about = h('div');
  const timeline = h('ol', { class: 'timeline' });
  const note = h('p', { class: 'hint' });
  const spoken = h('ol', { class: 'timeline' });
  const dialogue = card('SIP', spoken);
  dialogue.hidden = true; // until there is a message: most registrars are simulated
  const concerned = h('div');
  const called = h('div');
  const users = h('div');

  const code = h('input', { type: 'number', min: '200', max: '699', value: '486' });
  const reason = h('input', { type: 'text', maxlength: '255', placeholder: 'the usual reason' });
  const other = () => {
    const status = Number(code.value);
    if (!(status === 200 || (status >= 300 && status <= 699))) throw new Error('want 200 or a status from 300 to 699');
    return { status_code: status, ...(reason.value && { reason: reason.value }) };
  };
  const answer = (body) => ({ verb: 'POST', path: `/registrations/${id}/answer`, body, cli: ['answer', String(id), String(body.status_code), ...(body.reason ? [body.reason] : [])] });
  const buttons = actions('Answer as the registrar', [
    ...Object.keys(usual).map((status) => ({
      label: `Answer ${status}`, request: () => answer({ status_code: Number(status) }), done: `The registrar answered ${status} ${usual[status]}.`, after: () => load(),
    })),
    { label: 'Answer other', request: () => answer(other()), done: 'The registrar answered.', after: () => load() },
  ]);
  for (const input of [code, reason]) input.addEventListener('input', () => buttons.refresh());

  const el = h('div', { class: 'view' }, head, h('div', { class: 'columns' },
    h('div', null, card('About', about),
      card('Answer as the registrar', buttons, h('div', { class: 'fields' }, field('Other status', code), field('Reason', reason))),
      card('User', users)),
    h('div', null, card('Timeline', timeline, note), dialogue, card('Requests', concerned), card('Callbacks', called))));

  function draw() {
    const r = state.registrations.get(id);
    if (!r) {
      replace(head, h('h1', null, `Registration ${id}`), pill('off', 'Not there'));
      replace(about, h('p', { class: 'none' }, 'There is no such registration now. Its timeline says whether it was deleted.'));
      replace(users, h('p', { class: 'none' }, 'None.'));
      return;
    }
    const currency = state.accounts.get(r.account_id)?.currency;
    const [what, at] = nextOf(r);
    replace(head, h('h1', null, `${r.sip_username}@${r.proxy}`), pill(...stateOf(r)));
    replace(about, facts([
      ['Registration', String(r.id)], ['Account', `${r.account_id} ${state.accounts.get(r.account_id)?.name ?? ''}`],
      ['User name', r.sip_username], ['Proxy', r.proxy], ['Last answer', answerOf(r)], ['Bound to', bindingOf(r)],
      ['Persistent', r.is_persistent ? 'yes' : 'no, it registers while its user is logged in'],
      ['Price', `${money(r.subscription_price, currency)} a month`], ['On hold', money(r.money_on_hold, currency)],
      ['Last change', time(r.last_updated)], ['Next', at && [`${what} `, time(at), what === 'unpaid since' ? '' : ` (${until(at, now())})`]],
      ['Next renewal', time(r.next_subscription_renewal)],
    ]));
    drawUser(r);
    buttons.refresh();
  }

  let userShown = '';
  function drawUser(r) {
    const user = state.users.get(r.user_id);
    const key = user ? JSON.stringify(user) : String(r.user_id);
    if (key === userShown) return;
    userShown = key;
    if (!user) {
      replace(users, h('p', { class: 'none' }, r.user_id ? `User ${r.user_id}.` : 'It is bound to no user.'));
      return;
    }
    const log = (way, label, done) => ({ label, request: { verb: 'POST', path: `/users/${user.user_id}/${way}` }, done, after: () => load() });
    replace(users, facts([['User', `${user.user_id} ${user.user_name}`], ['Logged in', user.logged_in ? 'yes' : 'no']]),
      actions('Log the user in or out', [log('login', 'Log in', `${user.user_name} is logged in.`), log('logout', 'Log out', `${user.user_name} is logged out.`)]));
  }

  async function load() {
    try {
      const history = await get(`/registrations/${id}/history`);
      replace(timeline, history.steps.map((s) => h('li', { class: kinds[s.what] ?? '' },
        h('span', { class: 'strong' }, s.what, s.status_code ? ` ${s.status_code} ${s.reason ?? ''}` : ''),
        h('span', { class: 'dim' }, time(s.at), s.times > 1 ? `, ${s.times} times until ${stamp(s.last)} UTC` : ''))));
      setText(note, history.evicted ? `${history.evicted} older steps of all registrations are not kept.`
        : history.steps.length ? 'Since the state was loaded.' : 'Nothing has happened since the state was loaded.');
    } catch (e) {
      replace(timeline);
      setText(note, e.message);
    }
    const { messages } = await get(`/sip-messages?registration_id=${id}`);
    dialogue.hidden = messages.length === 0;
    replace(spoken, messages.slice(-50).reverse().map((m) => h('li', { class: m.call ? 'busy' : '' },
      h('span', { class: 'strong' }, `${m.call ? '' : m.sent ? '→ ' : '← '}${m.text.split('\r\n')[0]}`),
      h('span', { class: 'dim' }, time(m.at), m.peer ? `, ${m.peer} ${m.transport}` : m.call ? `, answered ${m.call.status_code}; application ${m.call.application || 'none'}, rule ${m.call.rule || 'none'}, ${m.call.scripts.length ? `scripts ${m.call.scripts.join(', ')}` : 'no script'}` : ''))));
    const { callbacks } = await get('/callbacks');
    const mine = callbacks.filter((c) => concerns(c.detail)).reverse().slice(0, 50);
    replace(called, table('Callbacks about the registration', ['Callback', 'Type', 'Made', 'State'],
      mine.map((c) => [h('a', { href: `#callbacks/${c.id}` }, `#${c.id}`), c.type, time(c.created_at), word(c.state)]), 'None among those that are kept.'));
  }

  // concerns looks for the registration's number in the detail of a callback.
  function concerns(value) {
    if (Array.isArray(value)) return value.some(concerns);
    if (value && typeof value === 'object') return Object.entries(value).some(([key, v]) => (/^(sip_registration_id|subscription_id|id)$/.test(key) && Number(v) === id) || concerns(v));
    return false;
  }

  function requests() {
    const r = state.registrations.get(id);
    const mine = state.requests.filter((q) => q.kind === 'call' && (
      q.parameters?.sip_registration_id?.some((list) => list.split(';').includes(String(id)))
      || new RegExp(`"sip_registration_id":\\s*${id}\\b`).test(q.reply ?? '')
      || (r && q.method === 'CreateSipRegistration' && q.parameters?.sip_username?.includes(r.sip_username) && q.parameters?.proxy?.includes(r.proxy)))).slice(0, 50);
    replace(concerned, table('Requests about the registration', ['Request', 'Method', 'At', 'Outcome'],
      mine.map((q) => [h('a', { href: `#requests/${q.number}` }, `#${q.number}`), titleOf(q), time(q.at), pill(...outcomeOf(q))]),
      'None among the requests that the page keeps.'));
  }

  draw();
  requests();
  const later = soon(load, 1000);
  const tick = setInterval(draw, 5000);
  return {
    title: `Registration ${id}`, el,
    update(changed) {
      if (changed.has('registrations') || changed.has('users') || changed.has('all')) draw();
      if (changed.has('requests') || changed.has('all')) requests();
      if (!changed.has('requests') || changed.size > 1) later();
    },
    close() { clearInterval(tick); later.stop(); },
  };
}
