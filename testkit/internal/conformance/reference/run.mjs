// The page of the API in a browser: what its reader finds, and that requests can be sent.
//
//   node run.mjs BINARY [SCREENSHOT]
//
// It also reads the report of what was covered, with scripts off; SCREENSHOT is the file for
// its picture, for example docs/report.png.
// It fails without /usr/bin/chromium, or if the page asks any other server for anything.

import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { chromium } from 'playwright-core';

const folder = mkdtempSync(join(tmpdir(), 'voxemu-reference-'));
const emulator = spawn(resolve(process.argv[2] ?? 'bin/voxemu'),
  ['serve', '--addr', '127.0.0.1:0', '--tls-addr', '127.0.0.1:0', '--log-level', 'error'],
  { env: { ...process.env, VOXEMU_CONFIG_DIR: folder }, stdio: ['ignore', 'ignore', 'pipe'] });
const browser = await chromium.launch({
  executablePath: '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
});

let failed = 0;
function check(what, holds) {
  if (!holds) failed++;
  console.log(holds ? 'passed' : 'FAILED', what);
}

try {
  const url = await new Promise((found, lost) => {
    emulator.once('exit', () => lost(new Error('the emulator ended')));
    createInterface(emulator.stderr).on('line', (line) => {
      const ready = /^voxemu ready http=(\S+)/.exec(line);
      if (ready) found(ready[1]);
    });
  });
  const page = await browser.newPage({ viewport: { width: 1300, height: 1000 } });
  const elsewhere = [];
  const errors = [];
  page.on('request', (r) => { if (!r.url().startsWith(url) && !/^(data|blob):/.test(r.url())) elsewhere.push(r.url()); });
  page.on('console', (m) => { if (m.type() === 'error') errors.push(m.text()); });
  page.on('pageerror', (e) => errors.push(String(e)));

  const create = 'tag/sipregistration/POST/platform_api/CreateSipRegistration';
  await page.goto(`${url}/_voxemu/docs/#${create}`);
  const section = page.locator(`[id$="${create}"]`).first();
  await section.scrollIntoViewIfNeeded({ timeout: 30_000 });
  await section.getByText('Who may call').first().waitFor({ timeout: 30_000 });
  const text = await section.innerText();
  for (const [what, wanted] of Object.entries({
    'who may call': 'one of the roles Owner, Admin, Accountant',
    'what a parameter means': 'The user to register as',
    'which are required': 'required',
    'what can go wrong': 'INSUFFICIENT_MONEY',
    'why': "The 'username' parameter is invalid",
    'what is only assumed': 'Only assumed',
    'an example': 'JohnGalt',
  })) check(`the reader of CreateSipRegistration finds ${what}`, text.includes(wanted));

  await section.getByRole('button', { name: /Test Request/ }).first().click();
  await page.getByRole('button', { name: /Send/ }).first().click();
  await page.waitForFunction(async (base) => {
    const list = await (await fetch(base + '/_voxemu/requests')).json();
    return list.requests.some((r) => r.method === 'CreateSipRegistration');
  }, url, { timeout: 30_000 });
  check('a request is sent from the page', true);

  await page.goto(`${url}/_voxemu/docs/`);
  await page.getByRole('button', { name: 'API', exact: true }).click();
  await page.getByRole('option', { name: 'Control API' }).or(page.getByRole('menuitem', { name: 'Control API' })).first().click();
  await page.getByText('/_voxemu/health').first().waitFor({ state: 'attached', timeout: 30_000 });
  check('the page shows the control API as well', true);

  const api = (method, query) => fetch(`${url}/platform_api/${method}?account_id=1&api_key=demo-key&${query}`);
  await api('CreateSipRegistration', 'sip_username=a&proxy=sip-403.test&is_persistent=true');
  await api('CreateSipRegistration', 'sip_username=a&proxy=sip.example.com&colour=red');
  await api('GetSipRegistrations', 'proxy=sip.example.com&count=10');
  const plain = await browser.newContext({ javaScriptEnabled: false, viewport: { width: 1000, height: 900 } });
  const report = await plain.newPage();
  report.on('request', (r) => { if (r.url() !== `${url}/_voxemu/report?format=html`) elsewhere.push(r.url()); });
  await report.goto(`${url}/_voxemu/report?format=html`);
  const covered = await report.locator('body').innerText();
  for (const [what, wanted] of Object.entries({
    'the mistake that the API hides': 'CreateSipRegistration has no parameter colour (request ',
    'what was covered': 'Methods that were called: 2',
    'what was not': 'Methods that were never called: ',
  })) check(`the reader of the report finds ${what}, without scripts`, covered.includes(wanted));
  if (process.argv[3]) await report.screenshot({ path: process.argv[3] });

  check(`nothing is asked of other servers ${elsewhere.join(' ')}`, elsewhere.length === 0);
  check(`no error is reported ${errors.join('\n')}`, errors.length === 0);
} catch (e) {
  check(`no step fails: ${e}`, false);
} finally {
  await browser.close();
  emulator.kill('SIGTERM');
  rmSync(folder, { recursive: true, force: true });
}
console.log(`${failed} failed`);
process.exitCode = failed ? 1 : 0;
