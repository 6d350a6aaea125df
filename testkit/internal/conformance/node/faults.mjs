// What the official Node SDK makes of a fault. A line on standard input is a call, which may say
// "impatient"; a line on standard output is what came of it, in words. See ../faults.
import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';
import sdk from '@voximplant/apiclient-nodejs';

if (process.argv[2] === '--version') {
  const { version } = createRequire(import.meta.url)('@voximplant/apiclient-nodejs/package.json');
  console.log(`Node.js ${process.version.slice(1)}, SDK ${version}`);
  process.exit();
}

const PATIENCE = 500; // milliseconds; the SDK itself has none to set
const client = await new Promise((ready) => {
  const made = new sdk.default({ pathToCredentials: process.env.VOXEMU_CREDENTIALS, host: process.env.VOXEMU_TLS_HOST });
  made.onReady = () => ready(made);
});

const called = () => client.SIPRegistration.createSipRegistration({ sipUsername: 'alice', proxy: 'sip.example.com' }).then(
  (reply) => {
    if (reply.error) return `resolves with error ${reply.error.code}`;
    return reply.result === 1 ? 'resolves with the reply' : 'resolves, but without a result';
  },
  (error) => `rejects: ${error.response ? `HTTP ${error.response.status}` : (error.code ?? error.message)}`,
);

for await (const line of createInterface({ input: process.stdin })) {
  const outcomes = [called()];
  if (line === 'impatient') outcomes.push(new Promise((late) => setTimeout(late, PATIENCE, 'waits for ever: the SDK has no timeout')));
  console.log(await Promise.race(outcomes));
}
process.exit(); // calls that hang would keep it
