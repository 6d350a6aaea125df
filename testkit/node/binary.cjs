'use strict';

const fs = require('node:fs');
const path = require('node:path');

/** There is no program voxemu for this machine. */
class NoBinary extends Error {
  constructor(text) {
    super('voxemu: ' + text);
    this.name = 'NoBinary';
  }
}

/**
 * The path of the program voxemu: that of VOXEMU_BINARY, else the one of the package for
 * this platform, else the one on PATH.
 */
function binary() {
  const named = process.env.VOXEMU_BINARY;
  if (named) {
    if (!isFile(named)) {
      throw new NoBinary(`VOXEMU_BINARY=${named}: there is no such file; name the program voxemu, or unset the variable`);
    }
    return named;
  }
  const name = process.platform === 'win32' ? 'voxemu.exe' : 'voxemu';
  const platform = `@voxemu/${process.platform}-${process.arch}`;
  try {
    return require.resolve(`${platform}/bin/${name}`);
  } catch {
    // The platform has no package, or it was not installed.
  }
  const folders = (process.env.PATH ?? '').split(path.delimiter).filter(Boolean);
  const found = folders.map((folder) => path.join(folder, name)).find((file) => isFile(file) && !isScript(file));
  if (found) return found;
  throw new NoBinary(
    `the package ${platform} is not installed, and PATH has no program voxemu; install it without --omit=optional, ` +
      'build the program with `make build`, or name it in VOXEMU_BINARY',
  );
}

function isFile(file) {
  return fs.statSync(file, { throwIfNoEntry: false })?.isFile() ?? false;
}

/** Whether a file is the command of this package, which would start itself for ever. */
function isScript(file) {
  const handle = fs.openSync(file, 'r');
  try {
    const begin = Buffer.alloc(2);
    fs.readSync(handle, begin, 0, 2, 0);
    return begin.toString() === '#!';
  } finally {
    fs.closeSync(handle);
  }
}

module.exports = { NoBinary, binary };
