import type { JsonValue } from './canonicalJson.js';
import type { EventDraft, EventType } from './event.js';
import { isRandomId } from './ids.js';
import {
  commit,
  count,
  digest,
  environment,
  flag,
  hasExactly,
  id,
  listOf,
  memberList,
  oneOf,
  orNull,
  path,
  person,
  positive,
  shortText,
  text,
  time,
  type Check,
  type MemberList,
  type Members,
} from './shapeChecks.js';

const reasonMembers = memberList({ code: shortText, events: listOf(id) });
const reason: Check = (v) => hasExactly(reasonMembers, v);

const decision = oneOf('approved', 'changes-requested', 'rejected');

/** Whether the events of a type name a prompt in their header. */
export interface EventShapeCheck {
  readonly prompt: boolean;
  readonly refs: Members;
  readonly body: Members;
}

type FirstTypes = Exclude<EventType, 'prompt.removed' | 'review.requested' | 'review.resolved'>;

/** The members that each type's refs and body must have in `v` 1, no more and no less (docs/LEDGER.md, "Types"). */
export const eventShapeChecks: Readonly<Record<FirstTypes, EventShapeCheck>> = {
  'ledger.created': { prompt: false, refs: {}, body: {} },
  'person.declared': {
    prompt: false,
    refs: { person },
    body: { name: shortText, email: shortText },
  },
  'person.joined': {
    prompt: false,
    refs: { persons: listOf(person) },
    body: {},
  },
  'policy.adopted': {
    prompt: false,
    refs: { policy: digest },
    body: {
      policy: text,
      allowedSigners: orNull(text),
      mailmap: orNull(text),
      codeowners: orNull(text),
      source: oneOf('protected-branch', 'working-tree'),
      commit: orNull(commit),
    },
  },
  'prompt.registered': {
    prompt: true,
    refs: {},
    body: { path, format: shortText },
  },
  'prompt.moved': { prompt: true, refs: {}, body: { from: path, to: path } },
  'prompt.retired': { prompt: true, refs: {}, body: { reason: text } },
  'revision.saved': {
    prompt: true,
    refs: { digest },
    body: { path, size: count, source: oneOf('editor', 'cli') },
  },
  'revision.observed': {
    prompt: true,
    refs: { digest, author: person },
    body: { path, size: count, commit, authoredAt: time },
  },
  'version.proposed': {
    prompt: true,
    refs: { digest, revision: id, number: positive },
    body: { path, note: text },
  },
  'version.withdrawn': {
    prompt: true,
    refs: { version: id },
    body: { reason: text },
  },
  'review.decided': {
    prompt: true,
    refs: { version: id, digest, policy: digest, decision },
    body: { meaning: text, reason: orNull(text) },
  },
  'review.revoked': {
    prompt: true,
    refs: { decision: id },
    body: { reason: text },
  },
  'review.commented': {
    prompt: true,
    refs: { version: id },
    body: { text, line: orNull(positive) },
  },
  'deployment.recorded': {
    prompt: true,
    refs: {
      version: id,
      digest,
      policy: digest,
      env: environment,
      outcome: oneOf('succeeded', 'failed'),
      breakGlass: flag,
      previous: orNull(id),
      rollbackOf: orNull(id),
    },
    body: { note: orNull(text), reference: orNull(text) },
  },
  'deployment.ended': {
    prompt: true,
    refs: { deployment: id },
    body: { reason: text },
  },
  'attempt.denied': {
    prompt: true,
    refs: {
      attempted: oneOf('review.decided', 'deployment.recorded'),
      version: id,
      policy: digest,
      env: orNull(environment),
      decision: orNull(decision),
    },
    body: { reasons: listOf(reason) },
  },
  'signature.attached': {
    prompt: false,
    refs: { event: id, signature: digest },
    body: {},
  },
  'recorder.paused': { prompt: false, refs: {}, body: { reason: text } },
  'recorder.resumed': { prompt: false, refs: {}, body: { reason: text } },
  redacted: {
    prompt: false,
    refs: { target: (v) => id(v) || digest(v) },
    body: { reason: text },
  },
  'history.purged': {
    prompt: false,
    refs: {},
    body: { reason: text, commits: count, tip: commit },
  },
  'trail.reviewed': {
    prompt: false,
    refs: {},
    body: { scope: text, findings: text, disposition: text },
  },
  'trail.exported': { prompt: false, refs: {}, body: { scope: text } },
  'history.imported': { prompt: false, refs: {}, body: { scope: text } },
};

const origin = oneOf('editor', 'cli', 'observed', 'imported');
const totals = memberList({
  commits: count,
  prompts: count,
  revisions: count,
  moves: count,
  removals: count,
  deployments: count,
  unread: count,
});
const version = eventShapeChecks['version.proposed'];
const deployment = eventShapeChecks['deployment.recorded'];
const ended = eventShapeChecks['deployment.ended'];

