// The first view: registrations and the requests as they come.
import { h, Rows, setText } from './dom.js';
import { money, stamp, until } from './format.js';
import { answerOf, bindingOf, mistakesOf, nextOf, outcomeOf, stateOf, titleOf } from './pills.js';
import { maxRequests, now, sortedRegistrations, state } from './store.js';

const kept = { filter: '', registration: null, request: null, list: 'registrations' };

export function view(params, go) {
  const registrations = new Rows({
    label: 'Registrations', height: 56, key: (r) => r.id, cells: ['c-state', 'c-main', 'c-status', 'c-money'],
    fill: fillRegistration, open: (r) => go(`registrations/${r.id}`),
  });
  const requests = new Rows({
    label: 'Requests', height: 56, key: (r) => r.number, cells: ['c-number', 'c-main', 'c-outcome'],
    fill: fillRequest, open: (r) => go(`requests/${r.number}`),
  });
  const filter = h('input', { type: 'search', placeholder: 'Filter both lists', 'aria-label': 'Filter registrations and requests', spellcheck: 'false' });
  filter.value = kept.filter;
  filter.addEventListener('input', () => { kept.filter = filter.value; draw(); });
  const counts = { registrations: h('span', { class: 'count' }), requests: h('span', { class: 'count' }) };
  const hints = { registrations: h('p', { class: 'hint' }), requests: h('p', { class: 'hint' }) };
  const lists = { registrations, requests };
  registrations.selected = kept.registration;
  requests.selected = kept.request;
  for (const [name, list] of Object.entries(lists)) list.el.addEventListener('focus', () => { kept.list = name; });
  const pane = (name, title) => h('section', { class: 'pane', 'aria-labelledby': `head-${name}` },
    h('div', { class: 'panehead' }, h('h2', { id: `head-${name}` }, title), counts[name]), lists[name].el, hints[name]);
  const el = h('div', { class: 'overview' },
    h('h1', { class: 'offscreen' }, 'Overview'),
    h('div', { class: 'toolbar' }, filter, h('span', { class: 'keys' }, h('kbd', null, '/'), ' filter ', h('kbd', null, 'j'), h('kbd', null, 'k'), ' move ', h('kbd', null, '?'), ' keys')),
    h('div', { class: 'split' }, pane('registrations', 'Registrations'), pane('requests', 'Requests')));

  const inAccount = (r) => !state.account || r.account_id === state.account;

  function draw(changed) {
    const words = kept.filter.toLowerCase().split(/\s+/).filter(Boolean);
    const fits = (text) => words.every((word) => text.includes(word));
    if (!changed || changed.has('registrations') || changed.has('users') || changed.has('all')) {
      const all = sortedRegistrations();
      const some = words.length ? all.filter((r) => fits(registrationText(r))) : all;
      registrations.show(some);
      setText(counts.registrations, countText(some.length, all.length));
      const hint = all.length ? some.length ? '' : 'No registration fits the filter.' : 'No registrations yet. Let your client create one, or load a scenario.';
      setText(hints.registrations, [hint, realText(state.health.sip)].filter(Boolean).join(' '));
    }
    if (!changed || changed.has('requests') || changed.has('all')) {
      const all = state.requests.filter(inAccount);
      const some = words.length ? all.filter((r) => fits(requestText(r))) : all;
      requests.show(some);
      setText(counts.requests, countText(some.length, all.length));
      setText(hints.requests, !all.length ? 'No requests yet. Point your client here: see Connect.'
        : !some.length ? 'No request fits the filter.'
          : state.skipped ? `${state.skipped} came too fast to be shown one by one; they follow when it is quieter.`
            : all.length >= maxRequests ? `The latest ${maxRequests} are shown; ${state.account ? '' : `${all[0].number - all.length} `}older ones are not.` : '');
    }
  }

  draw();
  const tick = setInterval(() => registrations.draw(true), 1000);
  queueMicrotask(() => draw());
  return {
    title: 'Overview', el, update: draw, filter,
    close: () => {
      clearInterval(tick);
      kept.registration = registrations.selected;
      kept.request = requests.selected;
    },
    key(e) {
      const list = lists[kept.list];
      if (e.key === 'j' || e.key === 'ArrowDown') list.move(1);
      else if (e.key === 'k' || e.key === 'ArrowUp') list.move(-1);
      else if (e.key === 'h' || e.key === 'l') {
        lists[e.key === 'h' ? 'registrations' : 'requests'].el.focus({ preventScroll: true });
        return true;
      } else if (e.key === 'Enter') list.openSelected();
      else return false;
      if (e.key !== 'Enter') list.el.focus({ preventScroll: true });
      return true;
    },
  };
}

