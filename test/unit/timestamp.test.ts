import assert from 'node:assert/strict';
import fc from 'fast-check';
import { isTimestamp } from '../../src/core/timestamp.js';

/** The definition: what Date prints is what it read. */
function byDate(text: string): boolean {
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(text)) return false;
  const time = new Date(text);
  return !Number.isNaN(time.valueOf()) && time.toISOString() === text;
}

const pad = (value: number, width: number): string => String(value).padStart(width, '0');

describe('timestamp', () => {
  it('is any day of the calendar that Date prints, and no other', () => {
    const part = (max: number) => fc.oneof({ weight: 9, arbitrary: fc.nat(max) }, fc.nat(99));
    const text = fc
      .tuple(fc.nat(9999), part(13), part(32), part(24), part(60), part(60), fc.nat(999))
      .map(
        ([y, mo, d, h, mi, s, ms]) =>
          `${pad(y, 4)}-${pad(mo, 2)}-${pad(d, 2)}T${pad(h, 2)}:${pad(mi, 2)}:${pad(s, 2)}.${pad(ms, 3)}Z`,
      );
    fc.assert(
      fc.property(text, (of) => assert.equal(isTimestamp(of), byDate(of), of)),
      { numRuns: 3000 },
    );
  });

  it('knows the last days of all months of all kinds of years', () => {
    for (const year of [0, 4, 100, 400, 1900, 2000, 2023, 2024, 2100, 9999]) {
      for (let month = 0; month <= 13; month++) {
        for (const day of [0, 1, 28, 29, 30, 31, 32]) {
          const text = `${pad(year, 4)}-${pad(month, 2)}-${pad(day, 2)}T23:59:59.999Z`;
          assert.equal(isTimestamp(text), byDate(text), text);
        }
      }
    }
  });

  it('has exactly one spelling', () => {
    const good = '2026-11-21T05:12:33.123Z';
    assert.ok(isTimestamp(good));
    const chars = [...'0129:-.TZtz +\u0660\n'];
    for (let at = 0; at <= good.length; at++) {
      for (const char of chars) {
        for (const text of [
          good.slice(0, at) + char + good.slice(at + 1),
          good.slice(0, at) + char + good.slice(at),
        ]) {
          assert.equal(isTimestamp(text), byDate(text), text);
        }
      }
    }
    for (const other of [null, undefined, 5, '', {}]) assert.equal(isTimestamp(other), false);
  });
});
