import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import { claimsOfCommit } from '../../src/core/commitObject.js';
import { isTimestamp } from '../../src/core/timestamp.js';

const commit = (
  message: string,
  more: { author?: string; headers?: string; encoding?: BufferEncoding } = {},
): Buffer => {
  const author = more.author ?? 'Ana <ana@clinic.example> 1500000000 +0200';
  const headers = `tree ${'a'.repeat(40)}\nauthor ${author}\ncommitter ${author}\n${more.headers ?? ''}`;
  return Buffer.from(`${headers}\n${message}`, more.encoding ?? 'utf8');
};

describe('what a commit claims', () => {
  it('names author, time, co-authors and agents', () => {
    const message = [
      'Ask for allergies',
      '',
      '🤖 Generated with [Claude Code](https://claude.ai/code)',
      '',
      'Co-Authored-By: Claude <noreply@anthropic.com>',
      'Co-authored-by: Ravi <ravi@clinic.example>',
      'Co-authored-by: Ana <ana@clinic.example>',
      'Assisted-by: Some Tool 2',
    ].join('\n');
    const claims = claimsOfCommit(commit(message));
    assert.deepEqual(claims.author, { name: 'Ana', email: 'ana@clinic.example' });
    assert.equal(claims.authoredAt, '2017-07-14T02:40:00.000Z');
    assert.deepEqual(claims.coAuthors, [{ name: 'Ravi', email: 'ravi@clinic.example' }]);
    assert.deepEqual(claims.agents, ['Claude', 'Some Tool 2']);
    assert.equal(claims.signed, 'none');
  });

  it('reads trailers over several lines, as git does', () => {
    const message = [
      'x',
      '',
      'Co-authored-by: Mia',
      '  Meyer',
      '\t<mia@clinic.example>',
      'Co-authored-by:',
      ' Ravi <ravi@clinic.example>',
      'Co-authored-by: Lea <lea@clinic.example> and',
      ' Tom <tom@clinic.example>',
      'Assisted-by: Some',
      ' Tool',
      'Co-authored-by: no address',
    ];
    for (const end of ['\n', '\r\n']) {
      const { coAuthors, agents } = claimsOfCommit(commit(message.join(end)));
      assert.deepEqual(coAuthors, [
        { name: 'Mia Meyer', email: 'mia@clinic.example' },
        { name: 'Ravi', email: 'ravi@clinic.example' },
        { name: 'Lea', email: 'lea@clinic.example' },
      ]);
      assert.deepEqual(agents, ['Some Tool']);
    }
  });

  it('keeps two hundred co-authors, and counts the others', () => {
    const claims = (count: number) =>
      claimsOfCommit(
        commit(
          Array.from({ length: count }, (_, i) => `Co-authored-by: P${i} <p${i}@x.example>`).join(
            '\n',
          ),
        ),
      );
    assert.deepEqual([claims(200).coAuthors.length, claims(200).agents], [200, []]);
    assert.deepEqual(
      [claims(201).coAuthors.length, claims(201).agents],
      [200, ['1 more co-author']],
    );
    assert.deepEqual(claims(9_000).agents, ['8800 more co-authors']);
  });

  it('knows agents by who the author is', () => {
    const of = (author: string): readonly string[] =>
      claimsOfCommit(commit('x', { author: `${author} 1 +0000` })).agents;
    assert.deepEqual(of('renovate[bot] <29139614+renovate[bot]@users.noreply.github.com>'), [
      'renovate[bot]',
    ]);
    assert.deepEqual(of('Copilot <198982749+Copilot@users.noreply.github.com>'), [
      'GitHub Copilot',
    ]);
    assert.deepEqual(of('Ana (aider) <ana@clinic.example>'), ['aider']);
    assert.deepEqual(of('Claudia <claudia@clinic.example>'), []);
  });

  it('tells what stands on it as a signature', () => {
    const signed = (begin: string): string =>
      claimsOfCommit(commit('x', { headers: `gpgsig -----BEGIN ${begin}-----\n abc\n` })).signed;
    assert.equal(signed('PGP SIGNATURE'), 'openpgp');
    assert.equal(signed('SSH SIGNATURE'), 'ssh');
    assert.equal(signed('SIGNED MESSAGE'), 'x509');
  });

  it('reads other encodings where the commit names one', () => {
    const author = 'René <rene@clinic.example> 1 +0000';
    const headers = 'encoding ISO-8859-1\n';
    const claims = claimsOfCommit(commit('x', { author, headers, encoding: 'latin1' }));
    assert.equal(claims.author.name, 'René');
    const wrong = claimsOfCommit(commit('x', { author, encoding: 'latin1' }));
    assert.equal(wrong.author.name, 'Ren\ufffd');
  });

  it('takes clocks as they are, and none that no calendar has', () => {
    const at = (seconds: string): string =>
      claimsOfCommit(commit('x', { author: `A <a@b> ${seconds} +0000` })).authoredAt;
    assert.equal(at('-86400'), '1969-12-31T00:00:00.000Z');
    assert.equal(at('4102444800'), '2100-01-01T00:00:00.000Z');
    for (const wrong of ['999999999999999', '-99999999999999', 'never', ''])
      assert.equal(at(wrong), '1970-01-01T00:00:00.000Z', wrong);
  });

  it('makes something that fits into an event of any bytes', () => {
    const parts = fc.constantFrom(
      ...[
        'author ',
        'committer ',
        'gpgsig ',
        '<',
        '>',
        '\n',
        '\n\n',
        ' -1 +0000',
        'encoding utf-16',
      ],
      ...['Co-authored-by: ', '\0', 'x'.repeat(400), '\ud83d\ude00'.repeat(200), '\u001b[31m'],
    );
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 200 }),
      fc.array(parts, { maxLength: 30 }).map((all) => Buffer.from(all.join(''))),
    );
    fc.assert(
      fc.property(bytes, (any) => {
        const { author, committer, coAuthors, agents, authoredAt } = claimsOfCommit(any);
        assert.ok(isTimestamp(authoredAt));
        for (const { name, email } of [author, committer, ...coAuthors])
          for (const text of [name, email]) {
            assert.ok(text.length <= 320 && text.isWellFormed());
            assert.doesNotMatch(text, /\p{Cc}/u);
          }
        assert.ok(coAuthors.length <= 200 && agents.length <= 17);
        for (const agent of agents) assert.ok(agent.length <= 320 && agent.isWellFormed());
      }),
      { numRuns: 500 },
    );
  });
});
