// The frame of the console: bar, views by the part of the address behind #, keys.
import { setToken } from './api.js';
import { dialog, h, replace, setText } from './dom.js';
import { localStamp, stamp } from './format.js';
import { chooseAccount, connect, now, proceedWithToken, state, watch } from './store.js';
import * as overview from './overview.js';
import * as registration from './registration.js';
import * as request from './request.js';
import * as clockView from './clock.js';
import * as faults from './faults.js';
import * as callbacks from './callbacks.js';
import * as scenario from './scenario.js';
import * as connectView from './connect.js';
import * as coverage from './coverage.js';

const views = {
  overview, registrations: registration, requests: request, clock: clockView, faults, callbacks, scenario, connect: connectView, coverage,
};
const tabs = [
  ['overview', 'Overview'], ['clock', 'Clock & money'], ['faults', 'Faults'], ['callbacks', 'Callbacks'],
  ['scenario', 'Scenario'], ['connect', 'Connect'], ['coverage', 'Coverage'],
];

const main = document.getElementById('main');
const notice = document.getElementById('notice');
let shown = null;

function go(path) { location.hash = path; }

function route() {
  const [name, ...params] = location.hash.slice(1).split('/').map((part) => { try { return decodeURIComponent(part); } catch { return part; } });
  const view = views[name] && (params.length || name !== 'registrations' && name !== 'requests') ? name : 'overview';
  shown?.close();
  shown = views[view].view(params, go);
  replace(main, shown.el);
  document.title = `${shown.title} · voxemu`;
  for (const link of nav.querySelectorAll('a')) {
    if (link.dataset.view === view) link.setAttribute('aria-current', 'page');
    else link.removeAttribute('aria-current');
  }
  scrollTo(0, 0);
  shown.update(new Set(['all']));
}

const nav = h('nav', { 'aria-label': 'Views' }, tabs.map(([name, title]) => h('a', { href: `#${name}`, 'data-view': name }, title)));
const account = h('select', { 'aria-label': 'Account' });
account.addEventListener('change', () => chooseAccount(Number(account.value)));
const clock = h('a', { class: 'clock', href: '#clock' }, h('time'), h('span', { class: 'pill' }));
const link = h('span', { class: 'link', role: 'status' });
replace(document.getElementById('bar'),
  h('a', { class: 'brand', href: '#overview' }, h('img', { src: 'icon.svg', alt: '', width: '24', height: '24' }), 'voxemu'),
  nav, h('div', { class: 'right' }, account, clock, link,
    h('button', { type: 'button', class: 'quiet', 'aria-label': 'Keys', onclick: help }, '?')));

function drawClock() {
  const iso = new Date(now()).toISOString();
  const [time, mode] = clock.children;
  setText(time, `${stamp(iso)} UTC`);
  time.setAttribute('datetime', iso);
  clock.title = `${localStamp(iso)}; the clock is ${state.clock.mode}`;
  setText(mode, `clock ${state.clock.mode}`);
  mode.className = `pill ${state.clock.mode === 'stopped' ? 'warn' : state.clock.mode === 'offset' ? 'busy' : 'good'}`;
}

let accountsShown = '';
function drawAccounts() {
  const list = [...state.accounts.values()].sort((a, b) => a.account_id - b.account_id);
  const key = JSON.stringify([state.account, list.map((a) => [a.account_id, a.name])]);
  if (key === accountsShown) return;
  accountsShown = key;
  replace(account, h('option', { value: '0' }, 'All accounts'), list.map((a) => h('option', { value: String(a.account_id) }, `${a.account_id} ${a.name}`)));
  account.value = String(state.account);
}

const connections = { connecting: ['busy', 'Connecting'], live: ['good', 'Connected'], lost: ['bad', 'Disconnected'], token: ['warn', 'Token needed'] };

function drawConnection() {
  const [kind, text] = connections[state.connection];
  link.className = `link pill ${kind}`;
  setText(link, text);
  notice.className = '';
  if (state.connection === 'lost') {
    notice.className = 'shown';
    setText(notice, 'The emulator does not answer. What you see is old; the page connects again by itself.');
  } else if (state.connection === 'token') askToken();
  else replace(notice);
}

function askToken() {
  const input = h('input', { type: 'password', autocomplete: 'off', id: 'token' });
  const form = h('form', { class: 'token' },
    h('label', { for: 'token' }, 'Token of the control API'), input, h('button', { class: 'primary' }, 'Connect'),
    h('small', null, 'The one of --control-token or VOXEMU_CONTROL_TOKEN. It is kept in this tab until you close it.'));
  form.addEventListener('submit', (e) => {
    e.preventDefault();
    setToken(input.value.trim());
    proceedWithToken();
  });
  notice.className = 'shown';
  replace(notice, form);
  input.focus();
}

const keys = [
  ['/', 'filter'], ['j, k', 'next and previous row or request'], ['h, l', 'left and right list'], ['Enter', 'open the row'],
  ['Escape', 'back to the overview, or out of a field'], ['1 to 7', 'a view of the bar'], ['?', 'these keys'],
];

function help() {
  dialog('Keys', h('table', { class: 'keylist' }, h('tbody', null, keys.map(([key, text]) => h('tr', null, h('th', { scope: 'row' }, h('kbd', null, key)), h('td', null, text))))));
}

document.addEventListener('keydown', (e) => {
  if (e.ctrlKey || e.metaKey || e.altKey || document.querySelector('dialog[open]')) return;
  const typing = e.target.matches('input,select,textarea');
  if (e.key === 'Escape') {
    if (typing) e.target.blur();
    else if (location.hash && location.hash !== '#overview') go('overview');
    return;
  }
  if (typing && !(e.key === '/' && e.target.matches('select'))) {
    if (e.target === shown.filter && e.key === 'Enter') { e.target.blur(); shown.key?.({ key: 'j' }); }
    return;
  }
  if (e.target.matches('a,button,summary,[role=region]') && (e.key === 'Enter' || e.key.startsWith('Arrow'))) return;
  if (e.key === '/' && shown.filter) shown.filter.focus();
  else if (e.key === '?') help();
  else if (/^[1-9]$/.test(e.key) && tabs[e.key - 1]) go(tabs[e.key - 1][0]);
  else if (!shown.key?.(e)) return;
  e.preventDefault();
});

watch((changed) => {
  if (changed.has('connection')) drawConnection();
  if (changed.has('clock') || changed.has('all')) drawClock();
  if (changed.has('accounts') || changed.has('all')) drawAccounts();
  shown?.update(changed);
});

setInterval(drawClock, 1000);
addEventListener('hashchange', route);
drawConnection();
drawClock();
drawAccounts();
route();
connect();
