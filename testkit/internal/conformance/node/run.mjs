// Starts the emulator's binary, runs the tests against it, stops it.
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';

const KEYS = ['owner-key', 'admin-key', 'developer-key', 'supervisor-key', 'accountant-key', 'support-key'];

const here = import.meta.dirname;
const binary = resolve(process.argv[2] ?? join(here, '../../../../bin/voxemu'));
const home = mkdtempSync(join(tmpdir(), 'voxemu-conformance-'));
const env = { ...process.env, VOXEMU_CONFIG_DIR: join(home, 'config') };

const server = spawn(binary, ['serve', '--addr', '127.0.0.1:0', '--tls-addr', '127.0.0.1:0', '--log-level', 'error'], {
  env, stdio: ['ignore', 'inherit', 'pipe'],
});
const stopped = once(server, 'exit');
let failed = true;
try {
  const { http, https } = await ready(server);
  env.VOXIMPLANT_EMULATOR_HOST = http.host;
  for (const key of KEYS) {
    execFileSync(binary, ['credentials', '--key', key, '--out', join(home, `${key}.json`)], { env });
  }
  execFileSync(binary, ['ca', '--out', join(home, 'ca.pem')], { env });
  Object.assign(env, {
    VOXEMU_CREDENTIALS_DIR: home, VOXEMU_TLS_HOST: https.host, NODE_EXTRA_CA_CERTS: join(home, 'ca.pem'),
  });
  const files = readdirSync(join(here, 'test')).filter((name) => name.endsWith('.test.mjs'));
  const tests = spawn(process.execPath, ['--test', '--test-concurrency=1', ...files.map((name) => join(here, 'test', name))], { env, stdio: 'inherit' });
  const [code] = await once(tests, 'exit');
  failed = code !== 0;
} finally {
  server.kill('SIGTERM');
  const [code] = await stopped;
  rmSync(home, { recursive: true });
  if (code !== 0) {
    console.error(`the server exited with ${code} on SIGTERM`);
    failed = true;
  }
}
process.exitCode = failed ? 1 : 0;

// ready waits for the line that names the real ports, and passes the rest on.
function ready(child) {
  return new Promise((found, lost) => {
    createInterface(child.stderr).on('line', (line) => {
      const match = /^voxemu ready http=(\S+) https=(\S+)$/.exec(line);
      if (match) found({ http: new URL(match[1]), https: new URL(match[2]) });
      else console.error(line);
    });
    child.on('exit', (code) => lost(new Error(`the server exited with ${code}`)));
  });
}
