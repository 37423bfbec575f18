import { deploymentRecord } from './deploymentColumns.js';
import type { EventOf, KnownEvent, LedgerEvent } from './event.js';
import type { EventId, PersonId, PromptId } from './ids.js';
import type { BytesRecord, LedgerState, Placed, PromptRecord } from './state.js';

/**
 * Adds one event to the state. References to things that do not exist, or that belong to
 * another prompt, change nothing: `verify` reports them.
 */
export function foldEvent(state: LedgerState, placed: Placed): void {
  const { event } = placed;
  if (!event.known) return;
  const fold = folds[event.type] as
    ((state: LedgerState, placed: Placed<KnownEvent>) => void) | undefined;
  fold?.(state, placed as Placed<KnownEvent>);
}

type Folds = {
  readonly [T in KnownEvent['type']]?: (state: LedgerState, placed: Placed<EventOf<T>>) => void;
};

const folds: Folds = {
  'person.declared': (state, { seq, event }) => {
    const { body, header } = event;
    const { person } = header.refs;
    if (body === null) return state.persons.declareUnread(person);
    const { name, email } = body;
    state.persons.declare(person, { seq, name, email }, header.who);
  },
  'person.joined': (state, { seq, event }) =>
    state.persons.join({ seq, ids: event.header.refs.persons }),
  redacted: (state, placed) => {
    state.redactions.push(placed);
    const at = state.seqOf(placed.event.header.refs.target as EventId);
    const target = at === undefined ? undefined : state.event(at);
    if (target?.known && target.type === 'person.declared')
      state.persons.redact(target.header.refs.person);
  },
  'policy.adopted': (state, placed) => state.policies.push(placed),
  'prompt.registered': (state, { event }) => register(state, event),
  'prompt.moved': (state, { event }) => {
    const prompt = promptOf(state, event);
    if (!prompt || !event.body) return;
    prompt.removed = false;
    const { from, to } = event.body;
    // A move that lost a race names a path that the prompt has left; the first one stands.
    if (from === prompt.path) state.movePrompt(prompt, to);
    else state.addPlace(prompt, to);
  },
  'prompt.removed': (state, { event }) => {
    const prompt = promptOf(state, event);
    if (prompt && event.body?.path === prompt.path) prompt.removed = true;
  },
  'prompt.retired': (state, { event }) => {
    const prompt = promptOf(state, event);
    if (prompt) state.retirePrompt(prompt);
  },
  'revision.saved': addRevision,
  'revision.observed': addRevision,
  'version.proposed': (state, placed) => {
    const prompt = promptOf(state, placed.event);
    if (!prompt) return;
    const number = prompt.versions.length + 1;
    const version = {
      ...placed,
      by: proposerOf(prompt, placed.event),
      prompt,
      number,
      decisions: [],
      withdrawals: [],
      talk: [],
    };
    prompt.versions.push(version);
    state.versions.set(placed.event.id, version);
    addBytes(state, placed, version.by);
  },
  'version.withdrawn': (state, placed) => {
    versionOf(state, placed.event, placed.event.header.refs.version)?.withdrawals.push(placed);
  },
  'review.decided': (state, placed) => {
    const { refs } = placed.event.header;
    const version = versionOf(state, placed.event, refs.version);
    if (version === undefined || version.event.header.refs.digest !== refs.digest) return;
    version.decisions.push(placed);
    state.decisions.set(placed.event.id, version);
  },
  'review.revoked': (state, placed) => state.revocations.push(placed),
  'review.requested': (state, placed) => {
    versionOf(state, placed.event, placed.event.header.refs.version)?.talk.push(placed);
  },
  'review.commented': (state, placed) => {
    versionOf(state, placed.event, placed.event.header.refs.version)?.talk.push(placed);
  },
  'review.resolved': (state, placed) => {
    const at = state.seqOf(placed.event.header.refs.thread);
    const first = at === undefined ? undefined : state.event(at);
    if (!first?.known || first.type !== 'review.commented') return;
    versionOf(state, placed.event, first.header.refs.version)?.talk.push(placed);
  },
  'deployment.recorded': (state, placed) => {
    const { refs } = placed.event.header;
    const version = versionOf(state, placed.event, refs.version);
    if (version === undefined || version.event.header.refs.digest !== refs.digest) return;
    version.prompt.deployments.push(deploymentRecord(placed));
    state.deployments.set(placed.event.id, version.prompt);
  },
  'deployment.ended': (state, placed) => {
    state.deployments.get(placed.event.header.refs.deployment)?.ended.push(placed);
  },
  'deployment.reviewed': (state, placed) => {
    const prompt = state.deployments.get(placed.event.header.refs.deployment);
    if (prompt !== undefined && prompt === promptOf(state, placed.event))
      prompt.reviewed.push(placed);
  },
  'signature.attached': (state, placed) => {
    const { event } = placed.event.header.refs;
    const signed = state.seqOf(event);
    if (signed === undefined || !state.causality.isAncestor(signed, placed.seq)) return;
    const known = state.signatures.get(event);
    if (known === undefined) state.signatures.set(event, [placed]);
    else known.push(placed);
  },
};

