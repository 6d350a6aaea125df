// Small helpers for the page. Text reaches the document by textContent only.

// h returns an element. Properties: class, on<event> handlers, others as attributes;
// true is an empty attribute, false and null are none. Children: nodes, texts, lists.
export function h(tag, props, ...children) {
  const svg = /^(svg|path|line|circle|g|rect)$/.test(tag) || tag === 'svgtext' || tag === 'svgtitle';
  const el = svg ? document.createElementNS('http://www.w3.org/2000/svg', tag.replace(/^svg(?=t)/, '')) : document.createElement(tag);
  for (const [name, value] of Object.entries(props ?? {})) {
    if (value === false || value === null || value === undefined) continue;
    if (name.startsWith('on')) el.addEventListener(name.slice(2), value);
    else el.setAttribute(name, value === true ? '' : String(value));
  }
  append(el, children);
  return el;
}

function append(el, children) {
  for (const child of children) {
    if (child === null || child === undefined || child === false) continue;
    if (Array.isArray(child)) append(el, child);
    else if (child instanceof Node) el.appendChild(child);
    else el.appendChild(document.createTextNode(String(child)));
  }
}

export function replace(el, ...children) {
  el.textContent = '';
  append(el, children);
  return el;
}

// setText changes a text only if it differs, so that screen readers and selections rest.
export function setText(el, text) {
  if (el.textContent !== text) el.textContent = text;
}

export function toast(text, bad = false) {
  const box = document.getElementById('toasts');
  const one = h('div', { class: bad ? 'toast bad' : 'toast', role: bad ? 'alert' : null }, text,
    h('button', { type: 'button', class: 'quiet', 'aria-label': 'Close the message', onclick: () => one.remove() }, '×'));
  box.append(one);
  while (box.children.length > 4) box.firstChild.remove();
  setTimeout(() => one.remove(), bad ? 15000 : 5000);
}

export async function copy(text, button) {
  try {
    await navigator.clipboard.writeText(text);
  } catch { // http on another address than loopback has no clipboard
    const area = h('textarea', { class: 'offscreen', 'aria-hidden': 'true' });
    area.value = text;
    document.body.append(area);
    area.select();
    document.execCommand('copy');
    area.remove();
  }
  const before = button.textContent;
  button.textContent = 'Copied';
  setTimeout(() => { button.textContent = before; }, 1500);
}

// code is a block of text with a button that copies it.
export function code(text, label) {
  const pre = h('pre', { tabindex: '0', role: 'region', 'aria-label': label }, text);
  const button = h('button', { type: 'button', class: 'quiet copy', 'aria-label': `Copy: ${label}` }, 'Copy');
  button.addEventListener('click', () => copy(pre.textContent, button));
  const box = h('div', { class: 'code' }, pre, button);
  box.set = (next) => setText(pre, next);
  return box;
}

export function card(title, ...children) {
  return h('div', { class: 'card' }, h('h2', null, title), ...children);
}

// facts is a list of names and values; a value of null is left out.
export function facts(pairs) {
  const list = h('dl', { class: 'facts' });
  for (const [name, value] of pairs) {
    if (value === null || value === undefined || value === '') continue;
    append(list, [h('dt', null, name), h('dd', null, value)]);
  }
  return list;
}

// table is a table with a caption for screen readers. Rows are lists of cells.
export function table(caption, head, rows, none) {
  if (!rows.length) return h('p', { class: 'none' }, none ?? 'None.');
  return h('div', { class: 'tablebox', tabindex: '0', role: 'region', 'aria-label': caption },
    h('table', null, h('caption', { class: 'offscreen' }, caption),
      h('thead', null, h('tr', null, head.map((name) => h('th', { scope: 'col' }, name)))),
      h('tbody', null, rows.map((cells) => h('tr', null, cells.map((cell) => h('td', null, cell)))))));
}

export function field(label, control, hint) {
  control.id ||= `field-${++fields}`;
  if (hint) control.setAttribute('aria-describedby', `${control.id}-hint`);
  return h('div', { class: 'field' }, h('label', { for: control.id }, label), control,
    hint && h('small', { id: `${control.id}-hint` }, hint));
}
let fields = 0;

export function select(options, value) {
  const el = h('select');
  for (const option of options) {
    const [key, text] = Array.isArray(option) ? option : [option, option];
    el.append(h('option', { value: key }, text));
  }
  if (value !== undefined) el.value = value;
  return el;
}

// completing is an input that offers values.
export function completing(props, values) {
  const id = `list-${++fields}`;
  const list = h('datalist', { id });
  const input = h('input', { ...props, list: id, autocomplete: 'off', spellcheck: 'false' });
  const box = h('span', { class: 'completing' }, input, list);
  box.offer = (next) => replace(list, next.map((value) => h('option', { value })));
  box.input = input;
  box.offer(values);
  return box;
}

