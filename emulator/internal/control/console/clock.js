// The clock and the money: what becomes due, and how balances change.
import { actions } from './actions.js';
import { get } from './api.js';
import { card, field, h, replace, select, setText, soon, table } from './dom.js';
import { localStamp, money, span, stamp, time, until } from './format.js';
import { pill, stateOf } from './pills.js';
import { now, setClock, state, tell } from './store.js';

const whats = { answer: 'the registrar answers', renewal: 'renewal', removal: 'the frozen registration is removed', callback: 'a callback is tried again' };

// horizon adds a duration such as 1h, 1d or 3mo to a time.
function horizon(from, duration) {
  const [, n, unit] = /^(\d+)(h|d|mo)$/.exec(duration);
  const at = new Date(from);
  if (unit === 'h') at.setTime(from + n * 3600e3);
  else if (unit === 'd') at.setTime(from + n * 86400e3);
  else at.setUTCMonth(at.getUTCMonth() + Number(n));
  return at.toISOString();
}

export function view() {
  const big = h('p', { class: 'bigtime' });
  const small = h('p', { class: 'hint' });
  const ahead = select([['1h', 'the next hour'], ['1d', 'the next day'], ['1mo', 'the next month'], ['3mo', 'the next 3 months'], ['12mo', 'the next year']], '1mo');
  const due = h('div');
  const other = h('input', { type: 'text', value: '3mo', spellcheck: 'false' });
  let next = null;
  const advance = (duration) => ({ verb: 'POST', path: '/clock/advance', body: { duration }, cli: ['advance', duration] });
  const moved = (reply) => `It is ${stamp(reply.now)} UTC.`;
  const arrived = (clock) => { setClock(clock); tell('clock'); }; // the view follows once the events are here
  const move = (label, duration) => ({ label, request: () => advance(typeof duration === 'function' ? duration() : duration), done: moved, after: arrived });
  const buttons = actions('Move the clock', [
    move('+1 h', '1h'), move('+1 d', '1d'), move('+1 mo', '1mo'),
    {
      label: 'To the next event', done: moved, after: arrived,
      request: () => {
        if (!next) throw new Error('nothing is due');
        return { verb: 'POST', path: '/clock/set', body: { now: next.at }, cli: ['clock', 'set', next.at] };
      },
    },
    move('Advance by', () => other.value.trim() || '0s'),
    { label: 'Stop', request: { verb: 'POST', path: '/clock/stop', cli: ['clock', 'stop'] }, done: 'The clock is stopped.' },
    { label: 'Resume', request: { verb: 'POST', path: '/clock/resume', cli: ['clock', 'resume'] }, done: 'The clock goes on.' },
  ]);
  other.addEventListener('input', () => buttons.refresh());
  ahead.addEventListener('change', () => load());

  const accounts = h('div', { class: 'stack' });
  const books = h('div', { class: 'stack' });
  const chosen = select([]);
  chosen.addEventListener('change', loadBooks);
  const amount = h('input', { type: 'text', inputmode: 'decimal', value: '10.00' });
  const top = actions('Pay money in', [{
    label: 'Top up', primary: true,
    request: () => {
      if (!chosen.value) throw new Error('choose an account');
      return { verb: 'POST', path: `/accounts/${chosen.value}/top-up`, body: { amount: amount.value.trim() }, cli: ['accounts', 'top-up', chosen.value, amount.value.trim()] };
    },
    done: (a) => `The balance of account ${a.account_id} is ${money(a.balance, a.currency)}.`, after: () => tell('accounts'),
  }]);
  amount.addEventListener('input', () => top.refresh());
  const plot = h('div');
  const transactions = h('div');

  const el = h('div', { class: 'view' }, h('div', { class: 'viewhead' }, h('h1', null, 'Clock and money')), h('div', { class: 'columns' },
    h('div', null, card('Now', big, small, buttons, h('div', { class: 'fields' }, field('Advance by', other, 'for example 90s, 31d, 1mo2d'))),
      card('What becomes due', h('div', { class: 'fields' }, field('Until the end of', ahead)), due)),
    h('div', null, card('Accounts', accounts), card('Money of an account', h('div', { class: 'fields' }, field('Account', chosen), field('Amount', amount)), top, plot, transactions))));

  function tick() {
    const iso = new Date(now()).toISOString();
    setText(big, `${stamp(iso)} UTC`);
    setText(small, `${localStamp(iso)}. The clock is ${state.clock.mode}${state.clock.mode === 'offset' ? `, ${span(now() - Date.now())} ${now() > Date.now() ? 'ahead of' : 'behind'} the machine` : ''}.`);
  }

  async function load() {
    tick();
    const end = horizon(now(), ahead.value);
    const [first, list] = await Promise.all([get('/clock/due'), get(`/clock/due?until=${encodeURIComponent(end)}`)]);
    next = first.events[0] ?? null;
    buttons.refresh();
    const name = (e) => {
      const r = state.registrations.get(e.registration_id);
      if (e.callback_id) return h('a', { href: `#callbacks/${e.callback_id}` }, `callback ${e.callback_id}`);
      return h('a', { href: `#registrations/${e.registration_id}` }, r ? `${r.sip_username}@${r.proxy}` : `registration ${e.registration_id}`);
    };
    replace(due, next && h('p', null, 'Next: ', h('strong', null, whats[next.what]), ` ${until(next.at, now())}, `, name(next), '.'),
      table('What becomes due', ['At', 'In', 'What', 'Of'], list.events.map((e) => [time(e.at), h('span', { class: 'in' }, until(e.at, now())), whats[e.what], name(e)]), 'Nothing until then.'),
      list.more > 0 && h('p', { class: 'hint' }, `The first ${list.events.length} are shown; ${list.more} more are due until then.`));
    drawAccounts();
    await loadBooks();
  }

  function drawAccounts() {
    const list = [...state.accounts.values()].filter((a) => !state.account || a.account_id === state.account).sort((a, b) => a.account_id - b.account_id);
    const before = chosen.value;
    replace(chosen, list.slice(0, 1000).map((a) => h('option', { value: String(a.account_id) }, `${a.account_id} ${a.name}`)));
    if (list.some((a) => String(a.account_id) === before)) chosen.value = before;
    replace(accounts, table('Accounts', ['Account', 'Balance', 'On hold', 'Credit', 'State'],
      list.slice(0, 200).map((a) => [`${a.account_id} ${a.name}`, money(a.balance, a.currency), money(a.money_on_hold), money(a.credit_limit), a.frozen ? pill('frozen', 'Frozen') : pill('good', 'Active')]), 'No accounts.'),
    list.length > 200 && h('p', { class: 'hint' }, `The first 200 of ${list.length} are shown; choose one above.`));
    top.refresh();
  }

  async function loadBooks() {
    top.refresh();
    if (!chosen.value) { replace(plot); replace(transactions); return; }
    const id = Number(chosen.value);
    const account = state.accounts.get(id);
    const all = await get(`/accounts/${id}/transactions`);
    replace(plot, balancePlot(all.balances, account, now()));
    const frozen = [...state.registrations.values()].filter((r) => r.account_id === id && r.deactivated).length;
    replace(transactions, frozen > 0 && h('p', null, pill(...stateOf({ deactivated: true })), ` ${frozen} registration${frozen > 1 ? 's are' : ' is'} frozen for want of money.`),
      all.evicted_balances > 0 && h('p', { class: 'hint' }, `${all.evicted_balances} older changes of balances are not kept.`), h('h3', null, 'Transactions'),
      table('Transactions', ['At', 'Type', 'Amount', 'For'], all.transactions.slice(-100).reverse().map((t) => [
        time(t.performed_at), t.type, money(t.amount, t.currency),
        t.sip_registration_id ? h('a', { href: `#registrations/${t.sip_registration_id}` }, `registration ${t.sip_registration_id}`) : t.description ?? '']), 'No transactions yet.'),
      all.more_transactions + Math.max(0, all.transactions.length - 100) > 0 && h('p', { class: 'hint' }, `${all.more_transactions + Math.max(0, all.transactions.length - 100)} older transactions are not shown.`));
  }

  tick();
  const ticking = setInterval(tick, 1000);
  const later = soon(load, 250);
  return {
    title: 'Clock and money', el,
    update(changed) { if (!changed.has('requests') || changed.size > 1) later(); },
    close() { clearInterval(ticking); later.stop(); },
  };
}

