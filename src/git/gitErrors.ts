import { PromptAuditError } from '../core/errors.js';
import type { GitCall, GitOutcome } from './runGit.js';

/** The oldest git whose options are used here. */
export const oldestGit = '2.31';

/** git is not installed, or not on the PATH. */
export function gitMissing(): PromptAuditError {
  return new PromptAuditError({
    code: 'git.missing',
    message: 'The program git was not found.',
    remedy: `Install git ${oldestGit} or later, and see that it is on the PATH.`,
  });
}

/** `timeout` in milliseconds. */
export function gitTimeout(call: GitCall, timeout: number): PromptAuditError {
  return new PromptAuditError({
    code: 'git.timeout',
    message: `git did not ${call.doing} within ${Math.ceil(timeout / 1000)} seconds.`,
    remedy:
      'Nothing was lost. Try again; if it stays so, run git by hand to see what it waits for.',
  });
}

/** A failed run, with the one line of git that says why; a full or read-only disk under its own code. */
export function gitFailed(call: Pick<GitCall, 'doing'>, outcome: GitOutcome): PromptAuditError {
  const line = relevantLine(outcome.stderr) || `exit status ${outcome.exitCode}`;
  const known = knownFailures.find(({ pattern }) => pattern.test(outcome.stderr));
  const safeDirectory = /git config --global --add safe\.directory .+/.exec(outcome.stderr)?.[0];
  return new PromptAuditError({
    code: known?.code ?? 'git.failed',
    message: `git could not ${call.doing}: ${sentence(line)}`,
    remedy:
      safeDirectory !== undefined
        ? `If you trust this folder, run: ${printable(safeDirectory)}`
        : (known?.remedy ??
          'Run the same with git by hand to see more, and repair the repository.'),
  });
}

const knownFailures = [
  {
    pattern: /No space left on device|Disk quota exceeded/,
    code: 'disk.full',
    remedy: 'Free some space and try again. What was recorded stays recorded.',
  },
  {
    pattern: /Read-only file system|insufficient permission for adding an object/,
    code: 'disk.readOnly',
    remedy: 'Make the folder of the repository writable for you.',
  },
  {
    pattern: /^(error: )?(unknown option|unknown switch)|^usage: git/m,
    code: 'git.failed',
    remedy: `Update git to version ${oldestGit} or later.`,
  },
  {
    pattern: /Unable to create '[^']*\.lock': File exists/,
    code: 'git.failed',
    remedy: 'Another git may be at work there: try again. If none is, delete that lock file.',
  },
  {
    pattern: /from promisor remote/,
    code: 'git.failed',
    remedy:
      'This is a partial clone, and its remote has what is needed here: connect to the network and try again.',
  },
] as const;

/** git's own reason: its last `fatal:` or `error:` line, else the last line that says something. */
export function relevantLine(stderr: string): string {
  const lines = stderr.split(/[\r\n]+/).filter((line) => line.trim() !== '');
  const reasons = lines.filter((line) => /^(fatal|error|ssh): /.test(line));
  return printable(reasons.at(-1) ?? lines.at(-1) ?? '').replace(/^(fatal|error): /, '');
}

/** Hostile text as one harmless line: no control characters, no passwords of addresses, 300 characters. */
export function printable(text: string): string {
  return text
    .replace(/[\p{Cc}\p{Cf}\u2028\u2029]+/gu, ' ')
    .replace(/(\w:\/\/)[^/\s]+@/g, '$1…@')
    .trim()
    .slice(0, 300);
}

/** Foreign text as the end of a sentence: a remedy follows it. */
export function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
