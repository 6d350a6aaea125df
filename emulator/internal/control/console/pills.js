// States, outcomes and other words with a colour.
import { h } from './dom.js';
import { now, state } from './store.js';

const words = {
  successful: ['good', 'Registered'], in_progress: ['busy', 'In progress'], failed: ['bad', 'Failed'], offline: ['off', 'Offline'],
  queued: ['busy', 'Queued'], retrying: ['warn', 'Retrying'], delivered: ['good', 'Delivered'], given_up: ['bad', 'Given up'], dropped: ['off', 'Dropped'],
};

export function pill(kind, text) {
  return h('span', { class: `pill ${kind}` }, text);
}

export function word(key) {
  const [kind, text] = words[key] ?? ['off', key];
  return pill(kind, text);
}

// stateOf is the state of a registration: kind of colour and word.
export const stateOf = (r) => (r.deactivated ? ['frozen', 'Frozen'] : words[r.state] ?? ['off', r.state]);

export const answerOf = (r) => (r.status_code ? `${r.status_code} ${r.error_message ?? ''}`.trim() : r.deactivated || r.state === 'offline' ? 'not registering' : 'no answer yet');

export function bindingOf(r) {
  const parts = [];
  if (r.user_id) parts.push(`user ${state.users.get(r.user_id)?.user_name ?? r.user_id}`);
  if (r.rule_id) parts.push(`rule ${r.rule_id}`);
  if (r.application_id) parts.push(`application ${r.application_id}`);
  return parts.length ? parts.join(', ') : 'not bound';
}

// nextOf is what happens to a registration next by itself, and when.
export function nextOf(r) {
  if (r.due && (!r.next_subscription_renewal || r.due < r.next_subscription_renewal || r.deactivated)) return [r.state === 'failed' ? 'retry' : 'answer', r.due];
  if (r.deactivated) return Date.parse(r.next_subscription_renewal) < now() ? ['unpaid since', r.next_subscription_renewal] : ['unpaid', ''];
  return ['renewal', r.next_subscription_renewal];
}

// outcomeOf is the outcome of a request: kind of colour and words.
export function outcomeOf(r) {
  if (r.aborted) return ['bad', r.aborted === 'fault' ? 'no reply (fault)' : `aborted by ${r.aborted}`];
  if (r.failure) return ['bad', r.failure];
  if (r.error) return ['bad', `${r.code} ${r.error}${r.field ? ` (${r.field})` : ''}`];
  if (r.kind === 'call' && r.status === 200) return ['good', 'ok'];
  return [r.status >= 200 && r.status < 300 ? 'good' : 'bad', r.status ? `HTTP ${r.status}` : 'no reply'];
}

export const mistakesOf = (r) => (r.mistakes?.length ?? 0) + (r.unknown_parameters?.length ?? 0) + (r.unknown_method ? 1 : 0);

export const titleOf = (r) => (r.kind === 'callback' ? `${r.callback_type} callback` : r.method || 'no method');
