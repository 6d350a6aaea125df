// The kit has the names and the failures of the table that all languages share.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import http from 'node:http';
import { test } from 'node:test';
import * as kit from '@voxemu/voxemu';

const { Call, Failure, Voxemu } = kit;
const table = JSON.parse(readFileSync(new URL(process.env.VOXEMU_KIT_TABLE ?? '../../testdata/kits.json', import.meta.url)));

test('the kit has the names of the shared table', async () => {
  const emu = await Voxemu.start({ allowUnknown: true });
  const sink = await emu.callbackSink();
  const fault = await emu.fail('*', 'close', { optional: true });
  const of = { Call: new Call(), Expectation: kit.Expectation.prototype, Fault: fault, Sink: sink };
  for (const { node } of table.names) {
    const [owner, member] = node.includes('.') ? node.split('.') : ['', node];
    assert.ok(member in (owner ? of[owner] : emu), node);
  }
  await emu.stop();
});

function send(emu, query) {
  return new Promise((resolve) => {
    http.get(`${emu.url}/platform_api/${query}&account_id=${emu.accountId}&api_key=${emu.apiKey}`, (reply) => reply.resume().on('end', resolve)).on('error', resolve);
  });
}

async function run(emu, step, saved) {
  if (step.request) return send(emu, step.request);
  if (step.expect !== undefined) {
    const expectation = emu.expect(step.expect, step.with);
    if (step.then) return expectation.inOrder(new Call(step.then));
    return step.times === undefined ? undefined : expectation.times(step.times);
  }
  if (step.fail) return emu.fail(step.fail, step.kind, { nth: step.nth, times: step.limit, on: step.on, optional: step.optional });
  const act = {
    snapshot: async () => saved.push(await emu.snapshot()),
    restore: () => emu.restore(saved[0]),
    add_rule: () => emu.addRule(step.row),
    answer: () => emu.answer(step.id, 403),
  }[step.do];
  return act ? act() : emu[step.do](step.id);
}

for (const c of table.cases) {
  test(c.name, async () => {
    const emu = await Voxemu.start({ allowUnknown: c.allow, allowMistakes: c.allow });
    const failures = [];
    const saved = [];
    const attempt = async (act) => {
      try {
        await act();
      } catch (error) {
        if (!(error instanceof Failure)) throw error;
        failures.push(error.message);
      }
    };
    for (const step of c.steps) await attempt(() => run(emu, step, saved));
    await attempt(() => emu.stop());
    let wanted = c.failures.join('\n');
    for (const [placeholder, word] of Object.entries(table.words.node)) wanted = wanted.replaceAll(`{${placeholder}}`, word);
    assert.equal(failures.join('\n').replace(/table\.test\.mjs:\d+/g, '{place}'), wanted);
  });
}
