import { usageError } from './usageError.js';

const units = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 } as const;

/** Reads `30s`, `90m`, `12h`, `3d` or `2w`; milliseconds. Throws `usage`. */
export function parseDuration(text: string, option: string): number {
  const match = /^(\d{1,6})([smhdw])$/.exec(text.trim());
  if (match === null)
    throw usageError(
      `${option} "${text}" is no duration.`,
      'Give one such as 30s, 90m, 12h or 3d.',
    );
  return Number(match[1]) * units[match[2] as keyof typeof units];
}

/** `2 d 3 h`, `45 s`: the two largest units. */
export function durationText(milliseconds: number): string {
  const sign = milliseconds < 0 ? '-' : '';
  let rest = Math.abs(milliseconds);
  if (rest < 1000) return `${sign}${rest} ms`;
  const parts: string[] = [];
  for (const unit of ['d', 'h', 'm', 's'] as const) {
    const count = Math.floor(rest / units[unit]);
    rest -= count * units[unit];
    if (count > 0) parts.push(`${count} ${unit === 'm' ? 'min' : unit}`);
  }
  return sign + parts.slice(0, 2).join(' ');
}
