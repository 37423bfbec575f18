import { ownedPath, type OwnedPath } from './codeownersPattern.js';

/** One line of CODEOWNERS with a pattern. */
export interface OwnerRule {
  /** From 1. */
  readonly line: number;
  readonly pattern: string;
  /** `@name`, `@org/team` or an address, in lower case; empty: nobody owns these paths. */
  readonly owners: readonly string[];
  readonly matches: OwnedPath;
}

/** A line that counts for nothing, and why, as a part of a sentence. */
export interface CodeownersProblem {
  readonly line: number;
  readonly message: string;
}

export interface Codeowners {
  /** By section: one where there are none, as at GitHub. In each the last rule that matches counts. */
  readonly sections: readonly (readonly OwnerRule[])[];
  readonly problems: readonly CodeownersProblem[];
}

interface Section {
  readonly rules: OwnerRule[];
  /** Of rules that name none. */
  owners: readonly string[];
}

/** More lines than any host reads; from a longer file nobody owns anything. */
const mostRules = 20_000;
const longestLine = 8192;
const mostKnown = 10_000;
const sectionLine = /^\^?\[([^[\]]{1,200})\](?:\[\d{1,9}\])?(?=\s|$)/;

/** Reads CODEOWNERS as GitHub does, with the sections of GitLab. A line that is wrong is passed over. */
export function parseCodeowners(text: string): Codeowners {
  const sections = new Map<string, Section>();
  const problems: CodeownersProblem[] = [];
  const sectionNamed = (name: string): Section => {
    const section = sections.get(name) ?? { rules: [], owners: [] };
    sections.set(name, section);
    return section;
  };
  let section = sectionNamed('');
  let count = 0;
  for (const [i, whole] of text
    .replace(/^\uFEFF/, '')
    .split('\n')
    .entries()) {
    const line = whole.trim();
    if (line === '' || line.startsWith('#')) continue;
    if (++count > mostRules) {
      const message = `there are more than ${mostRules} lines, so nobody owns anything by this file`;
      return { sections: [], problems: [{ line: i + 1, message }] };
    }
    const read = readLine(line);
    if (typeof read === 'string') problems.push({ line: i + 1, message: read });
    else if ('section' in read) {
      section = sectionNamed(read.section);
      if (read.owners.length > 0) section.owners = read.owners;
    } else {
      const owners = read.owners.length > 0 ? read.owners : section.owners;
      section.rules.push({ ...read, line: i + 1, owners });
    }
  }
  return { sections: [...sections.values()].map(({ rules }) => rules), problems };
}

type Line =
  | { readonly section: string; readonly owners: readonly string[] }
  | Omit<OwnerRule, 'line'>
  | string;

/** A rule, the head of a section, or what is wrong. */
function readLine(line: string): Line {
  if (line.length > longestLine) return `it is longer than ${longestLine} characters`;
  const head = sectionLine.exec(line);
  const words = wordsOf(head ? line.slice(head[0].length) : line);
  const pattern = head ? '' : (words.shift() ?? '');
  const wrong = words.find((word) => !isOwner(word));
  if (wrong !== undefined) return `"${shortened(wrong)}" is no @name, @org/team or e-mail address`;
  const owners = words.map((word) => word.toLowerCase());
  if (head) return { section: head[1]!.trim().toLowerCase(), owners };
  const matches = /(?<!\\)\[/.test(pattern) ? null : ownedPath(pattern);
  if (matches === null) return `no host understands the pattern "${shortened(pattern)}"`;
  return { pattern, owners, matches };
}

const knownOwners = new WeakMap<Codeowners, Map<string, readonly string[]>>();

/** Who owns a path, in lower case and each once: in each section by the last rule that matches. */
export function ownersOf(codeowners: Codeowners, path: string): readonly string[] {
  const memory = knownOwners.get(codeowners) ?? new Map<string, readonly string[]>();
  knownOwners.set(codeowners, memory);
  const known = memory.get(path);
  if (known !== undefined) return known;
  const rules = codeowners.sections.flatMap(
    (section) => section.findLast((rule) => rule.matches(path)) ?? [],
  );
  const owners = [...new Set(rules.flatMap((rule) => rule.owners))];
  if (memory.size >= mostKnown) memory.clear();
  memory.set(path, owners);
  return owners;
}

/** By spaces without a backslash before; `#` at the start of a word ends the line. */
function wordsOf(line: string): string[] {
  const words: string[] = [];
  for (const [word] of line.matchAll(/(?:\\.|[^\s\\]|\\$)+/gu)) {
    if (word.startsWith('#')) break;
    words.push(word);
  }
  return words;
}

function isOwner(word: string): boolean {
  return /^@{1,2}[^@\s]+$|^[^@\s]+@[^@\s]+$/.test(word);
}

function shortened(text: string): string {
  return text.length > 80 ? `${text.slice(0, 79)}…` : text;
}
