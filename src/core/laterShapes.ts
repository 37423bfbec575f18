import type { EventType } from './event.js';
import { firstShapeChecks, type EventShapeCheck } from './firstShapes.js';
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
} from './shapeChecks.js';

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
const version = firstShapeChecks['version.proposed'];
const deployment = firstShapeChecks['deployment.recorded'];
const ended = firstShapeChecks['deployment.ended'];

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
const decided = firstShapeChecks['review.decided'];

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

const denied = firstShapeChecks['attempt.denied'];

/** The same for `v` 4 (docs/LEDGER.md, "Types of version 4"). */
export const fourthShapeChecks: Readonly<Partial<Record<EventType, EventShapeCheck>>> = {
  'deployment.recorded': {
    prompt: true,
    refs: { ...deployment.refs, promotedFrom: orNull(id) },
    body: { ...deployment.body, release: orNull(text), pipeline: orNull(text) },
  },
  'deployment.reviewed': {
    prompt: true,
    refs: { deployment: id, outcome: oneOf('accepted', 'objected') },
    body: { findings: text },
  },
  'attempt.denied': {
    prompt: true,
    refs: {
      ...denied.refs,
      attempted: oneOf(
        'review.decided',
        'deployment.recorded',
        'deployment.ended',
        'deployment.reviewed',
      ),
      deployment: orNull(id),
    },
    body: denied.body,
  },
  'trail.exported': {
    prompt: false,
    refs: { sums: digest },
    body: { scope: text, files: count, rows: count },
  },
};