// balancePlot draws the balance over the emulated time, in steps.
export function balancePlot(points, account, end) {
  if (!account || !points.length) return h('p', { class: 'hint' }, 'The balance has not changed since the state was loaded.');
  const shown = points.slice(-1500).map((p) => ({ at: Date.parse(p.at), balance: Number(p.balance) }));
  shown.push({ at: Math.max(end, shown.at(-1).at), balance: Number(account.balance) });
  const width = 620, height = 190, left = 58, bottom = 24;
  const from = shown[0].at, to = Math.max(shown.at(-1).at, from + 1000);
  const low = Math.min(0, ...shown.map((p) => p.balance)), high = Math.max(low + 1, ...shown.map((p) => p.balance)) * 1.05;
  const x = (at) => left + (at - from) / (to - from) * (width - left - 8);
  const y = (b) => 8 + (high - b) / (high - low) * (height - bottom - 8);
  let d = '';
  shown.forEach((p, i) => { d += i ? `H${x(p.at).toFixed(1)}V${y(p.balance).toFixed(1)}` : `M${x(p.at).toFixed(1)} ${y(p.balance).toFixed(1)}`; });
  const label = (cx, cy, text, anchor) => h('svgtext', { x: cx, y: cy, 'text-anchor': anchor }, text);
  const last = shown.at(-1);
  return h('svg', { class: 'plot', viewBox: `0 0 ${width} ${height}`, role: 'img', 'aria-label': `Balance of account ${account.account_id}, from ${money(shown[0].balance)} on ${stamp(points[0].at)} to ${money(last.balance, account.currency)} now, ${shown.length - 1} changes` },
    [0, 0.5, 1].map((part) => {
      const value = low + (high - low) * part;
      return h('g', { class: 'axis' }, h('line', { x1: left, x2: width - 8, y1: y(value), y2: y(value) }), label(left - 6, y(value) + 4, money(value), 'end'));
    }),
    h('path', { class: 'area', d: `${d}V${y(low).toFixed(1)}H${x(from).toFixed(1)}Z` }), h('path', { class: 'curve', d }),
    h('circle', { cx: x(last.at), cy: y(last.balance), r: 3.5 }),
    h('g', { class: 'axis' }, label(left, height - 6, stamp(new Date(from).toISOString()).slice(0, 16), 'start'), label(width - 8, height - 6, stamp(new Date(to).toISOString()).slice(0, 16), 'end')));
}

