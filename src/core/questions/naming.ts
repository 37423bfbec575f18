import { PromptAuditError } from '../errors.js';
import { upTo } from '../eventRows.js';
import { identitiesIn, type Identities } from '../identities.js';
import { isEventId, type EventId, type PersonId } from '../ids.js';
import { defaultPolicy } from '../policyFile.js';
import { policyInScope } from '../policyInScope.js';
import type { PersonRef } from '../rows.js';
import { everything, type LedgerState, type PromptRecord, type VersionRecord } from '../state.js';
import { parseVersionName } from '../versionName.js';
import type { Ground } from './ground.js';
import type { QuestionParams } from './question.js';

/** The prompt that is asked about, a retired one too; null: all. Throws `prompt.unknown`. */
export function promptIn({ state }: Ground, { path }: QuestionParams): PromptRecord | null {
  if (path === undefined) return null;
  const prompt = state.promptEverAt(path);
  if (prompt !== undefined) return prompt;
  throw new PromptAuditError({
    code: 'prompt.unknown',
    message: `The ledger knows no prompt at ${path}.`,
    remedy: 'See the prompts with: prompt-audit status',
  });
}

/** Who asks by a path must know that another prompt had it, too. */
export function samePathCaveats(state: LedgerState, path: string): readonly string[] {
  const meant = state.promptEverAt(path);
  const others = state.promptsEverAt(path).filter((one) => one !== meant);
  if (meant === undefined || others.length === 0) return [];
  const names = others.map(
    (one) => `${one.retired ? 'one that was retired' : pathOf(one)} (${newestOf(state, one)})`,
  );
  const which = meant.retired ? 'that was retired there last' : 'that is there now';
  return [
    `More prompts had the path ${path}: this is about the one ${which}, not about ${names.join(', ')}. Name an event of the other to ask about it.`,
  ];
}

function newestOf(state: LedgerState, { versions, revisions }: PromptRecord): string {
  const seq = versions.at(-1)?.seq ?? revisions.at(-1)?.seq;
  return seq === undefined ? 'nothing of it was recorded' : `event ${state.idAt(seq).slice(0, 7)}`;
}

/** A misspelt environment must not read as "nothing was found there". Throws `environment.unknown`. */
export function assertEnvironment({ state, environments = [] }: Ground, env: string): void {
  if (environments.includes(env)) return;
  const known = new Set(environments);
  for (const { seq } of state.policies)
    for (const { name } of policyInScope(state, (at) => at === seq)?.environments ?? [])
      known.add(name);
  if (known.has(env)) return;
  for (const { deployments } of state.prompts.values())
    for (const one of deployments) if (one.env === env) return;
  throw new PromptAuditError({
    code: 'environment.unknown',
    message: `There is no environment "${env}", and nothing was ever deployed to it.`,
    remedy: `The policy names ${[...known].join(', ') || 'none'}.`,
  });
}

/** Where a prompt is now, for people. */
export const pathOf = (prompt: PromptRecord): string => prompt.path ?? '(redacted path)';

/** A person as they were named when they did what stands at `seq`. */
export function personAt({ state }: Ground, id: PersonId, seq: number): PersonRef {
  return state.persons.ref(id, upTo(seq));
}

/** Who is who by all that is known. */
export function identitiesNow(state: LedgerState): Identities {
  const policy = policyInScope(state, everything) ?? defaultPolicy;
  return identitiesIn({ state, policy, scope: everything });
}

/**
 * Everybody's ids for the person that a name, an address or an id means; who is known by several addresses has all of
 * them. Throws `person.unknown` for nobody, and where two people have the name.
 */
export function personNamed(ground: Ground, actor: string): ReadonlySet<PersonId> {
  const { state } = ground;
  const identities = identitiesNow(state);
  const wanted = actor.trim().toLowerCase();
  const all = [...new Set([...state.persons.claims(everything)].map(({ id }) => id))];
  const meant = new Set<PersonId>();
  for (const { id, name, email } of state.persons.claims(everything))
    if (
      [name.toLowerCase(), email.toLowerCase(), `${name} <${email}>`.toLowerCase(), id].includes(
        wanted,
      )
    )
      meant.add(identities.same(id));
  if (meant.size === 1) {
    const [one] = meant;
    return new Set(all.filter((id) => identities.same(id) === one));
  }
  if (/^[0-9a-f]{32}$/.test(wanted) && meant.size === 0 && hasActed(state, wanted as PersonId))
    return new Set([wanted as PersonId]);
  throw new PromptAuditError({
    code: 'person.unknown',
    message:
      meant.size === 0
        ? `The ledger knows nobody by "${actor}".`
        : `${meant.size} people are called "${actor}".`,
    remedy: 'Give the e-mail address, as prompt-audit log shows it.',
  });
}

/** Somebody whose name was redacted is still known by the id. */
function hasActed(state: LedgerState, id: PersonId): boolean {
  for (let seq = 1; seq <= state.size; seq++) if (state.event(seq).header.who === id) return true;
  return false;
}

/** What people mean: an event by the first digits of its id, or a version by `PATH`, `PATH@v3`, `PATH@<digest>`. */
export function eventNamed({ state }: Ground, name: string): number {
  const exact = isEventId(name) ? state.seqOf(name) : undefined;
  if (exact !== undefined) return exact;
  if (/^[0-9a-f]{4,64}$/.test(name)) {
    const found: number[] = [];
    for (let seq = 1; seq <= state.size && found.length < 2; seq++)
      if (state.idAt(seq).startsWith(name)) found.push(seq);
    if (found.length === 1) return found[0]!;
    if (found.length > 1)
      throw new PromptAuditError({
        code: 'version.ambiguous',
        message: `Several events begin with ${name}.`,
        remedy: 'Give more digits of the event id.',
      });
    if (state.promptEverAt(name) === undefined)
      throw new PromptAuditError({
        code: 'event.unknown',
        message: `No event begins with ${name}.`,
        remedy: 'See the events with: prompt-audit log',
      });
  }
  return versionNamed(state, name).seq;
}

/** The path in `PATH`, `PATH@v3` or `PATH@<digest>`; a prompt whose path looks like that goes before. */
export const pathNamed = (state: LedgerState, name: string): string =>
  state.promptEverAt(name) === undefined ? parseVersionName(name).path : name;

function versionNamed(state: LedgerState, name: string): VersionRecord {
  const whole = state.promptEverAt(name);
  const { path, selector } =
    whole === undefined
      ? parseVersionName(name)
      : { path: name, selector: { kind: 'newest' } as const };
  const prompt = whole ?? state.promptEverAt(path);
  if (prompt === undefined)
    throw new PromptAuditError({
      code: 'prompt.unknown',
      message: `"${name}" is neither an event nor a prompt that the ledger knows.`,
      remedy: 'Give the path of a prompt, or digits of an event id (see prompt-audit log).',
    });
  const found = prompt.versions.findLast((version) =>
    selector.kind === 'newest'
      ? true
      : selector.kind === 'number'
        ? version.number === selector.number
        : version.event.header.refs.digest.startsWith(`sha256:${selector.prefix}`),
  );
  if (found !== undefined) return found;
  throw new PromptAuditError({
    code: 'version.unknown',
    message: `${pathOf(prompt)} has no such version. It has ${prompt.versions.length}.`,
    remedy: 'See the versions with: prompt-audit status',
  });
}

/** The ids of events at these seqs. */
export const idsAt = (state: LedgerState, seqs: readonly number[]): readonly EventId[] =>
  seqs.map((seq) => state.idAt(seq));
