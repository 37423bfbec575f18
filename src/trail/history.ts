import { lastApprovedBefore } from '../core/approvals.js';
import type { LedgerEvent } from '../core/event.js';
import { eventRow, versionOfEvent } from '../core/eventRows.js';
import type { EventId } from '../core/ids.js';
import type { EventRow } from '../core/rows.js';
import { signatureRows } from '../core/signatures.js';
import { everything, type LedgerState } from '../core/state.js';
import { replayedDeployment } from '../core/verdicts.js';
import { versionRow } from '../core/versionRows.js';
import type { EventDetail, LogFilter } from './api.js';
import { commitFacts } from './commitFacts.js';
import type { TrailContext } from './context.js';
import { mentions, shortRow } from './rowText.js';

/** The events that meet every condition, in the agreed order. */
export function log(context: TrailContext, filter: LogFilter = {}): readonly EventRow[] {
  const { state, finalSize } = context;
  const { path, idPrefix, newest = Infinity } = filter;
  const prompt = path === undefined ? undefined : state.promptEverAt(path);
  if (path !== undefined && prompt === undefined) return [];
  const types = filter.types && new Set<string>(filter.types);
  const text = filter.text?.trim().toLowerCase();
  const rows: EventRow[] = [];
  for (let seq = state.size; seq >= 1 && rows.length < newest; seq--) {
    if (types && !types.has(state.typeAt(seq))) continue;
    if (prompt && state.promptOfEvent(seq) !== prompt.id) continue;
    if (idPrefix !== undefined && !state.idAt(seq).startsWith(idPrefix)) continue;
    const row = eventRow(state, finalSize, seq);
    if (!text || mentions(row, text)) rows.push(row);
  }
  return rows.reverse();
}

/** The rows of some events, for links; null for an unknown id. */
export function rowsOf(
  context: TrailContext,
  events: readonly EventId[],
): readonly (EventRow | null)[] {
  const { state, finalSize } = context;
  return events.map((id) => {
    const seq = state.seqOf(id);
    return seq === undefined ? null : shortRow(eventRow(state, finalSize, seq));
  });
}

function signaturesOf(state: LedgerState, id: EventId): Pick<EventDetail, 'signatures'> {
  const signatures = signatureRows(state, id, everything);
  return signatures.length === 0 ? {} : { signatures };
}

/** Everything about one event; null for an unknown id. */
export function detail(context: TrailContext, id: EventId): EventDetail | null {
  const { state, view } = context;
  const seq = state.seqOf(id);
  if (seq === undefined) return null;
  const event = state.event(seq);
  const version = versionOfEvent(state, event);
  const commit = commitFacts(state, event, seq);
  return {
    row: eventRow(state, view.syncedSize, seq),
    headerText: event.headerText,
    bodyText: event.bodyText,
    children: state.childrenOf(seq),
    tool: event.body?.tool ?? null,
    identity: event.body?.identity ?? null,
    version: version === undefined ? null : versionRow(view, version),
    ...signaturesOf(state, id),
    ...(commit === null ? {} : { commit }),
    diff: diffOf(context, event, seq),
    reasons: reasonsOf(context, event, seq),
  };
}

/** What changed with this event: against the revision before, the last approved version, or what it replaced. */
function diffOf(context: TrailContext, event: LedgerEvent, seq: number): EventDetail['diff'] {
  const { state, policy } = context;
  if (!event.known) return null;
  if (event.type === 'revision.saved' || event.type === 'revision.observed') {
    const prompt = state.prompt(event.header.prompt!);
    const before = prompt?.revisions.findLast((r) => r.seq < seq)?.digest ?? null;
    return { before, after: event.header.refs.digest, path: pathOf(event, prompt?.path) };
  }
  const version = versionOfEvent(state, event);
  if (version === undefined) return null;
  const after = version.event.header.refs.digest;
  const path = pathOf(event, version.prompt.path);
  const before =
    event.type === 'deployment.recorded'
      ? version.prompt.deployments.find((d) => d.event.id === event.header.refs.previous)
      : lastApprovedBefore({ state, version, policy, scope: everything });
  return { before: before?.event.header.refs.digest ?? null, after, path };
}

function pathOf(event: LedgerEvent, path: string | null | undefined): string {
  const body = event.body as { readonly path?: string } | null;
  return path ?? body?.path ?? '(redacted path)';
}

function reasonsOf(context: TrailContext, event: LedgerEvent, seq: number): readonly string[] {
  if (!event.known) return [];
  if (event.type === 'attempt.denied') return event.body?.reasons.map((r) => r.code) ?? [];
  if (event.type !== 'deployment.recorded') return [];
  const verdict = replayedDeployment(context.state, event, seq);
  return verdict?.reasons.map((r) => r.code) ?? [];
}
