/**
 * OpenSSH's lists of patterns (PATTERNS in ssh_config(5)), one character a byte: `*` is any bytes, `?` one, `!`
 * before a pattern forbids what it matches. Time grows with pattern times text, never faster.
 */
export function matchesPatternList(text: string, list: string): boolean {
  let found = false;
  const entries = list.split(',');
  // Behind the last comma nothing need stand.
  if (entries.at(-1) === '') entries.pop();
  for (const entry of entries) {
    const isNegated = entry.startsWith('!');
    const pattern = isNegated ? entry.slice(1) : entry;
    if (pattern.length >= maxPattern) return false;
    if (!matchesPattern(text, pattern)) continue;
    if (isNegated) return false;
    found = true;
  }
  return found;
}

const maxPattern = 1023;

function matchesPattern(text: string, pattern: string): boolean {
  let [t, p, star, mark] = [0, 0, -1, 0];
  while (t < text.length) {
    const c = pattern[p];
    if (c === '*') {
      star = p++;
      mark = t;
    } else if (c === '?' || (c !== undefined && c === text[t])) {
      p++;
      t++;
    } else if (star >= 0) {
      p = star + 1;
      t = ++mark;
    } else return false;
  }
  while (pattern[p] === '*') p++;
  return p === pattern.length;
}