export function dialog(title, ...children) {
  const close = h('button', { type: 'button', class: 'quiet', 'aria-label': 'Close' }, '×');
  const el = h('dialog', { 'aria-label': title }, h('div', { class: 'dialoghead' }, h('h2', null, title), close), ...children);
  close.addEventListener('click', () => el.close());
  el.addEventListener('close', () => el.remove());
  document.body.append(el);
  el.showModal();
  return el;
}

export function download(name, text, type) {
  const url = URL.createObjectURL(new Blob([text], { type }));
  h('a', { href: url, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(url), 1000);
}

// soon returns a function that calls f, an async one, but at most once in so many
// milliseconds, however often it is called.
export function soon(f, ms) {
  let timer = 0;
  let again = false;
  const ask = () => {
    again = Boolean(timer);
    if (timer) return;
    f().catch(() => {});
    timer = setTimeout(() => { timer = 0; if (again) ask(); }, ms);
  };
  ask.stop = () => { clearTimeout(timer); timer = -1; };
  return ask;
}

// Rows shows a long list: only the rows in view are in the document.
export class Rows {
  constructor({ label, height, key, fill, cells, open }) {
    Object.assign(this, { height, key, fill, cells, open, items: [], selected: null, pool: [] });
    this.body = h('div', { role: 'rowgroup', class: 'rows' });
    this.el = h('div', { class: 'grid', role: 'grid', tabindex: '0', 'aria-label': label, 'aria-readonly': 'true' }, this.body);
    this.id = `rows-${++fields}`;
    this.el.addEventListener('scroll', () => this.draw(), { passive: true });
    this.el.addEventListener('click', (e) => {
      const row = e.target.closest('[role=row]');
      const item = row && this.items[Number(row.dataset.index)];
      if (item) { this.select(this.key(item)); this.open(item); }
    });
    new ResizeObserver(() => this.draw()).observe(this.el);
  }

  // at is the place of an item by its key, -1 if it is not there.
  at(key, items = this.items) { return key === null ? -1 : items.findIndex((item) => this.key(item) === key); }

  // show replaces the items. A reader who has scrolled keeps the place
  // while items are added on top.
  show(items) {
    const top = this.el.scrollTop;
    const before = Math.floor(top / this.height);
    const first = top > 0 && this.items[before];
    this.items = items;
    this.body.style.height = `${Math.max(items.length, 1) * this.height}px`;
    if (first) {
      const now = this.at(this.key(first), items);
      if (now >= 0 && now !== before) this.el.scrollTop = top + (now - before) * this.height;
    }
    this.el.setAttribute('aria-rowcount', String(items.length));
    this.draw();
  }

  // draw shows the rows in view; live: texts that depend on the time as well.
  draw(live = false) {
    const from = Math.max(0, Math.floor(this.el.scrollTop / this.height) - 2);
    const count = Math.min(this.items.length - from, Math.ceil(this.el.clientHeight / this.height) + 4);
    while (this.pool.length < count) {
      const row = h('div', { role: 'row', class: 'row' }, this.cells.map((name) => h('div', { role: 'gridcell', class: name })));
      this.pool.push(row);
      this.body.append(row);
    }
    this.pool.forEach((row, i) => {
      const item = i < count ? this.items[from + i] : null;
      row.hidden = !item;
      if (!item) { row.removeAttribute('id'); return; }
      row.dataset.index = String(from + i);
      const key = this.key(item);
      row.id = `${this.id}-${key}`;
      row.setAttribute('aria-rowindex', String(from + i + 1));
      row.setAttribute('aria-selected', String(key === this.selected));
      row.style.transform = `translateY(${(from + i) * this.height}px)`;
      if (row.shown !== item || live) {
        row.shown = item;
        this.fill(row, item);
      }
    });
    if (document.getElementById(`${this.id}-${this.selected}`)) {
      this.el.setAttribute('aria-activedescendant', `${this.id}-${this.selected}`);
    } else this.el.removeAttribute('aria-activedescendant');
  }

  select(key) {
    this.selected = key;
    const i = this.at(key);
    if (i >= 0) {
      const top = i * this.height;
      if (top < this.el.scrollTop) this.el.scrollTop = top;
      else if (top + this.height > this.el.scrollTop + this.el.clientHeight) this.el.scrollTop = top + this.height - this.el.clientHeight;
    }
    this.draw();
  }

  move(by) {
    if (!this.items.length) return;
    const now = this.at(this.selected);
    const next = now < 0 ? 0 : Math.min(this.items.length - 1, Math.max(0, now + by));
    this.select(this.key(this.items[next]));
  }

  openSelected() {
    const item = this.items[this.at(this.selected)];
    if (item) this.open(item);
  }
}
