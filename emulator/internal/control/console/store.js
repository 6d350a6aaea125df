// What the page knows of the emulator: lists that are read once, and events on top of
// them. Changes reach the views at most every tenth of a second.
import { events, Failure, get } from './api.js';
import { place } from './format.js';

export const maxRequests = 500; // rows that are kept
const maxPending = 20000; // events that wait; more, and the lists are read again
const part = 1000; // registrations that are read at once
const most = 500; // events between two changes of the view
const pace = 50; // milliseconds between two changes of the view

export const state = {
  connection: 'connecting', // live, lost or token
  account: Number(sessionStorage.getItem('voxemu-account') ?? 0),
  registrations: new Map(), accounts: new Map(), users: new Map(),
  requests: [], // newest first
  skipped: 0, // requests that came too fast to be sent one by one; read when it is quieter
  clock: { now: new Date().toISOString(), mode: 'live', read: performance.now() },
  health: { scenario: [], listeners: {}, version: '' }, config: {},
};

// sortedRegistrations are the registrations by id. The order changes only with the ids.
export function sortedRegistrations() {
  const map = state.registrations;
  if (order.of !== map || order.ids.length !== map.size || !order.ids.every((id) => map.has(id))) order = { of: map, ids: [...map.keys()].sort((a, b) => a - b) };
  return order.ids.map((id) => map.get(id));
}
let order = { of: null, ids: [] };

const listeners = new Set();

// watch calls changed with a set of names (requests, registrations, accounts, users,
// clock, state, callbacks, connection) until the returned function is called.
export function watch(changed) {
  listeners.add(changed);
  return () => listeners.delete(changed);
}

export function tell(...names) {
  const set = new Set(names);
  for (const listener of [...listeners]) listener(set);
}

// now is the emulator's time in milliseconds.
export function now() {
  const passed = state.clock.mode === 'stopped' ? 0 : performance.now() - state.clock.read;
  return Date.parse(state.clock.now) + passed;
}

export function setClock(clock) {
  state.clock = { now: clock.now, mode: clock.mode ?? state.clock.mode, read: performance.now() };
}

let pending = [];
let overflowed = false;
let scheduled = false;
let lastFlush = 0;

function receive(type, data) {
  if (pending.length >= maxPending) {
    pending = [];
    overflowed = true;
  }
  pending.push([type, data]);
  schedule();
}

function schedule() {
  if (scheduled) return;
  scheduled = true;
  const wait = Math.max(0, lastFlush + pace - performance.now());
  setTimeout(() => (document.hidden ? flush() : requestAnimationFrame(flush)), wait);
}

function flush() {
  scheduled = false;
  if (reading) return; // events on top of lists that are still being read
  lastFlush = performance.now();
  const batch = pending.splice(0, most);
  const changed = new Set();
  const calls = [];
  for (const [type, data] of batch) apply(type, data, calls, changed);
  if (calls.length) addRequests(calls.map((text) => JSON.parse(text)), changed);
  if (overflowed) changed.add('lost');
  overflowed = false;
  if (changed.has('state') || changed.has('lost')) reload();
  if (changed.size) tell(...changed);
  if (pending.length) schedule();
}

function apply(type, data, calls, changed) {
  switch (type) {
    case 'call':
    case 'callback':
      calls.push(data);
      if (type === 'callback') changed.add('callbacks');
      return;
    case 'registration': {
      const event = JSON.parse(data);
      const r = event.registration;
      if (event.change === 'deleted') state.registrations.delete(r.id);
      else state.registrations.set(r.id, r);
      changed.add('registrations');
      return;
    }
    case 'account': {
      const event = JSON.parse(data);
      if (event.change === 'deleted') state.accounts.delete(event.account.account_id);
      else state.accounts.set(event.account.account_id, event.account);
      changed.add('accounts');
      return;
    }
    case 'user': {
      const event = JSON.parse(data);
      if (event.change === 'deleted') state.users.delete(event.user.user_id);
      else state.users.set(event.user.user_id, event.user);
      changed.add('users');
      return;
    }
    case 'clock':
      setClock(JSON.parse(data));
      changed.add('clock');
      return;
    case 'skipped':
      state.skipped += JSON.parse(data).skipped;
      changed.add('requests').add('callbacks');
      clearTimeout(quiet);
      quiet = setTimeout(fill, 1000);
      return;
    case 'sip':
    case 'incoming_call':
    case 'state':
    case 'lost':
      changed.add(type);
  }
}

