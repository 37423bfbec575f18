import assert from 'node:assert/strict';
import { run } from '../../src/cli/run.js';
import { PromptAuditError } from '../../src/core/errors.js';
import { fakeEngine, fakeVersion } from './support/fakeTrail.js';
import { fakeTerminal } from './support/fakeTerminal.js';

const target = 'prompts/triage.prompt.md@v12';

describe('asking for a decision', () => {
  it('names person, version and digest, and records what was confirmed as made by a person', async () => {
    const { engine, calls } = fakeEngine();
    const terminal = fakeTerminal({ answers: ['y'] });
    assert.equal(await run(['approve', target], terminal, engine), 0);
    assert.deepEqual(terminal.asked, [
      'Approve as Ravi Reviewer <ravi@example.org>: ' +
        'prompts/triage.prompt.md v12 (3f9c21d)? Recorded permanently. [y/N] ',
    ]);
    assert.deepEqual(calls.decided, [
      { target: fakeVersion().id, decision: 'approved', identity: 'git' },
    ]);
    assert.match(terminal.printed(), /^Approved prompts\/triage\.prompt\.md v12 \(3f9c21d\)/);
  });

  for (const answer of ['n', '', 'yep', 'N']) {
    it(`records nothing on the answer "${answer}"`, async () => {
      const { engine, calls } = fakeEngine();
      const terminal = fakeTerminal({ answers: [answer] });
      assert.equal(await run(['approve', target], terminal, engine), 1);
      assert.deepEqual(calls.decided, []);
      assert.match(terminal.complained(), /Cancelled/);
    });
  }

  it('refuses where nobody can be asked', async () => {
    const { engine, calls } = fakeEngine();
    const terminal = fakeTerminal();
    assert.equal(await run(['approve', target], terminal, engine), 1);
    assert.deepEqual(calls.decided, []);
    assert.match(terminal.complained(), /by a person at a terminal/);
    assert.match(terminal.complained(), /--yes/);
  });

  it('takes --yes as unattended and says so', async () => {
    const { engine, calls } = fakeEngine();
    const terminal = fakeTerminal({ answers: [] });
    assert.equal(
      await run(['approve', target, '--yes', '--meaning', 'medical'], terminal, engine),
      0,
    );
    assert.deepEqual(terminal.asked, []);
    assert.deepEqual(calls.decided, [
      { target, decision: 'approved', identity: 'unattended', meaning: 'medical' },
    ]);
    assert.match(terminal.printed(), /recorded as unattended/);
  });

  it('asks for the reason of a rejection that was given none', async () => {
    const { engine, calls } = fakeEngine();
    const terminal = fakeTerminal({ answers: ['YES', 'Too long'] });
    assert.equal(await run(['reject', target], terminal, engine), 0);
    assert.equal(calls.decided[0]?.reason, 'Too long');
  });

  it('prints a refusal with its reasons in words, folds and closes', async () => {
    const { engine, calls } = fakeEngine({
      decide: async () => {
        throw new PromptAuditError({
          code: 'decision.refused',
          message: 'You cannot approve it.',
          remedy: 'Ask somebody else.',
          reasons: ['approver.contributed', 'some.newer.code'],
        });
      },
    });
    const terminal = fakeTerminal();
    assert.equal(await run(['approve', target, '--yes'], terminal, engine), 1);
    assert.equal(terminal.printed(), '');
    assert.deepEqual(terminal.complained().split('\n'), [
      'prompt-audit: You cannot approve it.',
      '  - you contributed to this version since the last approved one',
      '  - some.newer.code',
      '  Ask somebody else.',
      '',
    ]);
    assert.deepEqual([calls.folds, calls.closes], [1, 1]);
  });

  it('neutralises control and bidirectional characters of hostile texts', async () => {
    const { engine } = fakeEngine({
      version: async () => fakeVersion({ path: 'prompts/\u001b[2Jx\u202ey.md' }),
    });
    const terminal = fakeTerminal({ answers: ['n'] });
    await run(['approve', target], terminal, engine);
    assert.match(terminal.asked[0] ?? '', /prompts\/\\u\{1b\}\[2Jx\\u\{202e\}y\.md/);
  });
});

describe('ending a command', () => {
  it('closes without folding after a read', async () => {
    const { engine, calls } = fakeEngine();
    assert.equal(await run(['status'], fakeTerminal(), engine), 0);
    assert.deepEqual([calls.folds, calls.closes], [0, 1]);
  });

  it('says an unexpected error in one line, and where only for PROMPT_AUDIT_DEBUG=1', async () => {
    const { engine } = fakeEngine({
      status: async () => {
        throw new TypeError('x is\nundefined');
      },
    });
    const terminal = fakeTerminal();
    assert.equal(await run(['status'], terminal, engine), 2);
    assert.equal(
      terminal.complained(),
      'prompt-audit: unexpected error: x is\\nundefined (PROMPT_AUDIT_DEBUG=1 shows where)\n',
    );
    const debugging = { ...fakeTerminal(), env: { PROMPT_AUDIT_DEBUG: '1' } };
    await run(['status'], debugging, engine);
    assert.match(debugging.complained(), /\n +at /);
  });

  it('ends with status 2 when the journal cannot be folded, after the answer', async () => {
    const { engine, calls } = fakeEngine({
      fold: async () => {
        throw new PromptAuditError({
          code: 'disk.full',
          message: 'The disk is full.',
          remedy: 'Free some.',
        });
      },
    });
    const terminal = fakeTerminal();
    assert.equal(await run(['approve', target, '--yes'], terminal, engine), 2);
    assert.match(terminal.printed(), /^Approved/);
    assert.match(terminal.complained(), /The disk is full/);
    assert.equal(calls.closes, 1);
  });
});

describe('asking for the preset', () => {
  const chosen: [string, string][] = [
    ['', 'team'],
    ['2', 'regulated'],
    ['GxP', 'gxp'],
  ];
  for (const [answer, preset] of chosen) {
    it(`takes "${answer}" as ${preset}`, async () => {
      const terminal = fakeTerminal({ answers: [answer] });
      assert.equal(await run(['init'], terminal, fakeEngine().engine), 0);
      assert.match(terminal.printed(), new RegExp(`with the policy "${preset}"`));
    });
  }

  it('does not guess where nobody can be asked', async () => {
    const terminal = fakeTerminal();
    assert.equal(await run(['init'], terminal, fakeEngine().engine), 1);
    assert.match(terminal.complained(), /--preset team/);
  });
});
