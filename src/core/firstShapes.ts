import type { EventType } from './event.js';
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
  type Members,
} from './shapeChecks.js';

const reasonMembers = memberList({ code: shortText, events: listOf(id) });
const reason: Check = (v) => hasExactly(reasonMembers, v);

export const decision = oneOf('approved', 'changes-requested', 'rejected');

/** Whether the events of a type name a prompt in their header. */
export interface EventShapeCheck {
  readonly prompt: boolean;
  readonly refs: Members;
  readonly body: Members;
}

type FirstTypes = Exclude<
  EventType,
  'prompt.removed' | 'review.requested' | 'review.resolved' | 'deployment.reviewed'
>;

/** The members that each type's refs and body must have in `v` 1, no more and no less (docs/LEDGER.md, "Types"). */
export const firstShapeChecks: Readonly<Record<FirstTypes, EventShapeCheck>> = {
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
