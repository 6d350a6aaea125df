// Scenario: what is loaded, an editor that checks, snapshots, export.
import { actions } from './actions.js';
import { call, get, text as getText } from './api.js';
import { card, code, download, field, h, replace, select, setText, table } from './dom.js';
import { time } from './format.js';
import { pill } from './pills.js';
import { state } from './store.js';

const kept = { text: null, base: '' };

// editor is a text area with line numbers that marks mistakes at their line and column.
function editor(changed) {
  const area = h('textarea', { 'aria-label': 'Scenario, YAML', spellcheck: 'false', autocapitalize: 'off', wrap: 'off' });
  const lines = h('pre', { class: 'lines', 'aria-hidden': 'true' });
  const marks = h('pre', { class: 'marks', 'aria-hidden': 'true' });
  const el = h('div', { class: 'editor' }, lines, h('div', { class: 'paper' }, marks, area));
  let mistakes = [];
  function draw() {
    const all = area.value.split('\n');
    const bad = new Set(mistakes.map((m) => m.line));
    replace(lines, all.map((_, i) => h('span', { class: bad.has(i + 1) ? 'bad' : null }, `${i + 1}\n`)));
    const byLine = new Map();
    for (const m of mistakes) if (m.line && !byLine.has(m.line)) byLine.set(m.line, m);
    replace(marks, all.map((line, i) => {
      const m = byLine.get(i + 1);
      if (!m) return `${line}\n`;
      const at = Math.max(0, (m.column || 1) - 1);
      const length = Math.max(1, (/^[^\s:,\]}]+/.exec(line.slice(at)) ?? [''])[0].length);
      return [line.slice(0, at), h('mark', null, line.slice(at, at + length) || ' '), `${line.slice(at + length)}\n`];
    }));
    scroll();
  }
  function scroll() {
    lines.scrollTop = marks.scrollTop = area.scrollTop;
    marks.scrollLeft = area.scrollLeft;
  }
  area.addEventListener('scroll', scroll, { passive: true });
  area.addEventListener('input', () => { mistakes = []; draw(); changed(); });
  area.addEventListener('keydown', (e) => {
    if (e.key !== 'Tab' || e.shiftKey || e.ctrlKey) return;
    const line = area.value.slice(0, area.selectionStart).split('\n').pop();
    if (line.trim()) return; // Tab leaves the field, except for indenting
    e.preventDefault();
    area.setRangeText('  ', area.selectionStart, area.selectionEnd, 'end');
    area.dispatchEvent(new Event('input'));
  });
  return {
    el, area,
    get value() { return area.value; },
    set value(next) { area.value = next; mistakes = []; draw(); changed(); },
    mark(found) { mistakes = found; draw(); },
    go(m) {
      const before = area.value.split('\n').slice(0, m.line - 1).reduce((n, line) => n + line.length + 1, 0) + Math.max(0, (m.column || 1) - 1);
      area.focus();
      area.setSelectionRange(before, before);
    },
  };
}

// differences is a table of what differs.
function differences(list, more, none) {
  const kinds = { added: 'good', removed: 'bad', changed: 'warn' };
  return [table('Differences', ['Where', 'What', 'Members'], list.map((d) => [
    d.id ? `${d.section} ${d.id}` : d.section, pill(kinds[d.change], d.change),
    h('ul', { class: 'members' }, (d.members ?? []).map((m) => h('li', null, h('code', null, m.name || 'value'), `: ${m.before ?? 'nothing'} → ${m.after ?? 'nothing'}`)))]), none),
  more > 0 && h('p', { class: 'hint' }, `${more} more differences are not shown.`)];
}

