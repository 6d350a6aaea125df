'use strict';

const fs = require('node:fs');
const tls = require('node:tls');

// Files that programs trust without voxemu, in the order in which they are looked for.
const SYSTEM = [
  '/etc/ssl/certs/ca-certificates.crt', '/etc/pki/tls/certs/ca-bundle.crt', '/etc/ssl/ca-bundle.pem',
  '/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem', '/etc/ssl/cert.pem',
];

/** The certificates that programs trust without voxemu: those that the variables name, else the system's. */
function authorities(around) {
  const named = ['SSL_CERT_FILE', 'REQUESTS_CA_BUNDLE', 'CURL_CA_BUNDLE'].map((name) => around[name]).filter(Boolean);
  const file = [...named, ...SYSTEM].find((path) => fs.statSync(path, { throwIfNoEntry: false })?.isFile());
  return file ? fs.readFileSync(file, 'utf8').trimEnd() + '\n' : tls.rootCertificates.join('\n') + '\n';
}

/** What programs need because of what they inherit: exceptions of a proxy, and variables that outrank SSL_CERT_FILE. */
function overrides(around, bundle, ...hosts) {
  const found = {};
  if (around.CURL_CA_BUNDLE) found.CURL_CA_BUNDLE = bundle;
  if (around.SSL_CERT_DIR) found.SSL_CERT_DIR = '';
  return { ...found, ...withoutProxy(around, ...hosts) };
}

/** NO_PROXY with the emulator in addition, if a proxy is set. */
function withoutProxy(around, ...hosts) {
  const set = ['http_proxy', 'https_proxy', 'all_proxy'].some((name) => around[name] || around[name.toUpperCase()]);
  if (!set) return {};
  const names = (around.NO_PROXY || around.no_proxy || '').split(/[\s,]+/).filter(Boolean);
  if (!names.includes('*')) {
    for (const host of [...hosts, '127.0.0.1', '::1', 'localhost']) if (!names.includes(host)) names.push(host);
  }
  return { NO_PROXY: names.join(','), no_proxy: names.join(',') };
}

module.exports = { authorities, overrides, withoutProxy };
