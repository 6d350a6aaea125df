'use strict';

const crypto = require('node:crypto');
const http = require('node:http');

const LIMIT = 1 << 20; // bytes of a body

/** md5(salt + account id + api_key + callback id), which an account's callbacks carry as hash. */
function callbackHash(account, callbackId) {
  const text = `${account.callback_salt ?? ''}${account.id}${account.api_key ?? ''}${callbackId}`;
  return crypto.createHash('md5').update(text).digest('hex');
}

class Sink {
  constructor(account) {
    this.account = account;
    this.received = [];
    this.failures = [];
    this.server = http.createServer((request, response) => this.serve(request, response));
    this.server.unref();
  }

  async listen() {
    await new Promise((resolve, reject) => this.server.once('error', reject).listen(0, '127.0.0.1', resolve));
    this.url = `http://127.0.0.1:${this.server.address().port}/`;
    return this;
  }

  close() {
    this.server.closeAllConnections();
    return new Promise((resolve) => this.server.close(resolve));
  }

  async serve(request, response) {
    try {
      const parts = [];
      let size = 0;
      for await (const part of request) {
        if ((size += part.length) > LIMIT) throw new Error(`more than ${LIMIT} bytes`);
        parts.push(part);
      }
      this.received.push(...(await this.read(Buffer.concat(parts).toString())));
      response.end();
    } catch (error) {
      this.failures.push(error.message);
      response.statusCode = 400;
      response.end(error.message);
    }
  }

  async read(body) {
    let callbacks;
    try {
      ({ callbacks } = JSON.parse(body));
    } catch {
      // The next line reports it.
    }
    if (!Array.isArray(callbacks)) throw new Error('want {"callbacks":[…]}');
    if (callbacks.length === 0) throw new Error('callbacks: want at least one');
    return Promise.all(callbacks.map((one, at) => this.check(one, at)));
  }

  async check(one, at) {
    for (const name of ['callback_id', 'type', 'account_id', 'hash']) {
      if (one?.[name] === undefined) throw new Error(`callbacks[${at}]: ${name}: required`);
    }
    const account = await this.account(one.account_id);
    if (!account) throw new Error(`callbacks[${at}]: account_id: the sink does not know account ${one.account_id}`);
    if (String(one.hash) !== callbackHash(account, one.callback_id)) {
      throw new Error(`callbacks[${at}]: hash: "${one.hash}" is not md5(salt + account_id + api_key + callback_id)`);
    }
    return { id: one.callback_id, type: one.type, accountId: one.account_id, detail: one[one.type], fields: one };
  }
}

module.exports = { Sink, callbackHash };
