// Starts a mock server that was made from the description, calls it, and stops it.
import { spawn } from 'node:child_process';
import { createServer } from 'node:net';

const probe = createServer().listen(0, '127.0.0.1');
await new Promise((done) => probe.once('listening', done));
const { port } = probe.address();
await new Promise((done) => probe.close(done));

const [command, ...args] = process.argv.slice(2).map((a) => a.replace('PORT', port));
const server = spawn(command, args, { stdio: 'ignore', detached: true });
const url = `http://127.0.0.1:${port}`;
process.on('exit', () => process.kill(-server.pid, 'SIGKILL'));

async function call(name, method, path, values) {
  const body = values && new URLSearchParams(values);
  for (let attempt = 0; ; attempt++) {
    try {
      const reply = await fetch(url + path + (values ? '?account_id=1&api_key=demo-key' : ''), { method, body });
      const members = Object.keys(await reply.json());
      console.log(name, reply.status, members.includes('error') || members.length === 0 ? 'no result' : 'result');
      return;
    } catch (e) {
      if (attempt === 150 || server.exitCode !== null) throw e;
      await new Promise((done) => setTimeout(done, 200));
    }
  }
}

if (process.env.FILE === process.env.API) {
  await call('list', 'POST', '/platform_api/GetSipRegistrations', { status_code: '200;403', deactivated: 'false' });
  await call('create', 'POST', '/platform_api/CreateSipRegistration', { sip_username: 'JohnGalt', proxy: 'sip.example.com' });
  await call('delete', 'POST', '/platform_api/DeleteSipRegistration', { sip_registration_id: '1' });
} else {
  await call('control', 'GET', '/_voxemu/accounts');
}
process.exit();
