import assert from 'node:assert/strict';
import { localTime, parseTime } from '../../src/cli/time.js';
import { isPromptAuditError } from '../../src/core/errors.js';

describe('times on the command line', () => {
  const exact: [string, string][] = [
    ['2026-11-21T05:12:33Z', '2026-11-21T05:12:33.000Z'],
    ['2026-11-21T05:12:33.1239Z', '2026-11-21T05:12:33.123Z'],
    ['2026-11-21T05:12:33,5z', '2026-11-21T05:12:33.500Z'],
    ['2026-11-21T05:12+01:30', '2026-11-21T03:42:00.000Z'],
    ['2026-11-21 05:12:33.123 -0500', '2026-11-21T10:12:33.123Z'],
    ['2026-11-21T23:30-08', '2026-11-22T07:30:00.000Z'],
    ['2024-02-29T00:00Z', '2024-02-29T00:00:00.000Z'],
  ];
  for (const [given, meant] of exact) {
    it(`reads ${given}`, () => assert.equal(parseTime(given, '--at'), meant));
  }

  it('takes a time without an offset as local, and a date as the start of its day', () => {
    const noon = new Date(2026, 10, 21, 12, 30, 5).toISOString();
    assert.equal(parseTime('2026-11-21T12:30:05', '--at'), noon);
    assert.equal(parseTime('2026-11-21', '--at'), new Date(2026, 10, 21).toISOString());
  });

  const nonsense = [
    '',
    'now',
    '2026',
    '2026-13-01',
    '2026-02-30',
    '2025-02-29T10:00Z',
    '2026-11-21T24:00Z',
    '2026-11-21T10:60Z',
    '2026-11-21T10:00+15:00',
    '2026-11-21T10:00+01:75',
    '2026-11-21Z',
    '21.11.2026',
    '1795238400',
  ];
  for (const given of nonsense) {
    it(`refuses "${given}"`, () => {
      assert.throws(
        () => parseTime(given, '--at'),
        (error) => isPromptAuditError(error, 'usage'),
      );
    });
  }

  it('prints local time with its offset, in a form that it reads back', () => {
    const at = '2026-11-21T05:12:33.123Z';
    assert.match(localTime(at), /^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2} [+-]\d{2}:\d{2}$/);
    assert.equal(parseTime(localTime(at, 'milliseconds'), '--at'), at);
  });

  it('prints a time that is none as it stands', () => assert.equal(localTime('soon'), 'soon'));
});
