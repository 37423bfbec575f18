import { hasRedactableBody } from '../../core/redaction.js';
import type { EventRow, RedactionRef, VerifyReport } from '../../core/rows.js';
import type { EventDetail } from '../../trail/api.js';
import type {
  CutText,
  EventLink,
  RowVariant,
  TimelineDetail,
  TimelineRow,
  Verification,
} from '../../webview/protocol.js';

/** Longest texts that go to the page, in UTF-16 units: a note of a megabyte must not stop it. */
const lineLength = 300;
const textLength = 20_000;
const mostFindings = 200;
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
    hasDiff: detail.diff !== null,
    canRedact: detail.bodyText !== null && hasRedactableBody(row.type),
    reasons: detail.reasons.slice(0, mostReasons).map(line),
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
      })),
    },
  };
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

/** The verdict for the badge and its findings. */
export function toVerification(report: VerifyReport | null): Verification {
  if (report === null) {
    return { state: 'unknown' };
  }
  return {
    state: report.intact ? 'intact' : 'broken',
    size: report.ledger?.size ?? report.checked,
    brokenAt: report.brokenAt,
    findingCount: report.findings.length + (report.omitted ?? 0),
    findings: report.findings.slice(0, mostFindings).map((finding) => ({
      severity: finding.severity,
      seq: finding.seq,
      event: finding.event,
      message: line(finding.message),
      expected: lineOrNull(finding.expected),
      found: lineOrNull(finding.found),
      remedy: line(finding.remedy),
    })),
  };
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

function line(text: string): string {
  return text.length <= lineLength ? text : `${text.slice(0, lineLength)}…`;
}

function lineOrNull(text: string | null): string | null {
  return text === null ? null : line(text);
}
