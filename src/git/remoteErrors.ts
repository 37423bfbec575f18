import { PromptAuditError } from '../core/errors.js';
import type { ReasonCode } from '../core/reasons.js';
import { wantsLogin } from './login.js';
import { refusals } from './refusals.js';
import { gitFailed, printable, relevantLine, sentence } from './gitErrors.js';
import type { GitCall, GitOutcome } from './runGit.js';

/** Signs that the host was reached and said no. Looked for first: ssh adds a general line after its reason. */
const refusal =
  /Authentication failed|Permission denied|could not read (Username|Password)|terminal prompts disabled|Host key verification failed|HOST IDENTIFICATION HAS CHANGED|SSL certificate|certificate verif|error: 4(0[1347]|13)\b|HTTP 4(0[1347]|13)\b|access denied|denied to|not permitted|not authorized|transport '[^']*' not allowed|remote unpack failed|unpack failed|maximum allowed size|dubious ownership|GH\d{3}: |TF40\d{4}|hash algorithm|mismatched algorithms|^(remote|ERROR): .*(\barchived\b|read.only|maintenance|disabled)|(Repository|project)( you were looking for)? (not found|could not be found)|repository 'https?:[^']*' not found|hook declined/im;

/** Signs that there was nobody to ask, or that the answer broke off. */
const absence =
  /Could not resolve|Couldn't resolve|unable to (access|connect)|Connection (refused|timed out|reset|closed)|timed out|does not appear to be a git repository|Could not read from remote|No such file or directory|repository .* (does not exist|not found)|hung up|early EOF|unreachable|No route to host|unexpected (disconnect|EOF|response end)|after ref listing|protocol error: bad|expected (ACK\/NAK|flush|no other|'|packfile|shallow|wanted)|invalid index-pack output|RPC failed|transfer closed|return code (18|28|35|5[256])\b|failed to (report status|push some refs)/i;

/** A failed fetch or push as `sync.refused`, `sync.offline` or `git.failed`, with the host's one line. */
export function remoteFailure(
  remote: string,
  call: GitCall,
  outcome: GitOutcome,
  /** Of a refusal that is not for want of a login. */
  reasons: readonly ReasonCode[] = [],
): PromptAuditError {
  const { stderr } = outcome;
  // A full disk of the host is none of this machine.
  const here = stderr.split(/[\r\n]+/).filter((line) => !line.startsWith('remote: '));
  const general = gitFailed(call, { ...outcome, stderr: here.join('\n') });
  if (general.code !== 'git.failed') return general;
  if (refusal.test(stderr))
    return refused(remote, stderr, wantsLogin(stderr) ? ['login.needed'] : reasons);
  if (!absence.test(stderr)) return general;
  return new PromptAuditError({
    code: 'sync.offline',
    message: `The remote cannot be reached: ${sentence(offlineLine(stderr))}`,
    remedy: 'Everything is recorded here. Check the network and the address, then sync again.',
  });
}

/** The host said no. `said` is what git printed, or the host's reason for one ref. */
export function refused(
  remote: string,
  said: string,
  reasons: readonly ReasonCode[] = [],
): PromptAuditError {
  // A repository may be called as a rule is.
  const words = said.replace(/\S+:\/\/\S+|\S+\.git\b\S*/g, '');
  return new PromptAuditError({
    code: 'sync.refused',
    message: `The remote ${printable(remote)} refused the ledger: ${sentence(hostLine(said))}`,
    remedy:
      refusals.find(({ pattern }) => pattern.test(words))?.remedy(printable(remote)) ??
      'Everything is recorded here. See that you may read and push the branch prompt-audit there, and that git can log in without asking.',
    reasons,
  });
}

/** The line in which the host names its rule; else git's own reason. */
function hostLine(stderr: string): string {
  const lines = stderr.split(/[\r\n]+/);
  const remote = lines
    .filter((line) => line.startsWith('remote: '))
    .map((line) => line.slice('remote: '.length).trim())
    .filter((line) => line !== '');
  const named =
    remote.find((line) => /GH\d{3}|TF\d{5,}|GitLab:|error|denied|declined|reject/i.test(line)) ??
    remote[0];
  const login = lines.find((line) =>
    /^ERROR: |Permission denied|Authentication failed|not allowed/.test(line),
  );
  // Some hosts list the rules below a line that only says that there are some.
  const rules = remote.filter((line) => /^[-*] /.test(line) && line !== named);
  if (named !== undefined && rules.length > 0) return printable([named, ...rules].join(' '));
  return printable(named ?? login?.replace(/^(fatal|error): /i, '') ?? relevantLine(stderr));
}

/** ssh and curl name the cause before git adds advice of several lines. */
function offlineLine(stderr: string): string {
  const line = stderr.split(/[\r\n]+/).find((text) => absence.test(text));
  return printable(line ?? '').replace(/^(fatal|error): /, '') || relevantLine(stderr);
}
