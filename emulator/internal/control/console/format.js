// Times, money, commands and YAML as texts.
import { h } from './dom.js';

export const place = { token: false, listeners: {} }; // set by store.js

const two = (n) => String(n).padStart(2, '0');

// stamp is a time of the emulator, which keeps UTC.
export function stamp(iso) {
  const d = new Date(iso);
  if (!iso || Number.isNaN(d.getTime())) return '';
  return `${d.getUTCFullYear()}-${two(d.getUTCMonth() + 1)}-${two(d.getUTCDate())} ${two(d.getUTCHours())}:${two(d.getUTCMinutes())}:${two(d.getUTCSeconds())}`;
}

export function localStamp(iso) {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  return `${new Date(iso).toLocaleString()} ${zone}`;
}

// time shows UTC; the time in the reader's zone is its title.
export function time(iso) {
  if (!iso) return '';
  return h('time', { datetime: iso, title: localStamp(iso) }, `${stamp(iso)} UTC`);
}

export function span(ms) {
  const s = Math.round(Math.abs(ms) / 1000);
  const parts = [[Math.floor(s / 86400), 'd'], [Math.floor(s / 3600) % 24, 'h'], [Math.floor(s / 60) % 60, 'min'], [s % 60, 's']];
  const first = parts.findIndex(([n]) => n > 0);
  if (first < 0) return '0 s';
  return parts.slice(first, first + 2).filter(([n]) => n > 0).map(([n, unit]) => `${n} ${unit}`).join(' ');
}

export const until = (iso, now) => (new Date(iso) - now > 0 ? `in ${span(new Date(iso) - now)}` : 'now');

export const money = (amount, currency) => `${Number(amount).toFixed(2)}${currency ? ` ${currency}` : ''}`;

export const bytes = (n) => (n < 1024 ? `${n} B` : `${(n / 1024).toFixed(1)} KiB`);

export const sh = (text) => (/^[\w./:=@%+,-]+$/.test(text) ? text : `'${String(text).replaceAll("'", "'\\''")}'`);

// voxemu is a command line for the emulator that serves this page.
export function voxemu(...args) {
  const host = location.host === '127.0.0.1:15060' || location.host === 'localhost:15060' ? [] : ['--host', location.protocol === 'https:' ? location.origin : location.host];
  return ['voxemu', ...args, ...host].map(sh).join(' ');
}

// curl is the command for a request to the control API.
export function curl(verb, path, body) {
  const parts = ['curl -sS'];
  if (verb !== 'GET') parts.push(`-X ${verb}`);
  if (place.token) parts.push('-H "Authorization: Bearer $VOXEMU_CONTROL_TOKEN"');
  parts.push(sh(location.origin + path));
  if (body !== undefined) parts.push(`-d ${sh(typeof body === 'string' ? body : JSON.stringify(body))}`);
  return parts.join(' ');
}

// apiCurl is the command for a request of the journal; masked values are left to fill in.
export function apiCurl(r) {
  const base = place.listeners.http ?? place.listeners.https ?? location.origin;
  const lines = [`curl -sS ${sh(`${base}/platform_api/${r.method ?? ''}`)}`];
  for (const [name, values] of Object.entries(r.parameters ?? {})) {
    for (const value of values) {
      lines.push(value === '***' ? `  --data-urlencode "${name}=$${name.toUpperCase().replaceAll(/\W/g, '_')}"` : `  --data-urlencode ${sh(`${name}=${value}`)}`);
    }
  }
  if (r.key_id) lines.push('  -H "Authorization: Bearer $TOKEN"');
  return lines.join(' \\\n');
}

function scalar(value) {
  if (typeof value !== 'string') return String(value);
  const plain = /^[A-Za-z_/][\w ./@-]*$/.test(value) && !/^(true|false|null|yes|no|on|off|y|n)$/i.test(value) && value.trim() === value;
  return plain ? value : JSON.stringify(value);
}

// yaml writes objects, lists, texts, numbers and booleans.
export function yaml(value, indent = '') {
  if (Array.isArray(value)) {
    if (!value.length) return ' []';
    return value.map((one) => {
      const text = yaml(one, `${indent}  `);
      return `\n${indent}-${text.startsWith('\n') ? ` ${text.trimStart()}` : text}`;
    }).join('');
  }
  if (value && typeof value === 'object') {
    const keys = Object.keys(value);
    if (!keys.length) return ' {}';
    return keys.map((key) => {
      const inner = value[key];
      return `\n${indent}${scalar(key)}:${yaml(inner, `${indent}  `)}`;
    }).join('');
  }
  return ` ${scalar(value)}`;
}

export function prettyJSON(text) {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}
