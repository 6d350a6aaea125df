// Requests to the control API. The token is kept for this tab only.
const tokenKey = 'voxemu-control-token';
let token = sessionStorage.getItem(tokenKey) ?? '';

export function setToken(text) {
  token = text;
  if (text) sessionStorage.setItem(tokenKey, text);
  else sessionStorage.removeItem(tokenKey);
}

// Failure is an error reply: its message, and the place and other mistakes if known.
export class Failure extends Error {
  constructor(status, problem) {
    super([problem.message, ...(problem.more ?? []).map((m) => m.message)].join('\n'));
    this.status = status;
    this.problem = problem;
  }
}

const headers = () => (token ? { Authorization: `Bearer ${token}` } : {});

async function send(verb, path, body, signal) {
  const reply = await fetch(path, {
    method: verb, headers: headers(), signal, cache: 'no-store',
    body: body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body),
  });
  if (reply.ok) return reply;
  let problem = { message: `HTTP ${reply.status} ${reply.statusText}` };
  try {
    problem = (await reply.json()).error ?? problem;
  } catch { /* not JSON */ }
  throw new Failure(reply.status, problem);
}

export const get = async (path) => (await send('GET', `/_voxemu${path}`)).json();
export const text = async (path) => (await send('GET', `/_voxemu${path}`)).text();
export const call = async (verb, path, body) => (await send(verb, `/_voxemu${path}`, body)).json();

// events reads the stream of events and calls each with its type and its data as text,
// until the connection ends.
export async function events(account, each, opened, signal) {
  const reply = await send('GET', `/_voxemu/events?pace=200ms&requests=10&money=true${account ? `&account_id=${account}` : ''}`, undefined, signal);
  const reader = reply.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  let first = true;
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    if (first) { first = false; opened(); }
    rest += value;
    const blocks = rest.split('\n\n');
    rest = blocks.pop();
    for (const block of blocks) {
      if (!block.startsWith('event: ')) continue; // a comment
      const cut = block.indexOf('\n');
      each(block.slice(7, cut), block.slice(cut + 7));
    }
  }
}
