// Coverage and assumptions: what is emulated, and what is only believed.
import { get } from './api.js';
import { card, h, replace, setText, table } from './dom.js';
import { pill } from './pills.js';

export function view() {
  const filter = h('input', { type: 'search', placeholder: 'Search methods and assumptions', 'aria-label': 'Search methods and assumptions' });
  const count = h('span', { class: 'count', role: 'status' });
  const methods = h('div');
  const assumptions = h('div');
  const el = h('div', { class: 'view' }, h('div', { class: 'viewhead' }, h('h1', null, 'Coverage and assumptions')),
    h('div', { class: 'toolbar' }, filter, count),
    h('div', { class: 'columns' }, h('div', null, card('Methods', methods)), h('div', null, card('Assumptions', assumptions))));
  let rows = [];
  let list = [];

  function draw() {
    const words = filter.value.toLowerCase().split(/\s+/).filter(Boolean);
    const fits = (...texts) => { const text = texts.join(' ').toLowerCase(); return words.every((w) => text.includes(w)); };
    const some = rows.filter((r) => fits(...r));
    const believed = list.filter((a) => fits(a.id, a.says, a.because, a.risk, a.experiment, a.mark, a.behaviour ?? ''));
    setText(count, `${some.length} methods, ${believed.length} assumptions`);
    const kinds = { emulated: 'good', partly: 'warn', 'not emulated': 'off' };
    replace(methods, table('Methods', ['Method', 'Emulated', 'Why'], some.slice(0, 300).map(([name, how, why]) => [h('code', null, name), pill(kinds[how], how), why]), 'No method fits.'),
      some.length > 300 && h('p', { class: 'hint' }, `The first 300 of ${some.length} are shown; search for others.`));
    replace(assumptions, table('Assumptions', ['Id', 'What the emulator does', 'Evidence', 'Switch'], believed.map((a) => [
      h('strong', null, a.id), h('details', null, h('summary', null, a.says), h('p', null, h('strong', null, 'Because '), a.because), h('p', null, h('strong', null, 'If it is wrong '), a.risk), h('p', null, h('strong', null, 'Experiment '), a.experiment)),
      `${a.mark}, ${a.date}`, a.behaviour ? h('code', null, a.behaviour) : '']), 'No assumption fits.'));
  }

  filter.addEventListener('input', draw);
  let done = false;
  async function load() {
    const [coverage, all] = await Promise.all([get('/coverage'), get('/assumptions')]);
    rows = [
      ...coverage.emulated.map((name) => [name, 'emulated', '']),
      ...Object.entries(coverage.partly).map(([name, why]) => [name, 'partly', Object.entries(why).map(([p, reason]) => `${p}: ${reason}`).join('; ')]),
      ...Object.entries(coverage.not_emulated).sort().map(([name, why]) => [name, 'not emulated', why]),
    ];
    list = all.assumptions;
    draw();
    done = true;
  }
  return {
    title: 'Coverage and assumptions', el, filter,
    update(changed) { if (!done && changed.has('all')) load().catch(() => {}); },
    close() {},
  };
}
