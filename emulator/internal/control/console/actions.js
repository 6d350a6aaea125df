// Buttons that change the emulator. Each shows the command that does the same.
import { call, text } from './api.js';
import { copy, h, setText, toast } from './dom.js';
import { curl, voxemu } from './format.js';

// equivalent is the command for a request: voxemu's if it has one, else curl.
export function equivalent({ verb, path, body, cli }) {
  return cli ? voxemu(...cli) : curl(verb, `/_voxemu${path}`, body);
}

export async function perform(request, done) {
  const { verb, path, body, plain } = request;
  const reply = plain ? await text(path) : await call(verb, path, body);
  toast(typeof done === 'function' ? done(reply) : done ?? 'Done.');
  return reply;
}

// actions is a group of buttons and, below, the command of the one that was pointed at,
// focused or pressed last. An action has label, request (an object, or a function that
// returns one or throws why not), done (a text or a function of the reply), after, danger,
// and show, if it does not send the request itself.
export function actions(label, list) {
  const line = h('code', { class: 'equivalent' });
  const copier = h('button', { type: 'button', class: 'quiet', 'aria-label': 'Copy the command' }, 'Copy');
  copier.addEventListener('click', () => copy(line.textContent, copier));
  let shown = list[0];
  const make = (action) => (typeof action.request === 'function' ? action.request() : action.request);
  const describe = (action) => {
    shown = action;
    try {
      setText(line, equivalent(make(action)));
    } catch (e) {
      setText(line, `# ${e.message}`);
    }
  };
  const buttons = list.map((action) => {
    const button = h('button', { type: 'button', class: action.danger ? 'danger' : action.primary ? 'primary' : null }, action.label);
    button.addEventListener('pointerenter', () => describe(action));
    button.addEventListener('focus', () => describe(action));
    button.addEventListener('click', async () => {
      describe(action);
      button.disabled = true;
      try {
        const reply = await (action.run ?? perform)(make(action), action.done);
        action.after?.(reply);
      } catch (e) {
        toast(e.message, true);
      }
      button.disabled = false;
    });
    return button;
  });
  const box = h('div', { class: 'actions' },
    h('div', { class: 'buttons', role: 'group', 'aria-label': label }, buttons),
    h('div', { class: 'command' }, h('span', { class: 'prompt', 'aria-hidden': 'true' }, '$'), line, copier));
  box.refresh = () => describe(shown);
  box.refresh();
  return box;
}
