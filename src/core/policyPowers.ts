import { LintPeople, type LintPerson } from './policyLintPeople.js';
import type { Policy } from './policy.js';
import { parseAllowedSigners } from './ssh/allowedSigners.js';
import { matchesPatternList } from './ssh/patternList.js';

/** What one person may do under a policy. */
export interface PowerRow {
  /** Name in the policy, else the address; `*` for everybody else. */
  readonly person: string;
  readonly emails: readonly string[];
  /** An agent's or a service's approvals never count. */
  readonly isAgent: boolean;
  readonly roles: readonly string[];
  /** Environments for which their approval can count, as far as roles decide. */
  readonly approves: readonly string[];
  readonly deploys: readonly string[];
  readonly redacts: boolean;
  /** Keys of allowed_signers with a principal for one of the addresses, whenever they are valid. */
  readonly keys: number;
}

/** Who could approve, deploy and redact, by roles: one row a person, the last one for everybody else. */
export function policyPowers(
  policy: Policy,
  files: { readonly mailmap: string | null; readonly allowedSigners: string | null },
): readonly PowerRow[] {
  const people = new LintPeople(policy, files.mailmap);
  const { signers } = parseAllowedSigners(files.allowedSigners ?? '');
  const holds = (roles: readonly string[], person: LintPerson | null): boolean => {
    const members = people.withRoles(roles);
    return members === 'everybody' || members.some(({ label }) => label === person?.label);
  };
  const row = (person: LintPerson | null): PowerRow => ({
    person: person?.label ?? '*',
    emails: person?.emails ?? [],
    isAgent: person?.isAgent ?? false,
    roles: Object.keys(policy.roles).filter((role) => holds([role], person)),
    approves: policy.environments
      .filter(({ approvals }) => person?.isAgent !== true && holds(approvals.roles, person))
      .map(({ name }) => name),
    deploys: policy.environments
      .filter(({ deployers }) => holds(deployers, person))
      .map(({ name }) => name),
    redacts: policy.redaction.roles.length > 0 && holds(policy.redaction.roles, person),
    keys: signers.filter(({ principals }) =>
      person?.emails.some((email) =>
        matchesPatternList(Buffer.from(email).toString('latin1'), principals),
      ),
    ).length,
  });
  const known = new Map<string, LintPerson>();
  for (const role of Object.keys(policy.roles)) {
    const named = people.named(role);
    for (const person of named) known.set(person.label, person);
  }
  for (const { emails } of policy.people) {
    const person = people.withEmail(emails[0]!);
    known.set(person.label, person);
  }
  return [...[...known.values()].map(row), row(null)];
}
