import { usageError } from './usageError.js';

const pattern =
  /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?\s?(Z|[+-]\d{2}(?::?\d{2})?)?)?$/i;

/**
 * Reads an ISO 8601 time and gives it in UTC with milliseconds. Without an offset it is local; a date
 * alone means the start of that day, local. Throws `usage`.
 */
export function parseTime(text: string, option: string): string {
  const match = pattern.exec(text.trim());
  if (match === null) throw notATime(text, option);
  const [year, month, day, hour, minute, second] = match
    .slice(1, 7)
    .map((part) => Number(part ?? 0));
  const milliseconds = Number((match[7] ?? '').padEnd(3, '0').slice(0, 3));
  const parts = [year, (month ?? 0) - 1, day, hour, minute, second, milliseconds] as Parts;
  // Date.UTC carries 31 February over into March; a time that comes back changed was none.
  const utc = new Date(Date.UTC(...parts));
  if (utc.toISOString().slice(0, 19) !== textOf(parts)) throw notATime(text, option);
  const offset = match[8];
  if (offset === undefined) return new Date(...parts).toISOString();
  const east = minutesEast(offset);
  if (east === undefined) throw notATime(text, option);
  return new Date(utc.getTime() - east * 60_000).toISOString();
}

/** `2026-11-21 05:12:33 +01:00`, local; with milliseconds where the exact moment decides. */
export function localTime(at: string, precision: 'seconds' | 'milliseconds' = 'seconds'): string {
  const date = new Date(at);
  if (Number.isNaN(date.getTime())) return at;
  const east = -date.getTimezoneOffset();
  const shown = new Date(date.getTime() + east * 60_000).toISOString();
  const sign = east < 0 ? '-' : '+';
  const offset = `${sign}${two(Math.floor(Math.abs(east) / 60))}:${two(Math.abs(east) % 60)}`;
  return `${shown.slice(0, 10)} ${shown.slice(11, precision === 'seconds' ? 19 : 23)} ${offset}`;
}

type Parts = [number, number, number, number, number, number, number];

function textOf([year, month, day, hour, minute, second]: Parts): string {
  const date = `${String(year).padStart(4, '0')}-${two(month + 1)}-${two(day)}`;
  return `${date}T${two(hour)}:${two(minute)}:${two(second)}`;
}

function minutesEast(offset: string): number | undefined {
  if (offset.toUpperCase() === 'Z') return 0;
  const hours = Number(offset.slice(1, 3));
  const minutes = Number(offset.slice(3).replace(':', '') || 0);
  if (hours > 14 || minutes > 59) return undefined;
  return (offset.startsWith('-') ? -1 : 1) * (hours * 60 + minutes);
}

function two(number: number): string {
  return String(number).padStart(2, '0');
}

function notATime(text: string, option: string): Error {
  return usageError(
    `${option} "${text}" is not a time.`,
    'Give an ISO 8601 time such as 2026-11-21, 2026-11-21T09:30 or 2026-11-21T08:30:00Z.',
  );
}
