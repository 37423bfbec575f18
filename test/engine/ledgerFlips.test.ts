import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import type { LedgerEvent } from '../../src/core/event.js';
import { isPromptAuditError } from '../../src/core/errors.js';
import { readLedgerFile } from '../../src/ledger/sqliteFile.js';
import { Sandbox, storedIn, tampered } from '../tools/ledgerFixture.js';

describe('ledger file under hostile hands', function () {
  this.timeout(240_000);
  let box: Sandbox;
  let good: Buffer;
  let events: readonly LedgerEvent[];

  before(async () => {
    box = new Sandbox();
    const store = await box.filled(30);
    await store.fold();
    good = readFileSync(box.file);
    events = storedIn(store).map((stored) => stored.event);
  });
  after(() => box.clean());

  const shown = ({ id, headerText, bodyText }: LedgerEvent): unknown[] => [
    id,
    headerText,
    bodyText,
  ];

  it('finds every flipped byte that changes an event, and says which', async () => {
    let found = 0;
    for (let at = 0; at < good.length; at += at < 4096 ? 23 : 149) {
      const bytes = Buffer.from(good);
      bytes[at] = bytes[at]! ^ (1 << (at % 8));
      const read = await readLedgerFile(bytes, { full: true }).catch((error: unknown) => {
        assert.ok(isPromptAuditError(error), `byte ${at}: ${String(error)}`);
        return null;
      });
      const errors = read?.findings.filter((f) => f.severity === 'error') ?? [];
      if (read === null || errors.length > 0) found++;
      else
        assert.deepEqual(
          read.events.map(({ event }) => shown(event)),
          events.map(shown),
          `byte ${at}`,
        );
      for (const { seq, event } of read?.events ?? []) {
        const original = events[seq - 1];
        if (event.id === original?.id && event.bodyText !== null)
          assert.deepEqual(shown(event), shown(original));
      }
    }
    assert.ok(found > 30, `only ${found} found`);
  });

  it('names the event whose header or body was changed', async () => {
    for (const seq of [1, 7, 31]) {
      for (const [column, code] of [
        ['header', 'event.header'],
        ['body', 'event.body'],
        ['id', 'event.header'],
      ] as const) {
        const copy = new Sandbox();
        try {
          const { writeFileSync, mkdirSync } = await import('node:fs');
          mkdirSync(`${copy.root}/.prompt-audit`);
          writeFileSync(copy.file, good);
          const value = column === 'id' ? 'zeroblob(32)' : `replace(${column}, 'a', 'b')`;
          const bytes = await tampered(
            copy.file,
            `UPDATE event SET ${column} = ${value} WHERE seq = ${seq}`,
          );
          const { findings } = await readLedgerFile(bytes, { full: true });
          const first = findings.find((f) => f.code === code);
          assert.equal(first?.seq, seq, column);
          assert.ok(first.expected && first.found);
        } finally {
          copy.clean();
        }
      }
    }
  });

  for (const [what, sql, code] of [
    ['a deleted event', 'DELETE FROM event WHERE seq = 9', 'event.missing'],
    [
      'a deleted last event',
      'DELETE FROM event WHERE seq = 31; DELETE FROM content WHERE rowid = 30',
      null,
    ],
    ['a dropped body', 'UPDATE event SET body = NULL WHERE seq = 9', 'body.missing'],
    ['a deleted text', 'DELETE FROM content WHERE rowid = 3', 'content.missing'],
    ['a changed text', `UPDATE content SET bytes = x'00' WHERE rowid = 3`, 'content.damaged'],
    [
      'a zip bomb',
      `UPDATE content SET encoding = 'deflate', bytes = zeroblob(70000000) WHERE rowid = 3`,
      'content.damaged',
    ],
    [
      'another ledger id',
      `UPDATE meta SET value = '${'0'.repeat(32)}' WHERE name = 'ledger'`,
      'file.meta',
    ],
    ['a trigger', 'CREATE TRIGGER t AFTER INSERT ON event BEGIN SELECT 1; END', 'file.schema'],
    [
      'a view in place of the table',
      'DROP VIEW trail; ALTER TABLE event RENAME TO real; CREATE VIEW event AS SELECT * FROM real',
      'file.schema',
    ],
    [
      "two events in each other's place",
      'UPDATE event SET seq = -5 WHERE seq = 5; UPDATE event SET seq = 5 WHERE seq = 6; UPDATE event SET seq = 6 WHERE seq = -5',
      'parent.missing',
    ],
    [
      'a text of invalid UTF-8',
      `UPDATE event SET header = CAST(x'7bff7d' AS TEXT) WHERE seq = 4`,
      'event.header',
    ],
    ['a number as a body', 'UPDATE event SET body = 7 WHERE seq = 4', 'event.body'],
  ] as const) {
    it(`sees ${what}`, async () => {
      const copy = new Sandbox();
      try {
        const { writeFileSync, mkdirSync } = await import('node:fs');
        mkdirSync(`${copy.root}/.prompt-audit`);
        writeFileSync(copy.file, good);
        const { findings } = await readLedgerFile(await tampered(copy.file, sql), { full: true });
        const errors = findings.filter((f) => f.severity === 'error');
        if (code === null) assert.deepEqual(errors, []);
        else
          assert.ok(
            errors.some((f) => f.code === code),
            JSON.stringify(errors),
          );
      } finally {
        copy.clean();
      }
    });
  }

  it('says of a change that touches no event that none has changed', async () => {
    const longer = await readLedgerFile(Buffer.concat([good, Buffer.from('x')]), { full: true });
    assert.deepEqual(
      longer.findings.map((f) => [f.code, f.severity]),
      [['file.differs', 'warning']],
    );
    assert.match(longer.findings[0]!.message, /holds no event/);
    assert.equal(longer.events.length, events.length);
  });
});
