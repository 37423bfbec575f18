import type { JSONPath } from 'jsonc-parser';
import type { ApprovalRule } from './policy.js';
import { approvers, countsPeople, type AskedHere } from './policyLintAsked.js';
import type { LintContext } from './policyLintContext.js';
import type { LintPerson } from './policyLintPeople.js';
import { filledQuotas } from './quotas.js';
import { matchesPatternList } from './ssh/patternList.js';
import { parseAllowedSigners } from './ssh/allowedSigners.js';

/** Whether enough people can approve, by each rule that asks for approvals. */
export function lintApprovals(context: LintContext): void {
  for (const asked of askedRules(context)) {
    lintQuorum(context, asked);
    lintAgents(context, asked);
    lintKeys(context, asked);
  }
}

/** Every set of approvals that the policy asks for, each once, with where it stands. */
export function askedRules({ policy }: LintContext): readonly AskedHere[] {
  const all: AskedHere[] = [
    { what: 'the general rule', path: ['approvals'], rule: policy.approvals },
    ...policy.environments.map(({ name, approvals }) => ({
      what: name,
      path: ['environments', name, 'approvals'] as JSONPath,
      rule: approvals,
    })),
    ...policy.rules.map(({ name, approvals }, i) => ({
      what: `the rule "${name}"`,
      path: ['rules', i, 'approvals'] as JSONPath,
      rule: approvals,
    })),
  ];
  return [...new Map(all.toReversed().map((one) => [one.rule, one])).values()].toReversed();
}

/** More than that are not matched with quotas: nobody runs short of so many. */
const mostMatched = 500;

function lintQuorum(context: LintContext, { what, path, rule }: AskedHere): void {
  const people = approvers(context, rule);
  const at = context.place([...path, 'required'], ['approvals', 'required'], ['approvals'], path, [
    'rules',
  ]);
  if (people === 'everybody') {
    const known = knownPeople(context);
    if (known !== null && rule.required > known)
      context.add({
        code: 'lint.quorum',
        severity: 'warning',
        at,
        message: `${what} asks for ${rule.required} approvals, and ${countsPeople(known)} known so far`,
      });
    return;
  }
  if (rule.required > people.length) {
    context.add({
      code: 'lint.quorum',
      severity: 'error',
      at,
      message: `${what} asks for ${countOf(rule)}, and ${countsPeople(people.length)} that can give ${rule.required === 1 ? 'it' : 'them'}${listOf(people)}: nothing can be approved`,
    });
    return;
  }
  if (people.length === rule.required && rule.required > 0 && !rule.contributors)
    context.add({
      code: 'lint.tightQuorum',
      severity: 'warning',
      at,
      message: `${what} asks for ${countOf(rule)}, and only ${people.length === 1 ? `${people[0]!.label} can give it` : `these ${people.length} can give them${listOf(people)}`}: nothing that one of them wrote can be approved`,
    });
  if (people.length > mostMatched) return;
  const members = rule.allOf.map(({ roles }) => context.people.withRoles(roles));
  const filled = filledQuotas(
    rule.allOf.map(({ required }) => required),
    people.length,
    (person, quota) => {
      const in_ = members[quota]!;
      return in_ === 'everybody' || in_.some(({ label }) => label === people[person]!.label);
    },
  );
  for (const [i, { required, roles }] of rule.allOf.entries()) {
    if (filled[i]! >= required) continue;
    context.add({
      code: 'lint.quorum',
      severity: 'error',
      at: context.place([...path, 'allOf', i], ['approvals', 'allOf', i], path),
      message: `${what} asks for ${required} of ${roles.join(' or ')}, and ${countsPeople(filled[i]!)} left for ${required === 1 ? 'it' : 'them'}: nothing can be approved`,
    });
  }
}

function countOf({ required }: ApprovalRule): string {
  return `${required} approval${required === 1 ? '' : 's'}`;
}

function namesOf(people: readonly LintPerson[]): string {
  const labels = people.slice(0, 5).map(({ label }) => label);
  return `${labels.join(', ')}${people.length > 5 ? ', …' : ''}`;
}

function listOf(people: readonly LintPerson[]): string {
  return people.length === 0 ? '' : ` (${namesOf(people)})`;
}

/** How many human beings the ledger and the policy know; null where nobody knows. */
function knownPeople({ input, policy, people }: LintContext): number | null {
  if (input.known === null) return null;
  const all = [
    ...input.known.flatMap(({ email }) =>
      email === null ? [] : people.withEmail(email.toLowerCase()),
    ),
    ...policy.people.flatMap(({ emails }) =>
      emails.slice(0, 1).map((one) => people.withEmail(one)),
    ),
  ];
  return new Set(all.filter(({ isAgent }) => !isAgent).map(({ label }) => label)).size;
}

function lintAgents(context: LintContext, { path, rule }: AskedHere): void {
  for (const [i, role] of rule.roles.entries()) {
    const members = context.people.withRoles([role]);
    if (members === 'everybody') continue;
    for (const { label } of members.filter(({ isAgent }) => isAgent))
      context.add({
        code: 'lint.agentApprover',
        about: label,
        severity: 'warning',
        at: context.place([...path, 'roles', i], ['approvals', 'roles', i], path),
        message: `${label} has the role "${role}", but approvals by agents and services never count`,
      });
  }
}

/** Who has to sign and cannot. */
function lintKeys(context: LintContext, { what, path, rule }: AskedHere): void {
  if (!rule.signed || rule.required === 0) return;
  const at = context.place([...path, 'signed'], ['approvals', 'signed'], path);
  const { allowedSigners } = context.input;
  const { signers } = parseAllowedSigners(allowedSigners ?? '');
  if (signers.length === 0) {
    const why =
      allowedSigners === null
        ? 'there is no .prompt-audit/allowed_signers'
        : 'allowed_signers has no key';
    const message = `${what} counts only signed approvals, and ${why}: nothing can be approved`;
    context.add({ code: 'lint.noKey', severity: 'error', at, message });
    return;
  }
  const people = approvers(context, rule);
  if (people === 'everybody' || people.length > mostMatched) return;
  const without = people.filter(
    ({ emails }) =>
      !emails.some((email) =>
        signers.some(({ principals }) => matchesPatternList(bytes(email), principals)),
      ),
  );
  if (without.length === 0) return;
  const message = `${what} counts only signed approvals, and allowed_signers has no key for ${namesOf(without)}`;
  const severity = people.length - without.length < rule.required ? 'error' : 'warning';
  context.add({ code: 'lint.noKey', severity, at, message });
}

/** Principals are compared byte by byte. */
function bytes(text: string): string {
  return Buffer.from(text).toString('latin1');
}
