/**
 * ISO 8601 UTC with milliseconds, as Date.toISOString prints it for the years 0000 to 9999.
 * Read digit by digit: every event has one, and a Date there and back costs more than its hash.
 */
export function isTimestamp(value: unknown): value is string {
  if (typeof value !== 'string' || value.length !== 24) return false;
  for (let at = 0; at < separators.length; at++) {
    if (value.charCodeAt(separators[at]![0]) !== separators[at]![1]) return false;
  }
  const year = number(value, 0, 4);
  const month = number(value, 5, 7);
  const day = number(value, 8, 10);
  const hour = number(value, 11, 13);
  const minute = number(value, 14, 16);
  const second = number(value, 17, 19);
  if (!(year >= 0 && hour < 24 && minute < 60 && second < 60 && number(value, 20, 23) >= 0)) {
    return false;
  }
  return day >= 1 && day <= daysIn(year, month);
}

const separators = [...'    -  -  T  :  :  .   Z']
  .map((char, at) => [at, char.charCodeAt(0)] as const)
  .filter(([, code]) => code !== 0x20);

/** The number that the digits from `start` to `end` spell; NaN when one is no digit. */
function number(text: string, start: number, end: number): number {
  let result = 0;
  for (let at = start; at < end; at++) {
    const digit = text.charCodeAt(at) - 0x30;
    if (digit < 0 || digit > 9) return NaN;
    result = result * 10 + digit;
  }
  return result;
}

/** Days of a month of the Gregorian calendar; 0 for what is no month. */
function daysIn(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  if (!(month >= 1 && month <= 12)) return 0;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}