const countText = (some, all) => (some === all ? `${all}` : `${some} of ${all}`);

const registrationText = (r) => `${r.id} ${r.sip_username}@${r.proxy} ${stateOf(r)[1]} ${r.state} ${answerOf(r)} ${bindingOf(r)}`.toLowerCase();

const requestText = (r) => `#${r.number} ${titleOf(r)} ${outcomeOf(r)[1]} ${r.fault ?? ''} ${r.user_agent ?? ''} ${mistakesOf(r) ? 'mistake' : ''} ${Object.entries(r.parameters ?? {}).flat(2).join(' ')}`.toLowerCase();

function cellsOf(row, make) {
  row.parts ??= make([...row.children]);
  return row.parts;
}

const twoLines = (cell, firstClass, secondClass) => {
  const first = h('div', { class: firstClass });
  const second = h('div', { class: secondClass });
  cell.append(first, second);
  return [first, second];
};

function fillRegistration(row, r) {
  const p = cellsOf(row, ([a, b, c, d]) => {
    const dot = h('span', { class: 'pill' });
    a.append(dot);
    return [dot, ...twoLines(b, 'strong', 'dim'), ...twoLines(c, 'plain', 'dim'), ...twoLines(d, 'plain num', 'dim num')];
  });
  const [kind, name] = stateOf(r);
  p[0].className = `pill ${kind}`;
  setText(p[0], name);
  setText(p[1], `${r.sip_username}@${r.proxy}`);
  setText(p[2], `${r.id} · account ${r.account_id} · ${bindingOf(r)}`);
  setText(p[3], answerOf(r));
  const [what, at] = nextOf(r);
  setText(p[4], what === 'unpaid since' ? `${what} ${stamp(at).slice(0, 10)}` : at ? `${what} ${until(at, now())}` : what);
  setText(p[5], `${money(r.subscription_price, state.accounts.get(r.account_id)?.currency)}/mo`);
  setText(p[6], `${money(r.money_on_hold)} on hold`);
}

function fillRequest(row, r) {
  const p = cellsOf(row, ([a, b, c]) => {
    const tags = h('div', { class: 'tags' });
    const outcome = h('span', { class: 'pill' });
    c.append(outcome, tags);
    return [a, ...twoLines(b, 'strong', 'dim'), outcome, tags];
  });
  setText(p[0], `#${r.number}`);
  setText(p[1], titleOf(r));
  setText(p[2], `${stamp(r.at).slice(11)} · ${r.account_id ? `account ${r.account_id}` : 'no account'}${r.kind === 'callback' ? ` · attempt ${r.attempt}` : ''}${r.parameters?.sip_username ? ` · ${r.parameters.sip_username.join(';')}` : ''}`);
  const [kind, text] = outcomeOf(r);
  p[3].className = `pill ${kind}`;
  setText(p[3], text);
  p[3].title = text;
  const mistakes = mistakesOf(r);
  const wanted = [r.fault && `fault ${r.fault}`, mistakes && `${mistakes} mistake${mistakes > 1 ? 's' : ''}`, r.not_emulated && 'not emulated'].filter(Boolean);
  p[4].textContent = '';
  for (const tag of wanted) p[4].append(h('span', { class: 'tag' }, tag));
}

// realText says which registrations a PBX answers.
function realText(sip) {
  return sip ? `At ${sip.real.join(', ')} they really register, by SIP from ${sip.address || 'no address'}; elsewhere registrars are simulated.` : '';
}
