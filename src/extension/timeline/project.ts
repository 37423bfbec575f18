import { hasRedactableBody } from '../../core/redactableBody.js';
import type { TrustLevel } from '../../core/proofReport.js';
import type { EventRow, RedactionRef } from '../../core/rows.js';
import type { EventDetail } from '../../trail/api.js';
import type {
  CutText,
  EventLink,
  RowVariant,
  TimelineDetail,
  TimelineRow,
} from '../../webview/protocol.js';
import { line, lineOrNull } from './lines.js';

/** UTF-16 units of the longest text that goes to the page. */
const textLength = 20_000;
const mostReasons = 50;

/** One event as the list shows it. */
export function toRow(row: EventRow): TimelineRow {
  return {
    seq: row.seq,
    id: row.id,
    type: row.type,
    at: line(row.at),
    who: line(row.who.name),
    path: lineOrNull(row.path),
    env: lineOrNull(row.env),
    note: lineOrNull(row.note),
    summary: line(row.summary),
    synced: row.synced,
    variant: variantOf(row),
    ...notesOf(row.redactions),
  };
}

/** Everything that the detail pane shows. */
export function toDetail(
  detail: EventDetail,
  links: Pick<TimelineDetail, 'parents' | 'children' | 'moreChildren'>,
  hasRemote: boolean,
): TimelineDetail {
  const { row, version } = detail;
  return {
    row: { ...toRow(row), ...notesOf(allRedactions(detail)) },
    email: lineOrNull(row.who.email),
    utcOffset: row.utcOffset,
    note: row.note === null ? null : cut(row.note),
    digest: row.digest,
    tool: lineOrNull(detail.tool),
    identity: detail.identity,
    ...commitOf(detail),
    ...deployedOf(detail),
    hasDiff: detail.diff !== null,
    canRedact: detail.bodyText !== null && hasRedactableBody(row.type),
    reasons: detail.reasons.slice(0, mostReasons).map(line),
    signatures: (detail.signatures ?? []).slice(0, mostReasons).map((one) => ({
      status: one.status,
      keyType: lineOrNull(one.keyType),
      fingerprint: lineOrNull(one.fingerprint),
      principals: lineOrNull(one.principals),
      at: line(one.at),
    })),
    trust: trustOf(detail, hasRemote),
    ...links,
    header: cut(detail.headerText),
    body: detail.bodyText === null ? null : cut(detail.bodyText),
    version: version && {
      label: line(version.label),
      state: version.state,
      given: version.approvals.given,
      required: version.approvals.required,
      decisions: version.decisions.slice(0, mostReasons).map((decision) => ({
        by: line(decision.by.name),
        decision: decision.decision,
        at: line(decision.at),
        reason: lineOrNull(decision.reason),
        signed: decision.signed === true,
        ...(decision.meaning === '' ? {} : { meaning: line(decision.meaning) }),
        ...(decision.envs === undefined
          ? {}
          : { envs: decision.envs.slice(0, mostReasons).map(line) }),
        ...(decision.revoked === undefined ? {} : { revoked: true }),
      })),
    },
  };
}

function commitOf({ commit }: EventDetail): Pick<TimelineDetail, 'commit'> {
  if (commit === undefined) {
    return {};
  }
  const { author, committer, coAuthors, agents, authoredAt, signed } = commit;
  return {
    commit: {
      id: line(commit.commit),
      author: author && line(author.name),
      committer: committer && line(committer.name),
      coAuthors: coAuthors.slice(0, mostReasons).map(({ name }) => line(name)),
      agents: agents.slice(0, mostReasons).map(line),
      authoredAt: lineOrNull(authoredAt),
      signed,
    },
  };
}

const looksUp = ['reference', 'release', 'pipeline'] as const;

/** Where a deployment says that it can be looked up. Its body is what somebody wrote, so nothing of it is believed. */
function deployedOf({ row, bodyText }: EventDetail): Pick<TimelineDetail, 'deployed'> {
  if (row.type !== 'deployment.recorded' || bodyText === null) {
    return {};
  }
  let body: unknown;
  try {
    body = JSON.parse(bodyText);
  } catch {
    return {};
  }
  const deployed = looksUp.flatMap((what) => {
    const text = (body as Readonly<Record<string, unknown>> | null)?.[what];
    return typeof text === 'string' ? [{ what, text: line(text) }] : [];
  });
  return deployed.length === 0 ? {} : { deployed };
}

/** What a decision or a deployment rests on, besides the hash chain; empty for what nobody signs. */
function trustOf({ row, signatures = [] }: EventDetail, hasRemote: boolean): readonly TrustLevel[] {
  if (row.type !== 'review.decided' && row.type !== 'deployment.recorded') {
    return [];
  }
  const signed = signatures.some(({ status }) => status === 'good');
  return [
    'L0',
    ...(signed ? (['L1'] as const) : []),
    ...(hasRemote && row.synced ? (['L2'] as const) : []),
  ];
}

/** Those of the event, and that of the text of the version that it is about. */
function allRedactions({ row, version }: EventDetail): readonly RedactionRef[] {
  const own = row.redactions ?? [];
  const text = (version?.redactions ?? []).filter((one) => one.part === 'content');
  return [...own, ...text.filter((one) => own.every(({ event }) => event !== one.event))];
}

function notesOf(redactions: readonly RedactionRef[] = []): Pick<TimelineRow, 'redactions'> {
  if (redactions.length === 0) {
    return {};
  }
  return {
    redactions: redactions.map(({ part, by, at, reason }) => ({
      part,
      by: line(by.name),
      at: line(at),
      reason: line(reason),
    })),
  };
}

/** A link to another event, in words when it is known here. */
export function toLink(id: EventLink['id'], row: EventRow | null): EventLink {
  return { id, label: row && line(`${row.who.name} ${row.summary}`) };
}

function variantOf({ type, refs }: EventRow): RowVariant | null {
  if (type === 'review.decided') {
    const { decision } = refs;
    const known = ['approved', 'changes-requested', 'rejected'] as const;
    return known.find((one) => one === decision) ?? null;
  }
  if (type !== 'deployment.recorded') {
    return null;
  }
  if (refs['outcome'] === 'failed') {
    return 'failed';
  }
  if (refs['breakGlass'] === true) {
    return 'break-glass';
  }
  return typeof refs['rollbackOf'] === 'string' ? 'rollback' : null;
}

function cut(text: string): CutText {
  return { text: text.slice(0, textLength), more: Math.max(0, text.length - textLength) };
}
