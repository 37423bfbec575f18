import type { Policy } from './policy.js';

/** One thing that two policies say differently. */
export interface PolicyDifference {
  /** Where it stands, such as `approvals.required` or `environments.production.deployers`. */
  readonly key: string;
  /** As people write it; null where it does not stand there at all. */
  readonly before: string | null;
  readonly after: string | null;
  /** Of lists: what is only in one of them. */
  readonly added?: readonly string[];
  readonly removed?: readonly string[];
}

/** What is adopted with a policy, as texts; null where there is no such file. */
export interface AdoptedTexts {
  readonly policy: Policy;
  readonly allowedSigners: string | null;
  readonly mailmap: string | null;
  readonly codeowners: string | null;
}

/** What two policies say differently, with every default filled in; comments and layout say nothing. */
export function policyDifferences(
  before: AdoptedTexts,
  after: AdoptedTexts,
): readonly PolicyDifference[] {
  const [old, fresh] = [flat(before.policy), flat(after.policy)];
  const keys = [...new Set([...fresh.keys(), ...old.keys()])];
  const found = keys.flatMap((key) => differenceAt(key, old.get(key), fresh.get(key)));
  for (const [key, name] of files) {
    const [a, b] = [before[key], after[key]];
    if (a !== b) found.push(...differenceAt(name, lines(a), lines(b)));
  }
  return found;
}

const files = [
  ['allowedSigners', 'allowed_signers'],
  ['mailmap', '.mailmap'],
  ['codeowners', 'CODEOWNERS'],
] as const;

type Value = string | readonly string[];

function differenceAt(
  key: string,
  before: Value | undefined,
  after: Value | undefined,
): PolicyDifference[] {
  const [a, b] = [shown(before), shown(after)];
  if (a === b) return [];
  const lists = [before ?? [], after ?? []];
  if (lists.some((one) => typeof one === 'string')) return [{ key, before: a, after: b }];
  const [old, fresh] = lists as [readonly string[], readonly string[]];
  const [had, has] = [new Set(old), new Set(fresh)];
  const added = fresh.filter((one) => !had.has(one));
  const removed = old.filter((one) => !has.has(one));
  return [{ key, before: a, after: b, added, removed }];
}

function shown(value: Value | undefined): string | null {
  if (value === undefined) return null;
  return typeof value === 'string' ? value : `[${value.join(', ')}]`;
}

/** Lines that say something, as a list; undefined where none does. */
function lines(text: string | null): readonly string[] | undefined {
  const found = (text ?? '').split('\n').map((line) => line.trim());
  const said = found.filter((line) => line !== '' && !line.startsWith('#'));
  return said.length === 0 ? undefined : said;
}

/** Every value by where it stands. Rules inherit: of an environment only what differs from the general rule is its own. */
function flat(policy: Policy): ReadonlyMap<string, Value> {
  const found = new Map<string, Value>();
  const { approvals, environments, rules, people, groups, roles } = policy;
  found.set('ledger', shownScalar(policy.ledger));
  found.set('minCheckpoint', pinned(policy));
  found.set('prompts.include', policy.prompts.include);
  found.set('prompts.exclude', policy.prompts.exclude);
  found.set('drafts', policy.drafts);
  found.set('protectedBranch', policy.protectedBranch ?? 'the default branch');
  for (const { name, emails, handles, kind } of people) {
    found.set(`people.${name}.emails`, emails);
    if (handles.length > 0) found.set(`people.${name}.handles`, handles);
    if (kind !== 'person') found.set(`people.${name}.kind`, kind);
  }
  for (const [name, members] of Object.entries(groups)) found.set(`groups.${name}`, members);
  for (const [name, members] of Object.entries(roles)) found.set(`roles.${name}`, members);
  putRule(found, 'approvals', approvals, null);
  for (const rule of rules) {
    const key = `rules.${rule.name}`;
    found.set(`${key}.paths`, rule.paths);
    found.set(`${key}.environments`, rule.environments);
    found.set(`${key}.changes`, rule.changes);
    putRule(found, `${key}.approvals`, rule.approvals, { ...approvals, required: 1 });
  }
  found.set('redaction.roles', policy.redaction.roles);
  found.set('redaction.unattended', String(policy.redaction.unattended));
  for (const environment of environments) {
    const key = `environments.${environment.name}`;
    found.set(`${key}.deployers`, environment.deployers);
    for (const flag of ['approverMayDeploy', 'contributorMayDeploy'] as const)
      found.set(`${key}.${flag}`, String(environment[flag]));
    const { breakGlass, after } = environment;
    found.set(`${key}.breakGlass`, String(breakGlass !== null));
    if (breakGlass !== null) {
      found.set(`${key}.breakGlass.roles`, breakGlass.roles);
      found.set(`${key}.breakGlass.review`, durationText(breakGlass.review));
      found.set(`${key}.breakGlass.reviewers`, breakGlass.reviewers);
    }
    found.set(`${key}.after`, after ?? 'nothing');
    putRule(found, `${key}.approvals`, environment.approvals, approvals);
  }
  return found;
}

function putRule(
  found: Map<string, Value>,
  key: string,
  rule: Policy['approvals'],
  base: Policy['approvals'] | null,
): void {
  for (const name of Object.keys(rule) as (keyof Policy['approvals'])[]) {
    const value = valueOf(rule, name);
    if (base === null || shown(value) !== shown(valueOf(base, name)))
      found.set(`${key}.${name}`, value);
  }
}

function valueOf(rule: Policy['approvals'], name: keyof Policy['approvals']): Value {
  if (name === 'allOf')
    return rule.allOf.map((one) => `${one.required} of ${one.roles.join(' or ')}`);
  if (name === 'expires') return durationText(rule.expires);
  const value = rule[name];
  return typeof value === 'object' && value !== null ? value : shownScalar(value);
}

/** `30d`, `12h`, `90m`, or `never`. */
export function durationText(milliseconds: number | null): string {
  if (milliseconds === null) return 'never';
  for (const [unit, length] of [
    ['d', 86_400_000],
    ['h', 3_600_000],
  ] as const)
    if (milliseconds % length === 0) return `${milliseconds / length}${unit}`;
  return `${milliseconds / 60_000}m`;
}

function pinned({ minCheckpoint }: Policy): string {
  return minCheckpoint === null ? 'none' : `${minCheckpoint.size} ${minCheckpoint.root}`;
}

function shownScalar(value: string | number | boolean | null): string {
  return value === null ? 'none' : String(value);
}
