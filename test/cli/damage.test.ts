import assert from 'node:assert/strict';
import { run } from '../../src/cli/run.js';
import { painter } from '../../src/cli/style.js';
import { verifyText } from '../../src/cli/verifyText.js';
import type { Finding, VerifyReport } from '../../src/core/rows.js';
import { unreadableReport } from '../../src/core/verifyReport.js';
import { fakeTerminal } from './support/fakeTerminal.js';
import { fakeEngine } from './support/fakeTrail.js';

const broken: Finding = {
  code: 'event.missing',
  severity: 'error',
  seq: 6,
  event: null,
  message: 'Event 6 is missing from the file.',
  expected: null,
  found: null,
  remedy: 'Put it back.',
};

describe('a damaged ledger on the command line', () => {
  for (const command of ['log', 'active']) {
    it(`${command} says so in both forms, and ends with 2`, async () => {
      const answers = { damage: async () => broken, active: async () => [] };
      for (const form of [[], ['--json']]) {
        const terminal = fakeTerminal();
        assert.equal(await run([command, ...form], terminal, fakeEngine(answers).engine), 2);
        assert.match(terminal.printed(), /The ledger here is damaged: Event 6 is missing/);
      }
      const terminal = fakeTerminal();
      const { engine } = fakeEngine({ active: async () => [] });
      assert.equal(await run([command, '--json'], terminal, engine), 0);
      assert.deepEqual((JSON.parse(terminal.printed()) as { caveats: unknown }).caveats, []);
    });
  }

  it('a sync that put the files right says so, and ends with 0', async () => {
    let isBroken = true;
    const point = { id: 'd'.repeat(32) as never, size: 7, root: '0'.repeat(64) };
    const { engine } = fakeEngine({
      damage: async () => (isBroken ? broken : null),
      sync: async () => {
        isBroken = false;
        return { remote: 'origin', sent: 0, received: 0, renumbered: [], point };
      },
    });
    const terminal = fakeTerminal();
    assert.equal(await run(['sync', '--json'], terminal, engine), 0);
    assert.match(terminal.printed(), /was damaged and was put right/);
  });

  it('verify explains a broken verdict by what is wrong, and names no checkpoint', () => {
    const unread = unreadableReport(broken);
    const { verdicts } = unread;
    const report: VerifyReport = {
      ...unread,
      ledger: { id: 'd'.repeat(32) as never, size: 23, root: 'f'.repeat(64) },
      verdicts: { ...verdicts, structure: { ...verdicts.structure, outcome: 'broken' } },
    };
    const text = verifyText(report, painter(false));
    assert.match(text, /completeness +broken +something is missing, .*1 error, see above/);
    assert.match(text, /structure +broken +not all bytes/);
    assert.doesNotMatch(text, /no text is withheld|ffff|root f/);
    assert.match(text, /no checkpoint/);
  });
});
