import { PromptAuditError } from '../core/errors.js';

const objectIdPattern = /^([0-9a-f]{40}|[0-9a-f]{64})$/;

/** Whether a text is a full object id, of SHA-1 or SHA-256. */
export function isObjectId(text: string): boolean {
  return objectIdPattern.test(text);
}

/** Refuses what git could read as an option or an expression. */
export function assertObjectId(text: string): void {
  if (!isObjectId(text)) throw badName('commit', text);
}

/** Refuses what is no ref name by git's rules (check-ref-format), or starts like an option. */
export function assertBranchName(name: string): void {
  const wrong =
    name === '' ||
    name === '@' ||
    // eslint-disable-next-line no-control-regex
    /[\x00-\x20\x7f~^:?*[\\]|\.\.|@\{|\/\/|^[-/]|[/.]$/.test(name) ||
    name.split('/').some((part) => part.startsWith('.') || part.endsWith('.lock'));
  if (wrong) throw badName('branch', name);
}

/** Remotes have names like branches; an address or an option is none. */
export function assertRemoteName(name: string): void {
  try {
    assertBranchName(name);
  } catch {
    throw badName('remote', name);
  }
}

/**
 * A path for git's line-wise standard input, quoted as in C. Plain ASCII stays as it is; all else is
 * written byte by byte, so that a newline cannot end it.
 */
export function quotePath(path: string): string {
  let quoted = '';
  for (const byte of Buffer.from(path, 'utf8')) {
    const plain = byte >= 0x20 && byte < 0x7f && byte !== 0x22 && byte !== 0x5c;
    quoted += plain ? String.fromCharCode(byte) : `\\${byte.toString(8).padStart(3, '0')}`;
  }
  return `"${quoted}"`;
}

/** Whether a path is relative, inside the work tree and not git's own. */
export function isWorkTreePath(path: string): boolean {
  return (
    !path.includes('\0') &&
    !/^[A-Za-z]:/.test(path) &&
    path
      .split('/')
      .every((part) => part !== '' && part !== '.' && part !== '..' && !/^\.git$/i.test(part))
  );
}

function badName(kind: string, name: string): PromptAuditError {
  return new PromptAuditError({
    code: 'git.failed',
    message: `${JSON.stringify(name.slice(0, 100))} is no name of a ${kind}.`,
    remedy: `Give the name of a ${kind} of this repository.`,
  });
}
