'use strict';

const childProcess = require('node:child_process');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const readline = require('node:readline');
const { binary } = require('./binary.cjs');
const { NotStarted } = require('./failure.cjs');

// All emulators of a process share the authority and the keys that voxemu keeps here: an
// RSA key takes 0.1 s.
let shared;

/** The folder of this process for authority and keys; it is removed at its end. */
function configDir() {
  if (!shared) {
    shared = temporaryFolder();
    process.once('exit', () => remove(shared));
  }
  return shared;
}

function temporaryFolder() {
  return fs.mkdtempSync(path.join(os.tmpdir(), 'voxemu-test-'));
}

function remove(folder) {
  fs.rmSync(folder, { recursive: true, force: true });
}

/** The environment for the program voxemu itself. */
function ownEnvironment(more = {}) {
  const around = { ...process.env, VOXEMU_CONFIG_DIR: configDir(), ...more };
  delete around.VOXEMU_CONTROL_TOKEN;
  return around;
}

/**
 * A running emulator on free ports of 127.0.0.1. Its standard input is a pipe from this
 * process: the emulator stops when the pipe is closed, which the system does even if this
 * process is killed.
 */
class Process {
  static async start(scenarios, flags) {
    const program = binary();
    const all = ['serve', '--addr', '127.0.0.1:0', '--tls-addr', '127.0.0.1:0', '--stop-with-stdin', '--log-level', 'error', ...flags];
    for (const scenario of scenarios) all.push('--scenario', scenario);
    const child = childProcess.spawn(program, all, {
      env: ownEnvironment(),
      stdio: ['pipe', 'ignore', 'pipe'],
      detached: process.platform !== 'win32', // ^C in a terminal is for the test runner
      windowsHide: true,
    });
    const started = new Process(child, program);
    await started.ready();
    return started;
  }

  constructor(child, program) {
    this.child = child;
    this.program = program;
    this.pid = child.pid;
    this.lines = []; // of the log, errors only, the latest 200
    this.ended = new Promise((resolve) => child.once('close', resolve));
    child.stdin.on('error', () => {}); // the emulator has ended
  }

  async ready() {
    const failed = new Promise((_, reject) => {
      this.child.once('error', (error) => reject(new NotStarted(`${this.program}: ${error.message}; name another program in VOXEMU_BINARY`, error)));
      this.child.once('close', (code) => {
        const text = this.lines.join('\n').trim().replace(/^voxemu: /, '');
        reject(new NotStarted(text ? `the emulator did not start:\n${text}` : `${this.program} ended with ${code}`));
      });
    });
    failed.catch(() => {}); // after the start nobody waits for it
    const ready = new Promise((resolve) => {
      // Reading goes on: a full pipe would stop the emulator.
      readline.createInterface({ input: this.child.stderr }).on('line', (line) => {
        const found = /^voxemu ready http=(\S+) https=(\S+)/.exec(line);
        if (found) resolve(found);
        else if (this.lines.push(line) > 200) this.lines.shift();
      });
    });
    [, this.url, this.tlsUrl] = await Promise.race([ready, failed]);
    // A test that forgets stop() does not keep its process alive.
    this.child.unref();
    this.child.stdin.unref();
    this.child.stderr.unref();
  }

  async stop() {
    this.child.ref();
    this.child.kill('SIGKILL'); // nothing of it is worth saving, and a hanging request would delay its end
    await this.ended;
  }
}

const STOPPED = 'clock: {start: 2026-03-01T12:00:00Z, stopped: true}\n';

/** The arguments for --scenario: a name or a path as it is, a text or an object as a file. */
function scenarioFiles(scenario, folder, liveClock) {
  const write = (name, text) => {
    const file = path.join(folder, name);
    fs.writeFileSync(file, text);
    return file;
  };
  const named = liveClock ? [] : [write('clock.yaml', STOPPED)];
  const list = Array.isArray(scenario) ? scenario : [scenario ?? 'demo'];
  list.forEach((one, at) => {
    if (one instanceof URL) named.push(require('node:url').fileURLToPath(one));
    else if (typeof one === 'object') named.push(write(`scenario-${at + 1}.json`, JSON.stringify(one)));
    else if (one.includes('\n') || one.includes(': ')) named.push(write(`scenario-${at + 1}.yaml`, one));
    else named.push(one);
  });
  return named;
}

module.exports = { Process, ownEnvironment, remove, scenarioFiles, temporaryFolder };
