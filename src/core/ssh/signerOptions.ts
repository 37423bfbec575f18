/** The options of a line of allowed_signers. Times are seconds since 1970. */
export interface SignerOptions {
  readonly isAuthority: boolean;
  readonly namespaces: string | null;
  readonly validAfter: number | null;
  readonly validBefore: number | null;
}

export const noOptions: SignerOptions = {
  isAuthority: false,
  namespaces: null,
  validAfter: null,
  validBefore: null,
};

/** Reads options as OpenSSH's sshsigopt_parse does; a text says what is wrong with them. */
export function parseSignerOptions(text: string): SignerOptions | string {
  let isAuthority = false;
  const values = new Map<string, string>();
  let rest = text;
  for (;;) {
    if (/^cert-authority/i.test(rest)) {
      isAuthority = true;
      rest = rest.slice('cert-authority'.length);
    } else {
      const name = /^(namespaces|valid-after|valid-before)=/i.exec(rest)?.[1]?.toLowerCase();
      if (name !== undefined) {
        if (values.has(name)) return `"${name}" stands there twice`;
        const quoted = dequote(rest.slice(name.length + 1));
        if (quoted === null) return `the value of "${name}" must stand in double quotes`;
        values.set(name, quoted.value);
        rest = quoted.rest;
      }
    }
    if (rest === '') break;
    if (!rest.startsWith(',')) return 'an option is unknown';
    rest = rest.slice(1);
    if (rest === '') return 'an option is missing behind the last comma';
  }
  const [validAfter, validBefore] = ['valid-after', 'valid-before'].map((name) => {
    const value = values.get(name);
    return value === undefined ? null : timeOf(value);
  });
  if (validAfter === undefined || validBefore === undefined)
    return 'a time is not YYYYMMDD, YYYYMMDDHHMM or YYYYMMDDHHMMSS, since 1970';
  if (validAfter !== null && validBefore !== null && validBefore <= validAfter)
    return '"valid-before" is not later than "valid-after"';
  return { isAuthority, namespaces: values.get('namespaces') ?? null, validAfter, validBefore };
}

function dequote(text: string): { readonly value: string; readonly rest: string } | null {
  const match = /^"((?:\\"|[^"\\]|\\(?!"))*)"/.exec(text);
  if (match === null) return null;
  return { value: match[1]!.replaceAll('\\"', '"'), rest: text.slice(match[0].length) };
}

/** Always UTC, with Z or without; undefined for what is no time. */
function timeOf(text: string): number | undefined {
  const digits = text.replace(/(Z|UTC)$/i, '');
  if (!/^(\d{8}|\d{12}|\d{14})$/.test(digits)) return undefined;
  const part = (from: number, to: number): number => Number(digits.slice(from, to));
  const [year, month, day] = [part(0, 4), part(4, 6), part(6, 8)];
  const [hour, minute, second] = [part(8, 10), part(10, 12), part(12, 14)];
  const fits =
    month >= 1 &&
    month <= 12 &&
    day >= 1 &&
    day <= 31 &&
    hour <= 23 &&
    minute <= 59 &&
    second <= 61;
  if (!fits) return undefined;
  const date = new Date(0);
  // What the month lacks runs over into the next one, as timegm does it.
  date.setUTCFullYear(year, month - 1, day);
  date.setUTCHours(hour, minute, second);
  const seconds = date.getTime() / 1000;
  return seconds > 0 ? seconds : undefined;
}
