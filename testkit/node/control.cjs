'use strict';

const fs = require('node:fs');
const http = require('node:http');
const https = require('node:https');
const { NotStarted, Refused } = require('./failure.cjs');

/** A client of the control API of one emulator. */
class Control {
  constructor(url, token) {
    this.url = url;
    this.token = token;
  }

  get(path, query) {
    return this.call('GET', path, undefined, query);
  }

  post(path, body, query) {
    return this.call('POST', path, body, query);
  }

  async call(verb, path, body, query) {
    return JSON.parse(await this.text(verb, path, body, query));
  }

  /** The body of the reply; an error of the control API is thrown. */
  async text(verb, path, body, query = {}) {
    const target = new URL('/_voxemu/' + path, this.url);
    for (const [name, value] of Object.entries(query)) {
      if (value !== undefined && value !== null) target.searchParams.set(name, String(value));
    }
    const { status, text } = await this.send(verb, target, body === undefined ? undefined : JSON.stringify(body));
    if (status === 200) return text;
    let problem;
    try {
      problem = JSON.parse(text).error;
    } catch {
      // Not the control API.
    }
    throw new Refused(status, problem ?? { message: `${verb} ${target.pathname}: HTTP ${status}: ${text.trim()}; is this an emulator?` });
  }

  // Not fetch: it goes through a proxy, is absent in jsdom, and cannot be told whom to trust.
  send(verb, target, body) {
    return new Promise((resolve, reject) => {
      const headers = this.token ? { authorization: 'Bearer ' + this.token } : {};
      if (body !== undefined) headers['content-length'] = Buffer.byteLength(body);
      const file = process.env.NODE_EXTRA_CA_CERTS || process.env.SSL_CERT_FILE;
      const options = target.protocol === 'https:' ? { ca: file ? fs.readFileSync(file) : undefined } : {};
      const request = (target.protocol === 'https:' ? https : http).request(target, { method: verb, headers, agent: false, ...options });
      const fail = (error) => reject(new NotStarted(`${verb} ${target}: ${error.message}; the emulator does not answer`, error));
      request.on('error', fail);
      request.on('response', (reply) => {
        const parts = [];
        reply.on('error', fail);
        reply.on('data', (part) => parts.push(part));
        reply.on('end', () => resolve({ status: reply.statusCode, text: Buffer.concat(parts).toString() }));
      });
      request.end(body);
    });
  }
}

module.exports = { Control };
