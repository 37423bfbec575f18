/** Tells whether a path, with `/` between its parts, belongs to a pattern. */
export type OwnedPath = (path: string) => boolean;

/** Characters of a pattern, and of a path, beyond which nothing is compared. */
const longestPattern = 1024;
const longestPath = 4096;

/** One part between slashes: texts that must follow each other, with `*` between them; `?` is any character. */
type Part = '**' | readonly string[];

/**
 * Reads a pattern of CODEOWNERS: as in .gitignore, but without `!` and `[a-z]`, and a last `*` alone stands for files
 * right there. A backslash takes the next character as it is. Null for a pattern that nobody can use.
 * No regular expression comes of it, so no pattern can keep the matcher busy.
 */
export function ownedPath(pattern: string): OwnedPath | null {
  if (pattern.length > longestPattern || /^!|^\/?$/.test(pattern)) return null;
  const texts = pattern.replace(/^\//, '').split('/');
  const isFolder = texts.length > 1 && texts.at(-1) === '';
  if (isFolder) texts.pop();
  const anywhere = texts.length === 1 && !pattern.startsWith('/');
  const parts = texts.map((text): Part => (text === '**' ? '**' : chunksOf(text)));
  if (anywhere && parts[0] !== '**') parts.unshift('**');
  const filesOnly = texts.at(-1) === '*' && !isFolder && !anywhere;
  return (path) => {
    if (path.length > longestPath) return false;
    return matches(parts, path.split('/'), { isFolder, filesOnly });
  };
}

interface Ending {
  /** Only what is below counts. */
  readonly isFolder: boolean;
  /** Nothing below counts. */
  readonly filesOnly: boolean;
}

/** Goes back only to the last `**`: an earlier one could not do better. */
function matches(parts: readonly Part[], path: readonly string[], ending: Ending): boolean {
  let at = 0;
  let part = 0;
  let retry: { readonly part: number; at: number } | null = null;
  for (;;) {
    if (part === parts.length && isEnd(parts, path.length - at, ending)) return true;
    const wanted = parts[part];
    if (wanted === '**') {
      retry = { part, at };
      part++;
    } else if (wanted !== undefined && at < path.length && fits(wanted, path[at]!)) {
      part++;
      at++;
    } else {
      if (retry === null || retry.at >= path.length) return false;
      retry.at++;
      part = retry.part + 1;
      at = retry.at;
    }
  }
}

/** Whether so many parts of a path may be left over. */
function isEnd(parts: readonly Part[], left: number, ending: Ending): boolean {
  if (parts.at(-1) === '**' || ending.isFolder) return left > 0;
  return left === 0 || !ending.filesOnly;
}

/** Texts between stars, each a list of characters in the end; `\*` and `\?` are plain. */
function chunksOf(text: string): readonly string[] {
  const chunks = [''];
  for (let i = 0; i < text.length; i++) {
    const char = text[i]!;
    if (char === '*') chunks.push('');
    else if (char === '?') chunks[chunks.length - 1] += anyCharacter;
    else if (char === '\\' && i + 1 < text.length) chunks[chunks.length - 1] += text[++i]!;
    else chunks[chunks.length - 1] += char;
  }
  return chunks;
}

/** Stands for `?`; no path has it. */
const anyCharacter = '\0';

function fits(chunks: readonly string[], text: string): boolean {
  const first = chunks[0]!;
  if (!isAt(text, first, 0)) return false;
  if (chunks.length === 1) return text.length === first.length;
  const last = chunks.at(-1)!;
  const end = text.length - last.length;
  let at = first.length;
  for (const chunk of chunks.slice(1, -1)) {
    while (at + chunk.length <= end && !isAt(text, chunk, at)) at++;
    if (at + chunk.length > end) return false;
    at += chunk.length;
  }
  return at <= end && isAt(text, last, end);
}

function isAt(text: string, chunk: string, at: number): boolean {
  if (!chunk.includes(anyCharacter)) return text.startsWith(chunk, at);
  if (at + chunk.length > text.length) return false;
  for (let i = 0; i < chunk.length; i++)
    if (chunk[i] !== anyCharacter && chunk[i] !== text[at + i]) return false;
  return true;
}
