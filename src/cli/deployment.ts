import type { IdentityAssertion } from '../core/event.js';
import type { ActiveRow } from '../core/rows.js';
import type { Invocation } from './command.js';
import { printable } from './printable.js';
import { localTime } from './time.js';
import { shortDigest } from './words.js';

/** CI may deploy, so nobody is asked; the record says whether a person sat there. */
export function personPresent(invocation: Invocation): IdentityAssertion {
  return invocation.terminal.canAsk ? 'git' : 'unattended';
}

const orderTexts: Readonly<Record<ActiveRow['order'], string>> = {
  proven: '',
  after: ' Not all approvals that the policy asks for came before it.',
  unknown: ' Nobody can tell whether its approvals came before it.',
};

/** `Deployed prompts/triage.prompt.md v3 (3f9c21d) to production, active since …`. */
export function deploymentText(verb: string, row: ActiveRow): string {
  const what = `${verb} ${row.path} ${row.version} (${shortDigest(row.digest)})`;
  const where = verb === 'Deployed' ? `to ${row.env}` : `in ${row.env}`;
  const order = orderTexts[row.order];
  return `${printable(`${what} ${where}, active since ${localTime(row.from)}.${order}`)}\n`;
}