/** The same for `v` 2, which has these types only (docs/LEDGER.md, "Types of version 2"). */
export const secondShapeChecks: Readonly<Partial<Record<EventType, EventShapeCheck>>> = {
  'prompt.moved': {
    prompt: true,
    refs: { author: orNull(person) },
    body: { from: path, to: path, commit: orNull(commit), origin },
  },
  'prompt.removed': {
    prompt: true,
    refs: { author: orNull(person) },
    body: { path, commit: orNull(commit), origin },
  },
  'revision.observed': {
    prompt: true,
    refs: { digest, author: person, committer: orNull(person), coAuthors: listOf(person) },
    body: {
      path,
      size: count,
      commit,
      authoredAt: time,
      committedAt: time,
      origin: oneOf('observed', 'imported'),
      agents: listOf(shortText),
      signed: oneOf('none', 'openpgp', 'ssh', 'x509'),
    },
  },
  'deployment.recorded': {
    prompt: true,
    refs: { ...deployment.refs, commit, claimedAt: time },
    body: deployment.body,
  },
  'deployment.ended': {
    prompt: true,
    refs: { ...ended.refs, commit, claimedAt: time },
    body: ended.body,
  },
  'version.proposed': {
    prompt: true,
    refs: { ...version.refs, commit },
    body: version.body,
  },
  'history.imported': {
    prompt: false,
    refs: {},
    body: {
      scope: text,
      mode: oneOf('start', 'import'),
      tips: listOf(commit),
      totals: (v) => hasExactly(totals, v),
    },
  },
};

const parts = memberList({
  text: digest,
  model: orNull(digest),
  tools: orNull(digest),
  permissions: orNull(digest),
});
const decided = eventShapeChecks['review.decided'];

/** The same for `v` 3 (docs/LEDGER.md, "Types of version 3"). */
export const thirdShapeChecks: Readonly<Partial<Record<EventType, EventShapeCheck>>> = {
  'version.proposed': {
    prompt: true,
    refs: {
      ...version.refs,
      commit: orNull(commit),
      parts: orNull((v) => hasExactly(parts, v)),
    },
    body: version.body,
  },
  'review.requested': {
    prompt: true,
    refs: { version: id, persons: listOf(person) },
    body: { note: orNull(text) },
  },
  'review.decided': {
    prompt: true,
    refs: { ...decided.refs, envs: orNull(listOf(environment)) },
    body: decided.body,
  },
  'review.commented': {
    prompt: true,
    refs: { version: id, thread: orNull(id) },
    body: { text, line: orNull(positive), endLine: orNull(positive) },
  },
  'review.resolved': {
    prompt: true,
    refs: { thread: id, resolved: flag },
    body: { note: orNull(text) },
  },
};

const commonBody: Members = {
  salt: (v) => isRandomId(v),
  tool: shortText,
  utcOffset: (v) => typeof v === 'number' && Math.abs(v) <= 24 * 60,
  identity: oneOf('git', 'unattended'),
};

/** What an event's `v` may be. */
export type EventVersion = 1 | 2 | 3;
const eventVersions: readonly EventVersion[] = [1, 2, 3];

/** The members of a type in the form in which they are checked. */
export interface EventShape {
  /** Whether headers of the type name a prompt. */
  readonly namesPrompt: boolean;
  readonly refs: MemberList;
  readonly body: MemberList;
}

/** The shape of a type in a `v`; undefined for types and versions that this program does not know. */
export function eventShape(type: string, v: number): EventShape | undefined {
  return shapes[v - 1]?.get(type);
}

/** The lowest `v` that has the members of a draft, so that older programs read what they can. */
export function versionOfDraft({ type, refs, body }: EventDraft): EventVersion {
  const fits = (names: readonly string[], members: object): boolean =>
    Object.keys(members).every((name) => names.includes(name));
  const found = eventVersions.find((v) => {
    const shape = eventShape(type, v);
    return shape !== undefined && fits(shape.refs.names, refs) && fits(shape.body.names, body);
  });
  return found ?? eventVersions.at(-1)!;
}

/** Whether canonical `refs` have exactly the members of their type, each of the right form. */
export function refsFit(shape: EventShape, refs: JsonValue | undefined): boolean {
  return hasExactly(shape.refs, refs);
}

/** Whether a canonical `body` has exactly the common members and those of its type, each of the right form. */
export function bodyFits(shape: EventShape, body: JsonValue | undefined): boolean {
  return hasExactly(shape.body, body);
}

const shapesOf = (
  checks: Readonly<Partial<Record<EventType, EventShapeCheck>>>,
): ReadonlyMap<string, EventShape> =>
  new Map(
    Object.entries(checks).map(([type, { prompt, refs, body }]) => [
      type,
      {
        namesPrompt: prompt,
        refs: memberList(refs),
        body: memberList({ ...commonBody, ...body }),
      },
    ]),
  );

const shapes = [eventShapeChecks, secondShapeChecks, thirdShapeChecks].map(shapesOf);
