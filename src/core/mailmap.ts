/** Addresses of `.mailmap`, each with what git calls its owner. */
export interface Mailmap {
  /** By the address that stands in commits, ASCII letters in lower case. */
  readonly entries: ReadonlyMap<string, Entry>;
}

interface Entry {
  /** The proper address of lines that name no commit name; null where only a proper name is given. */
  email: string | null;
  /** Proper addresses of lines with a commit name, by that name in lower case; they go first. */
  readonly byName: Map<string, string | null>;
}

interface NameAndEmail {
  readonly name: string | null;
  readonly email: string;
  readonly rest: string;
}

/** Reads a text in the format of gitmailmap(5), as git does: what is no mapping is passed over. */
export function parseMailmap(text: string): Mailmap {
  const entries = new Map<string, Entry>();
  for (const whole of text.split('\n')) {
    const line = whole.split('\0', 1)[0]!;
    if (line.startsWith('#')) continue;
    const first = nameAndEmail(line);
    if (first === null || first.email === '') continue;
    const second = nameAndEmail(first.rest);
    add(entries, first, second);
  }
  return { entries };
}

/**
 * The address that git shows for somebody who is named so in a commit; their own where the map has
 * none. In lower case. One step, as git goes: a proper address is not looked up again.
 */
export function canonicalEmail(mailmap: Mailmap, name: string, email: string): string {
  const entry = mailmap.entries.get(folded(email));
  const named = entry?.byName.get(folded(name));
  // A line with this name replaces the one without, even where it gives no address.
  const found = named === undefined ? entry?.email : named;
  return (found ?? email).toLowerCase();
}

function add(entries: Map<string, Entry>, proper: NameAndEmail, commit: NameAndEmail | null): void {
  const key = folded((commit ?? proper).email);
  const entry = entries.get(key) ?? { email: null, byName: new Map<string, string | null>() };
  entries.set(key, entry);
  const email = commit === null ? null : proper.email;
  if (commit !== null && commit.name !== null) entry.byName.set(folded(commit.name), email);
  else if (email !== null) entry.email = email;
}

/** The first `Name <address>`; null where there is none. */
function nameAndEmail(text: string): NameAndEmail | null {
  const left = text.indexOf('<');
  const right = text.indexOf('>', left + 1);
  if (left < 0 || right < 0) return null;
  const name = text.slice(0, left).replace(/^[ \t\r]+/, '');
  return {
    name: withoutEnd(name) || null,
    email: text.slice(left + 1, right),
    rest: text.slice(right + 1),
  };
}

/** No regular expression: one for the end of a text tries from each space. */
function withoutEnd(text: string): string {
  let end = text.length;
  while (end > 0 && ' \t\r'.includes(text[end - 1]!)) end--;
  return text.slice(0, end);
}

/** As git compares: only ASCII letters lose their case. */
function folded(text: string): string {
  return text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}