function addRevision(
  state: LedgerState,
  placed: Placed<EventOf<'revision.saved'> | EventOf<'revision.observed'>>,
): void {
  const { header, type } = placed.event;
  const by = type === 'revision.observed' ? placed.event.header.refs.author : header.who;
  const record = addBytes(state, placed, by);
  const prompt = promptOf(state, placed.event);
  if (prompt === undefined) return;
  prompt.revisions.push(record);
  prompt.removed = false;
}

function addBytes(
  state: LedgerState,
  {
    seq,
    event,
  }: Placed<EventOf<'revision.saved'> | EventOf<'revision.observed'> | EventOf<'version.proposed'>>,
  by: PersonId,
): BytesRecord {
  const { writer, refs } = event.header;
  const coAuthors = event.type === 'revision.observed' ? besidesAuthor(event) : [];
  const record: BytesRecord = {
    seq,
    id: event.id,
    digest: refs.digest,
    by,
    writer,
    ...(coAuthors.length > 0 ? { coAuthors } : {}),
  };
  const known = state.byDigest.get(record.digest);
  if (known === undefined) state.byDigest.set(record.digest, [record]);
  else known.push(record);
  state.recentBytes.push(record);
  return record;
}

/** Who made an imported tag a version added nothing to bytes that somebody wrote before. */
function proposerOf(prompt: PromptRecord, { header }: EventOf<'version.proposed'>): PersonId {
  const { commit, revision, digest } = header.refs;
  if (commit === undefined || commit === null) return header.who;
  const written = prompt.revisions.find((r) => r.id === revision && r.digest === digest);
  return written?.by ?? header.who;
}

/** Who named somebody else as the author of their commit wrote it with them, as far as anybody can tell. */
function besidesAuthor({ header }: EventOf<'revision.observed'>): readonly PersonId[] {
  const { coAuthors = [], committer = null } = header.refs;
  return committer === null ? coAuthors : [...coAuthors, committer];
}

function register(state: LedgerState, event: EventOf<'prompt.registered'>): void {
  const id = event.header.prompt;
  if (id === undefined || state.prompts.has(id) || state.aliases.has(id)) return;
  const older = event.body ? state.promptNowAt(event.body.path) : undefined;
  if (older !== undefined) {
    state.aliases.set(id, older.id);
    return;
  }
  state.addPrompt(newPrompt(id, event));
}

function newPrompt(id: PromptId, event: EventOf<'prompt.registered'>): PromptRecord {
  return {
    id,
    format: event.body?.format ?? 'unknown',
    path: event.body?.path ?? null,
    places: event.body ? [event.body.path] : [],
    removed: false,
    retired: false,
    revisions: [],
    versions: [],
    deployments: [],
    ended: [],
    reviewed: [],
  };
}

function promptOf(state: LedgerState, event: LedgerEvent): PromptRecord | undefined {
  return event.header.prompt === undefined ? undefined : state.prompt(event.header.prompt);
}

/** The version that an event means, if it is one of the prompt that the event's header names. */
function versionOf(state: LedgerState, event: LedgerEvent, id: EventId) {
  const version = state.versions.get(id);
  return version !== undefined && version.prompt === promptOf(state, event) ? version : undefined;
}
