// The common steps, by the official Node SDK. One JSON line in, one out; see ../README.md.
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import sdk from '@voximplant/apiclient-nodejs';

if (process.argv[2] === '--version') {
  const { version } = createRequire(import.meta.url)('@voximplant/apiclient-nodejs/package.json');
  console.log(`Node.js ${process.version.slice(1)}, SDK ${version}`);
  process.exit();
}

const camel = (name) => name.replace(/_(.)/g, (_, letter) => letter.toUpperCase());
// Names of currencies, all in capitals, stay as they are.
const snake = (name) => name.replace(/(?<=[a-z0-9])[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

// renamed gives a value with the members of its objects renamed, at every depth.
function renamed(value, rename) {
  if (Array.isArray(value)) return value.map((item) => renamed(item, rename));
  if (value === null || typeof value !== 'object' || value instanceof Date) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [rename(name), renamed(member, rename)]));
}

// Lists of numbers are arrays to the SDK; it wants lists of names joined by the caller.
// It wants objects for moments.
const argument = (name, value) => {
  if (name === 'from_date' || name === 'to_date') return new Date(`${value.replace(' ', 'T')}Z`);
  return Array.isArray(value) && typeof value[0] === 'string' ? value.join(';') : value;
};

const clients = new Map();
function client(key) {
  if (!clients.has(key)) {
    clients.set(key, new Promise((ready) => {
      const made = new sdk.default({
        pathToCredentials: join(process.env.VOXEMU_CREDENTIALS_DIR, `${key}.json`), host: process.env.VOXEMU_TLS_HOST,
      });
      made.onReady = () => ready(made);
    }));
  }
  return clients.get(key);
}

// call finds the method in whichever section of the SDK has it.
async function call({ method, parameters, key }) {
  const name = method[0].toLowerCase() + method.slice(1);
  const section = Object.values(await client(key)).find((methods) => typeof methods?.[name] === 'function');
  if (!section) return { exception: `the SDK has no ${name}` };
  const request = Object.fromEntries(Object.entries(parameters).map(([name, value]) => [camel(name), argument(name, value)]));
  const reply = await section[name](request);
  return reply.error ? { error: reply.error } : { reply: renamed(reply, snake) };
}

for await (const line of createInterface({ input: process.stdin })) {
  const outcome = await call(JSON.parse(line)).catch((error) => ({ exception: String(error) }));
  console.log(JSON.stringify(outcome));
}