export function view() {
  const loaded = h('div');
  const builtin = h('div', { class: 'stack' });
  const found = h('div', { 'aria-live': 'polite' });
  const base = select([['', 'nothing']]);
  const verdict = h('span', { class: 'pill off', role: 'status' }, 'not checked');
  let later = 0;
  let turn = 0;

  const body = () => ({ ...(base.value && { name: base.value }), ...(edit.value.trim() && { yaml: edit.value }) });

  const command = () => ['load', ...(base.value ? [base.value] : []), ...(edit.value.trim() ? ['scenario.yaml'] : [])];

  async function check(dry = false) {
    const mine = ++turn;
    const wanted = body();
    if (!wanted.yaml && !wanted.name) {
      replace(found, h('p', { class: 'hint' }, 'Write a scenario, or choose what it is laid on.'));
      setText(verdict, 'empty');
      verdict.className = 'pill off';
      return null;
    }
    const result = await call('POST', '/scenarios/check', wanted);
    if (mine !== turn) return result;
    edit.mark(result.mistakes.filter((m) => m.source === 'yaml'));
    const n = result.mistakes.length;
    verdict.className = `pill ${n ? 'bad' : 'good'}`;
    setText(verdict, n ? `${n} mistake${n > 1 ? 's' : ''}` : 'no mistakes');
    const changes = result.differences.length + result.more_differences;
    replace(found, n ? h('ul', { class: 'mistakes' }, result.mistakes.map((m) => h('li', null,
      m.line && m.source === 'yaml' ? h('button', { type: 'button', class: 'quiet', onclick: () => edit.go(m) }, `line ${m.line}, column ${m.column}`) : h('span', { class: 'dim' }, m.source ?? ''),
      ` ${m.place ? `${m.place}: ` : ''}${m.message}`)))
      : h('details', { open: dry }, h('summary', null, changes ? `Loading it would change ${changes} row${changes > 1 ? 's' : ''} and settings` : 'Loading it would change nothing'), differences(result.differences, result.more_differences, 'Nothing.')));
    return result;
  }

  const edit = editor(() => {
    kept.text = edit.value;
    clearTimeout(later);
    later = setTimeout(() => check().catch((e) => replace(found, h('p', { class: 'bad' }, e.message))), 300);
    buttons?.refresh();
  });
  base.addEventListener('change', () => { kept.base = base.value; check(); buttons.refresh(); });

  const buttons = actions('The scenario in the editor', [
    { label: 'Dry run', request: () => ({ verb: 'POST', path: '/scenarios/check', body: body(), cli: [...command(), '--dry-run'] }), run: () => check(true) },
    { label: 'Apply', primary: true, request: () => ({ verb: 'POST', path: '/scenarios', body: body(), cli: command() }), done: 'The scenario is loaded.', after: load },
  ]);

  const name = h('input', { type: 'text', value: 'before', pattern: '[A-Za-z0-9._\\-]{1,64}', spellcheck: 'false' });
  const snapshots = h('div', { class: 'stack' });
  const compared = h('div', { 'aria-live': 'polite' });
  const first = select([]);
  const second = select([]);
  const take = actions('Take a snapshot', [{
    label: 'Take a snapshot', request: () => ({ verb: 'POST', path: '/snapshots', body: { name: name.value.trim() }, cli: ['snapshots', 'take', name.value.trim()] }),
    done: (s) => `${s.name} is kept.`, after: load,
  }]);
  name.addEventListener('input', () => take.refresh());
  const comparePath = () => {
    if (!first.value) throw new Error('take a snapshot first');
    return `/snapshots/${encodeURIComponent(first.value)}/compare${second.value ? `?with=${encodeURIComponent(second.value)}` : ''}`;
  };
  const compare = actions('Compare snapshots', [{
    label: 'Compare', request: () => ({ verb: 'GET', path: comparePath(), cli: ['snapshots', 'compare', first.value, ...(second.value ? [second.value] : [])] }),
    run: async () => {
      const result = await get(comparePath());
      replace(compared, differences(result.differences, result.more_differences, 'They are the same.'));
    },
  }]);
  for (const choice of [first, second]) choice.addEventListener('change', () => compare.refresh());

  const exporting = (label, query, file, cli) => ({
    label, request: { verb: 'GET', path: `/state${query}`, cli },
    run: async () => { download(file, await getText(`/state${query}`), 'application/yaml'); },
  });
  const exports = actions('Export the state', [
    exporting('Export as YAML', '', 'voxemu-state.yaml', ['state', '--out', 'voxemu-state.yaml']),
    exporting('Export with secrets', '?secrets=true', 'voxemu-state-secrets.yaml', ['state', '--secrets', '--out', 'voxemu-state-secrets.yaml']),
    { label: 'Reset', danger: true, request: { verb: 'POST', path: '/reset', cli: ['reset'] }, done: 'The state is that of the scenarios again.', after: load },
  ]);

  const whole = h('div');
  const shown = h('details', null, h('summary', null, 'The text, merged, with all defaults'), whole);
  shown.addEventListener('toggle', () => shown.open && showText());
  async function showText() {
    const text = await getText('/scenario');
    replace(whole, code(text.length > 60000 ? `${text.slice(0, 60000)}\n# the rest is not shown` : text, 'The loaded scenario'),
      h('button', { type: 'button', onclick: () => { base.value = ''; edit.value = text; } }, 'Edit it'));
  }

  const el = h('div', { class: 'view' }, h('div', { class: 'viewhead' }, h('h1', null, 'Scenario')), h('div', { class: 'columns' },
    h('div', null, card('Editor', h('div', { class: 'fields' }, field('Laid on top of', base), h('div', { class: 'field' }, h('span', { class: 'dim' }, 'Checked while you type'), h('span', null, verdict))), edit.el, found, buttons)),
    h('div', null, card('Loaded', loaded, exports), card('Built-in scenarios', builtin),
      card('Snapshots', h('div', { class: 'fields' }, field('Name', name)), take, snapshots, h('h3', null, 'Differences'), h('div', { class: 'fields' }, field('Before', first), field('After', second)), compare, compared))));

  async function load() {
    const [{ scenarios }, list, health] = await Promise.all([get('/scenarios'), get('/snapshots'), get('/health')]);
    state.health = health;
    const names = health.scenario.join(' + ') || 'none';
    if (shown.open) showText();
    replace(loaded, h('p', null, 'Scenarios and files: ', h('strong', null, names)), shown,
      h('p', { class: 'hint' }, Object.entries(health.counts).map(([key, n]) => `${n} ${key.replaceAll('_', ' ')}`).join(', ')));
    const wasBase = base.value || kept.base;
    replace(base, h('option', { value: '' }, 'nothing'), scenarios.map((s) => h('option', { value: s.name }, s.name)));
    base.value = wasBase;
    if (!builtin.children.length) {
      replace(builtin, scenarios.map((s) => h('div', { class: 'builtin' }, h('div', null, h('strong', null, s.name), h('div', { class: 'dim' }, s.description)),
        h('div', { class: 'buttons' },
          h('button', { type: 'button', 'aria-label': `Show ${s.name}`, onclick: async () => { base.value = ''; edit.value = await getText(`/scenarios/${s.name}`); edit.area.scrollIntoView({ block: 'center' }); } }, 'Show')))),
      actions('Load a built-in scenario', scenarios.map((s) => ({ label: `Load ${s.name}`, request: { verb: 'POST', path: '/scenarios', body: { name: s.name }, cli: ['load', s.name] }, done: `${s.name} is loaded.`, after: load }))));
    }
    replace(snapshots, table('Snapshots', ['Name', 'Taken at', 'Actions'], list.snapshots.map((s) => [h('strong', null, s.name), time(s.taken_at), actions(`Snapshot ${s.name}`, [
      { label: 'Restore', request: { verb: 'POST', path: `/snapshots/${encodeURIComponent(s.name)}/restore`, cli: ['snapshots', 'restore', s.name] }, done: `The state is that of ${s.name}.`, after: load },
      { label: 'Delete', request: { verb: 'DELETE', path: `/snapshots/${encodeURIComponent(s.name)}`, cli: ['snapshots', 'delete', s.name] }, done: `${s.name} is deleted.`, after: load },
    ])]), 'None yet.'));
    const [a, b] = [first.value, second.value];
    replace(first, list.snapshots.map((s) => h('option', { value: s.name }, s.name)));
    replace(second, h('option', { value: '' }, 'the state now'), list.snapshots.map((s) => h('option', { value: s.name }, s.name)));
    if (list.snapshots.some((s) => s.name === a)) first.value = a;
    if (list.snapshots.some((s) => s.name === b)) second.value = b;
    compare.refresh();
    buttons.refresh();
  }

  edit.value = kept.text ?? '# A scenario: choose what it is laid on, or write all of it.\nextends: demo\nbilling:\n  monthly_fee: 2.00\n';
  return {
    title: 'Scenario', el,
    update(changed) { if (changed.has('all') || changed.has('state')) load().catch(() => {}); },
    close() { clearTimeout(later); turn++; },
  };
}
