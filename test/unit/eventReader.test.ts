import assert from 'node:assert/strict';
import type { Database } from 'sql.js';
import type { LedgerEvent } from '../../src/core/event.js';
import { decodeTrustedEvent } from '../../src/core/eventCodec.js';
import { isPromptAuditError } from '../../src/core/errors.js';
import { readEvents, type EventReadOptions } from '../../src/ledger/eventReader.js';
import { createStatements } from '../../src/ledger/schema.js';
import { withDatabase } from '../../src/ledger/sqlEngine.js';
import { ana, EventChain, triage } from '../tools/eventChain.js';

const fileSize = 1_000_000;

/** A ledger's events; the last has a body with U+FFFD, which a person typed. */
function events(): LedgerEvent[] {
  const chain = new EventChain().begin();
  const revisions = [chain.revise(ana, 'one'), chain.revise(ana, 'two')];
  const body = { reason: 'odd \ufffd' };
  return [...revisions, chain.add('prompt.retired', ana, {}, body, { prompt: triage })];
}

async function read(
  change: (db: Database) => void,
  options: EventReadOptions & { first?: number } = {},
) {
  return await withDatabase(null, (db) => {
    for (const statement of createStatements) db.run(statement);
    db.run('PRAGMA ignore_check_constraints = ON');
    for (const [at, { id, headerText, bodyText }] of events().entries()) {
      db.run('INSERT INTO event(seq, id, header, body) VALUES(?, ?, ?, ?)', [
        at + (options.first ?? 1),
        Buffer.from(id, 'hex'),
        headerText,
        bodyText,
      ]);
    }
    change(db);
    const { events: found, findings } = readEvents(db, fileSize, options);
    return {
      seqs: found.map(({ seq }) => seq),
      ids: found.map(({ event }) => event.id),
      bodies: found.map(({ event }) => event.bodyText !== null),
      findings: findings.map(({ seq, code }) => `${seq} ${code}`),
      messages: findings.map(({ message }) => message),
    };
  });
}

const all = [1, 2, 3];

describe('event reader', () => {
  it('takes every event of an intact file, replacement characters that people typed included', async () => {
    const { ids, seqs, findings } = await read(() => undefined);
    assert.deepEqual(
      ids,
      events().map(({ id }) => id),
    );
    assert.deepEqual([seqs, findings], [all, []]);
  });

  for (const [what, sql, expected, ...trusting] of [
    ['bytes behind NUL', "header = header || char(0) || 'x' WHERE seq = 2", '2 event.header'],
    ['bytes behind NUL of a body', "body = body || char(0) || 'x' WHERE seq = 2", '2 event.body'],
    ['a byte order mark', 'header = char(65279) || header WHERE seq = 2', '2 event.header'],
    ['a byte order mark of a body', 'body = char(65279) || body WHERE seq = 2', '2 event.body'],
    [
      'what reads as U+FFFD and is no UTF-8',
      "body = CAST(replace(CAST(body AS BLOB), x'efbfbd', x'f09f98') AS TEXT) WHERE seq = 3",
      '3 event.body',
    ],
    [
      'a header that is a blob',
      'header = CAST(header AS BLOB) WHERE seq = 2',
      '2 event.header',
      true,
    ],
    ['a body that is a number', 'body = 5 WHERE seq = 2', '2 event.body', true],
    ['another id', 'id = zeroblob(32) WHERE seq = 2', '2 event.header'],
    ['a row that is away', 'seq = 9 WHERE seq = 3', '3 event.missing', true],
  ] as const) {
    for (const trusted of [false, ...trusting]) {
      it(`finds ${what}${trusted ? ', in what it trusts too' : ''}`, async () => {
        const { findings } = await read((db) => db.run(`UPDATE event SET ${sql}`), { trusted });
        assert.deepEqual(findings, [expected]);
      });
    }
  }

  it('reads a volume that begins later, and misses what should be at its beginning', async () => {
    const later = await read(() => undefined, { first: 101, firstSeq: 101 });
    assert.deepEqual([later.seqs, later.findings], [[101, 102, 103], []]);
    const gap = await read(() => undefined, { first: 102, firstSeq: 101 });
    assert.deepEqual([gap.seqs, gap.findings], [[102, 103, 104], ['101 event.missing']]);
  });

  it('names the rows that are away, and no number that is none', async () => {
    const moved = async (seq: string): Promise<readonly string[]> =>
      (await read((db) => db.run(`UPDATE event SET seq = ${seq} WHERE seq = 3`))).messages;
    assert.deepEqual(await moved('4'), ['Event 3 is missing from the file.']);
    assert.deepEqual(await moved('9'), ['Events 3 to 8 are missing from the file.']);
    const all = 'Event 3 and all that follow are missing from the file.';
    assert.deepEqual(await moved('9223372036854775807'), [all]);
  });

  it('reads only what stands behind a seq', async () => {
    for (const trusted of [false, true]) {
      const { seqs, findings } = await read(() => undefined, { after: 2, trusted });
      assert.deepEqual([seqs, findings], [[3], []]);
    }
    const none = await read(() => undefined, { after: 3 });
    assert.deepEqual([none.seqs, none.findings], [[], []]);
  });

  it('gives the same events when it trusts the bytes, redacted bodies included', async () => {
    const redact = (db: Database): void =>
      void db.run('UPDATE event SET body = NULL WHERE seq = 1');
    const trusted = await read(redact, { trusted: true });
    assert.deepEqual(trusted, await read(redact));
    assert.deepEqual(trusted.bodies, [false, true, true]);
  });
});

describe('trusted event', () => {
  it('is the event that a check gives', () => {
    const chain = new EventChain().begin();
    const event = chain.revise(ana, 'one');
    assert.deepEqual(decodeTrustedEvent(event.id, event.headerText, event.bodyText), event);
  });

  it('of another version is kept as unknown', () => {
    const event = new EventChain().begin().revise(ana, 'one');
    const header = event.headerText.replace('"v":1', '"v":3');
    const decoded = decodeTrustedEvent(event.id, header, event.bodyText);
    assert.deepEqual([decoded.known, decoded.body], [false, null]);
  });

  it('is refused when it can be none', () => {
    const { id, headerText, bodyText } = new EventChain().begin().revise(ana, 'one');
    for (const [header, body] of [
      ['', bodyText],
      ['[]', bodyText],
      ['{"v":1}', bodyText],
      [headerText, '{'],
      [headerText, 'null'],
    ] as const) {
      assert.throws(
        () => decodeTrustedEvent(id, header, body),
        (e) => isPromptAuditError(e, 'ledger.damaged'),
      );
    }
  });
});