function addRequests(fresh, changed) {
  const known = new Set(state.requests.map((r) => r.number));
  const added = fresh.filter((r) => !known.has(r.number));
  state.requests = [...added, ...state.requests].sort((a, b) => b.number - a.number).slice(0, maxRequests);
  changed.add('requests');
}

let quiet = 0;

// fill reads the requests that were skipped, once no more are.
async function fill() {
  try {
    await read(readRequests);
    tell('requests');
  } catch { /* the stream has ended as well and is opened again */ }
}

const byKey = (list, key) => new Map(list.map((one) => [one[key], one]));

let reading = null;

// read replaces everything, or a part, by what the control API says now.
function read(part = readAll) {
  reading ??= part().finally(() => {
    reading = null;
    if (pending.length) schedule();
  });
  return reading;
}

const only = () => (state.account ? `account_id=${state.account}` : '');

async function readRequests() {
  state.skipped = 0;
  state.requests = (await get(`/requests?last=${maxRequests}&${only()}`)).requests.reverse();
}

async function readAll() {
  const [health, config, clock, accounts, users] = await Promise.all([
    get('/health'), get('/config'), get('/clock'), get('/accounts'), get(`/users?${only()}`), readRequests(),
  ]);
  const rows = new Map();
  for (let after = 0; ;) { // in parts, so that none takes long to read
    const { registrations } = await get(`/registrations?money=true&after=${after}&limit=${part}&${only()}`);
    for (const r of registrations) rows.set(r.id, r);
    if (registrations.length < part) break;
    after = registrations.at(-1).id;
  }
  state.registrations = rows;
  state.health = health;
  state.config = config;
  place.token = config.control_token;
  place.listeners = health.listeners;
  setClock(clock);
  state.accounts = byKey(accounts.accounts, 'account_id');
  state.users = byKey(users.users, 'user_id');
  if (state.account && !state.accounts.has(state.account)) chooseAccount(0);
}

let reloadAt = 0;
let reloading = 0;

// reload reads everything again, at most every two seconds.
export function reload() {
  if (reloading) return;
  reloading = setTimeout(async () => {
    reloadAt = performance.now();
    try {
      await read();
      tell('all');
    } catch { /* the stream has ended as well and is opened again */ }
    reloading = 0;
  }, Math.max(0, reloadAt + 2000 - performance.now()));
}

// refresh reads everything now.
export async function refresh() {
  await read();
  tell('all');
}

let stop = new AbortController();

export function chooseAccount(id) {
  state.account = id;
  sessionStorage.setItem('voxemu-account', String(id));
  stop.abort();
}

// connect follows the emulator for ever. The lists are read after the stream is open, so
// that no change is missed, and requests are known by their numbers, so that none is shown
// twice.
export async function connect() {
  let wait = 250;
  for (;;) {
    stop = new AbortController();
    pending = [];
    let live = false;
    try {
      await events(state.account, receive, async () => {
        live = true;
        try {
          await read();
          wait = 250;
          state.connection = 'live';
          tell('all', 'connection');
        } catch {
          live = false;
          stop.abort();
        }
      }, stop.signal);
    } catch (e) {
      if (e instanceof Failure && e.status === 401) {
        state.connection = 'token';
        tell('connection');
        await new Promise((resolve) => { proceed = resolve; });
        continue;
      }
    }
    if (stop.signal.aborted && live) continue; // another account was chosen
    if (state.connection !== 'lost') {
      state.connection = 'lost';
      tell('connection');
    }
    await new Promise((resolve) => setTimeout(resolve, wait));
    wait = Math.min(wait * 2, 5000);
  }
}

let proceed = () => {};

// proceedWithToken tries again after the token was given.
export function proceedWithToken() { proceed(); }
