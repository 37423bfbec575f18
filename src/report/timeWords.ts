/** `2026-08-14 11:08:47 +02:00 (09:08:47Z)`: a claimed time on the clock of who acted, and in UTC. */
export function claimedTime(at: string, utcOffset: number | null): string {
  const utc = `${at.slice(0, 10)} ${at.slice(11, 19)}Z`;
  if (utcOffset === null || utcOffset === 0 || Number.isNaN(Date.parse(at))) return utc;
  const local = new Date(Date.parse(at) + utcOffset * 60_000).toISOString();
  const size = Math.abs(utcOffset);
  const two = (n: number): string => String(n).padStart(2, '0');
  const offset = `${utcOffset < 0 ? '-' : '+'}${two(Math.floor(size / 60))}:${two(size % 60)}`;
  return `${local.slice(0, 10)} ${local.slice(11, 19)} ${offset} (${at.slice(0, 10) === local.slice(0, 10) ? '' : `${at.slice(0, 10)} `}${at.slice(11, 19)}Z)`;
}
