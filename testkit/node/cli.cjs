#!/usr/bin/env node
'use strict';

// The command voxemu: runs the program of the package for this platform.
const { spawn } = require('node:child_process');
const { binary } = require('./binary.cjs');

let program;
try {
  program = binary();
} catch (error) {
  console.error(error.message);
  process.exit(1);
}
const child = spawn(program, process.argv.slice(2), { stdio: 'inherit' });
// The terminal sends ^C to the program, too; what is sent to this process only is passed on.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.on(signal, () => signal === 'SIGINT' && process.stdin.isTTY ? undefined : child.kill(signal));
}
child.on('error', (error) => {
  console.error(`voxemu: ${program}: ${error.message}`);
  process.exit(1);
});
child.on('exit', (code, signal) => {
  if (!signal) process.exit(code);
  process.removeAllListeners(signal);
  process.kill(process.pid, signal);
});
