import assert from 'node:assert/strict';
import { answerText } from '../../src/cli/answerTable.js';
import { redactedCaveats } from '../../src/cli/deployment.js';
import type { ActiveRow } from '../../src/core/rows.js';

describe('what a table says of flags', () => {
  const textOf = (saysNo: boolean): string =>
    answerText(
      {
        columns: [{ key: 'allowed', title: 'Allowed', kind: 'flag', saysNo }],
        rows: [{ allowed: false }],
        population: { of: 'deployments', count: 1 },
        areExceptions: false,
        caveats: [],
      },
      (_, text) => text,
    );

  it('no, where that is the answer', () => {
    assert.match(textOf(true), /^ALLOWED\nno\n/);
    assert.match(textOf(false), /^ALLOWED\n-\n/);
  });
});

describe('what is told of a deployment of a redacted text', () => {
  it('that nobody can see it any more', () => {
    const by = { id: 'a', name: 'Ana', email: '' };
    const redaction = { event: 'e'.repeat(64), by, at: '', reason: 'r' };
    const row = (part: string): ActiveRow =>
      ({ path: 'p.md', version: 'v1', redactions: [{ ...redaction, part }] }) as never;
    assert.match(
      redactedCaveats(row('content')).join(),
      /text of p\.md v1 was redacted by event eee/,
    );
    assert.deepEqual(redactedCaveats(row('body')), []);
  });
});
