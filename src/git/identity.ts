import { PromptAuditError } from '../core/errors.js';
import { relevantLine } from './gitErrors.js';
import { askOnce } from './oneAct.js';
import { runGit } from './runGit.js';

/**
 * Whom git would name as the author of a commit made in this folder: GIT_AUTHOR_* of the environment,
 * then git's configuration, never a guess from the machine's name. Throws `identity.missing`.
 */
export function authorIdentity(folder: string): Promise<{ name: string; email: string }> {
  return askOnce(`identity\0${folder}`, () => askIdentity(folder));
}

async function askIdentity(folder: string): Promise<{ name: string; email: string }> {
  const outcome = await runGit({
    folder,
    doing: 'name the author',
    args: ['var', 'GIT_AUTHOR_IDENT'],
    config: ['user.useConfigOnly=true'],
  });
  const match = /^(.+) <([^<>]+)> \d+ [+-]\d+\s*$/.exec(outcome.stdout.toString('utf8'));
  const [name = '', email = ''] = (match?.slice(1) ?? []).map((part) => part.trim());
  if (outcome.exitCode === 0 && name !== '' && email !== '') return { name, email };
  const line = relevantLine(outcome.stderr);
  throw new PromptAuditError({
    code: 'identity.missing',
    message: `git does not know who you are${line === '' ? '' : ` (${line})`}.`,
    remedy:
      'Run: git config --global user.name "Your Name" and git config --global user.email "you@example.org"',
  });
}
