import { PromptAuditError } from '../core/errors.js';

const unreachable =
  /could not resolve host|unable to access|could not read from remote|does not appear to be a git repository|connection (?:refused|timed out|closed|reset)|network is unreachable|no such remote|operation timed out|early eof|hung up unexpectedly|repository .* not found/i;
const unauthorised =
  /authentication failed|permission denied|terminal prompts disabled|could not read (?:username|password)|access denied|HTTP 40[13]/i;

/** What git's failure means for the user. The cause keeps git's own words for the log. */
export function gitError(error: unknown, folder: string): PromptAuditError {
  if (error instanceof PromptAuditError) return error;
  const text = error instanceof Error ? error.message : String(error);
  if ((error as { code?: string }).code === 'ENOENT' || /spawn \S*git\S* ENOENT/.test(text)) {
    return new PromptAuditError({
      code: 'git.missing',
      message: 'The program git was not found.',
      remedy: 'Install git from git-scm.com and restart the editor or the terminal.',
      cause: error,
    });
  }
  if (/block timeout reached/.test(text)) {
    return new PromptAuditError({
      code: 'git.timeout',
      message: `git did not answer in ${folder}.`,
      remedy: 'Check the network and the credentials of the remote, then try again.',
      cause: error,
    });
  }
  const line = relevantLine(text);
  if (unauthorised.test(text)) {
    return new PromptAuditError({
      code: 'sync.refused',
      message: `The remote did not let git in: ${line}`,
      remedy: 'Check the credentials with a git fetch in a terminal. Everything is recorded here.',
      cause: error,
    });
  }
  if (unreachable.test(text)) {
    return new PromptAuditError({
      code: 'sync.offline',
      message: `The remote cannot be reached: ${line}`,
      remedy: 'Everything is recorded here. Sync again when the remote can be reached.',
      cause: error,
    });
  }
  return new PromptAuditError({
    code: 'git.failed',
    message: `git failed in ${folder}: ${line}`,
    remedy: 'Run git status there to see what is wrong with the repository.',
    cause: error,
  });
}

/** The line of git's output that says most: the first that the remote or git marks as an error. */
export function relevantLine(text: string): string {
  const lines = text
    .split('\n')
    .map((line) => line.replace(/\p{Cc}/gu, ' ').trim())
    .filter((line) => line !== '');
  const marked = lines.find((line) => /^(?:remote: )?(?:error|fatal)|rejected|denied/i.test(line));
  return (marked ?? lines[0] ?? 'no message').slice(0, 300);
}
