/** A version as people write it (DESIGN.md §8). */
export type VersionSelector =
  | { readonly kind: 'newest' }
  | { readonly kind: 'number'; readonly number: number }
  | { readonly kind: 'digest'; readonly prefix: string };

/** Splits `PATH`, `PATH@v3`, `PATH@<4 to 64 hex digits>`. An `@` that is followed by neither belongs to the path. */
export function parseVersionName(name: string): { path: string; selector: VersionSelector } {
  const match = /^(.+)@(?:v([1-9]\d{0,8})\??|(?:sha256:)?([0-9a-f]{4,64}))$/s.exec(name);
  if (match === null) return { path: name, selector: { kind: 'newest' } };
  const [, path = '', number, prefix] = match;
  if (number !== undefined) return { path, selector: { kind: 'number', number: Number(number) } };
  return { path, selector: { kind: 'digest', prefix: prefix! } };
}
