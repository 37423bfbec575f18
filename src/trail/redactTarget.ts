import { PromptAuditError } from '../core/errors.js';
import type { EventOf } from '../core/event.js';
import { isDigest, type Digest, type EventId, type PersonId } from '../core/ids.js';
import { shortHash } from '../core/labels.js';
import type { RedactionTarget } from '../core/redaction.js';
import type { LedgerState } from '../core/state.js';
import { parseVersionName } from '../core/versionName.js';
import type { TrailContext } from './context.js';
import type { RedactInput } from './redactApi.js';
import { resolveVersion } from './resolveVersion.js';
import { pathInSite } from './site.js';

/** What a redaction is about: its targets, and how a person was called. */
export interface Targets {
  readonly targets: readonly RedactionTarget[];
  /** Names and addresses of the person; empty for anything else. */
  readonly names: readonly string[];
}

/** Finds what `input` names. Throws `redaction.target`, `person.unknown`, `version.unknown`, `version.ambiguous`. */
export function redactionTargets(
  context: TrailContext,
  { target, part }: Pick<RedactInput, 'target' | 'part'>,
): Targets {
  if (typeof target !== 'string') return personTargets(context.state, target.person);
  return { targets: [oneTarget(context, target, part)], names: [] };
}

function oneTarget(
  context: TrailContext,
  name: string,
  part: 'body' | 'content' | undefined,
): RedactionTarget {
  const { state } = context;
  if (isDigest(name)) {
    if (part === 'body') throw wrongTarget('A digest names a text, not the details of an event.');
    if (state.withBytes(name).length > 0) return name;
    throw wrongTarget(`The ledger knows no text ${shortHash(name)}.`);
  }
  const isPath = state.promptAt(pathInSite(context.site, name)) !== undefined;
  if (!isPath && /^[0-9a-f]{7,64}$/.test(name)) {
    const event = eventWithPrefix(state, name);
    return part === 'content' ? textOf(state, event) : event;
  }
  if (isPath || parseVersionName(name).selector.kind === 'newest') {
    throw wrongTarget(
      `${name} does not say which version is meant.`,
      `What is redacted cannot be brought back. Name the version: ${name}@v1`,
    );
  }
  const { event } = resolveVersion(context, name, { forWriting: true });
  return part === 'body' ? event.id : event.header.refs.digest;
}

function eventWithPrefix(state: LedgerState, prefix: string): EventId {
  const found: EventId[] = [];
  for (let seq = 1; seq <= state.size; seq++) {
    const id = state.idAt(seq);
    if (id.startsWith(prefix)) found.push(id);
  }
  const [first, ...others] = found;
  if (first === undefined) throw wrongTarget(`No event id begins with ${prefix}.`);
  if (others.length === 0) return first;
  throw wrongTarget(
    `${found.length} events begin with ${prefix}.`,
    'Give more digits of the event id.',
  );
}

function textOf(state: LedgerState, id: EventId): Digest {
  const event = state.event(state.seqOf(id)!);
  const digest = event.known ? (event.header.refs as { readonly digest?: unknown }).digest : null;
  if (isDigest(digest)) return digest;
  throw wrongTarget(`The event ${shortHash(id)} names no text.`);
}

/** Every readable declaration of everybody whom the name, the address or the id means. */
function personTargets(state: LedgerState, wanted: string): Targets {
  const declared = declarations(state);
  const text = wanted.trim().toLowerCase();
  const matching = declared.filter(({ event }) => {
    const { name, email } = event.body!;
    return [event.header.refs.person, name.toLowerCase(), email.toLowerCase()].includes(text);
  });
  if (matching.length === 0) {
    throw new PromptAuditError({
      code: 'person.unknown',
      message: `The ledger names nobody "${wanted.trim()}".`,
      remedy: 'Give the name, the e-mail address or the person id as the log shows it.',
    });
  }
  const people = onePerson(state, declared, matching);
  const own = declared.filter(({ event }) => people.has(event.header.refs.person));
  const names = own.flatMap(({ event }) => [event.body!.name, event.body!.email]);
  return { targets: own.map(({ event }) => event.id), names: [...new Set(names)] };
}

interface Declared {
  readonly event: EventOf<'person.declared'>;
}

function declarations(state: LedgerState): readonly Declared[] {
  const found: Declared[] = [];
  for (let seq = 1; seq <= state.size; seq++) {
    if (state.typeAt(seq) !== 'person.declared') continue;
    const event = state.event(seq) as EventOf<'person.declared'>;
    if (event.body !== null) found.push({ event });
  }
  return found;
}

/** The ids of one person: joined ones, and those of one address. Throws where a name means several people. */
function onePerson(
  state: LedgerState,
  declared: readonly Declared[],
  matching: readonly Declared[],
): ReadonlySet<PersonId> {
  const idOf = (one: Declared): PersonId => one.event.header.refs.person;
  const group = (start: Declared): Set<PersonId> => {
    const ids = new Set([idOf(start)]);
    for (let size = 0; size !== ids.size;) {
      size = ids.size;
      const members = declared.filter((one) => ids.has(idOf(one)));
      const emails = new Set(members.map((one) => one.event.body!.email.toLowerCase()));
      const same = new Set([...ids].map((id) => state.persons.same(id)));
      for (const one of declared) {
        const joined = same.has(state.persons.same(idOf(one)));
        if (joined || emails.has(one.event.body!.email.toLowerCase())) ids.add(idOf(one));
      }
    }
    return ids;
  };
  const ids = group(matching[0]!);
  const other = matching.find((one) => !ids.has(idOf(one)));
  if (other === undefined) return ids;
  throw wrongTarget(
    `More than one person has this name: ${matching[0]!.event.body!.email} and ${other.event.body!.email}.`,
    'Give the e-mail address.',
  );
}

function wrongTarget(message: string, remedy?: string): PromptAuditError {
  return new PromptAuditError({
    code: 'redaction.target',
    message,
    remedy:
      remedy ??
      'Name an event by the first digits of its id, a text by its digest or PATH@v3, or a person.',
  });
}
