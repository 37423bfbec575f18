import { deploymentSpans } from '../activeRows.js';
import { PromptAuditError } from '../errors.js';
import { lastApprovedBefore } from '../approvals.js';
import type { LedgerEvent } from '../event.js';
import { eventRow } from '../eventRows.js';
import type { Digest, EventId } from '../ids.js';
import { versionLabel } from '../labels.js';
import { movesOf } from '../moves.js';
import { defaultPolicy } from '../policyFile.js';
import { adoptionInScope, policyInScope } from '../policyInScope.js';
import { isRedacted, authorisedRedactions } from '../redaction.js';
import { orderOf } from '../requirementJudge.js';
import { ancestorsOf, type LedgerState, type VersionRecord } from '../state.js';
import { columns } from './columns.js';
import type { Answering } from './ground.js';
import { eventNamed, pathNamed, pathOf, samePathCaveats } from './naming.js';

/**
 * Q4: everything about one deployment, or about a version and all its deployments: from the first draft since the version before
 * to what ended or replaced it, in the agreed order. `complete`: nothing that these events rest on is missing here.
 */
export const trailOf: Answering = (ground, { subject = '' }) => {
  const { state, syncedSize } = ground;
  const seq = eventNamed(ground, subject);
  const { version, deployment } = meantBy(state, seq);
  const seqs = new Set<number>();
  const about = { state, version, deployment };
  addDrafts(about, seqs);
  addReview(about, seqs);
  addDeployments(about, seqs);
  addBesides(state, seqs);
  const missing = missingOf(state, seqs);
  const pivot = deployment ?? version.seq;
  const rows = [...seqs]
    .sort((a, b) => a - b)
    .map((at) => {
      const row = eventRow(state, syncedSize, at);
      return {
        seq: at,
        at: row.at,
        who: row.who,
        what: row.summary,
        note: row.note,
        order: at === pivot ? 'this' : orderOf({ state }, at, pivot),
        event: row.id,
        type: row.type,
        path: row.path,
        env: row.env,
        digest: row.digest,
      };
    });
  const name = `${pathOf(version.prompt)} ${versionLabel(version, syncedSize)}`;
  return {
    columns: [
      { ...columns.seq, isDetail: false },
      columns.at,
      columns.who,
      { key: 'what', title: 'What', kind: 'text' },
      { ...columns.note, isDetail: false },
      { key: 'order', title: 'Order', kind: 'text' },
      columns.event,
      { key: 'type', title: 'Type', kind: 'text', isDetail: true },
      { ...columns.path, isDetail: true },
      { ...columns.env, isDetail: true },
      { ...columns.digest, isDetail: true },
    ],
    rows,
    population: { of: 'events', count: state.size },
    counts: { missing: missing.length },
    areExceptions: false,
    complete: missing.length === 0,
    summary:
      missing.length === 0
        ? `The trail of ${name} is complete: ${rows.length} events, and nothing that they name is missing${takenText(state, seqs)}.`
        : `The trail of ${name} is not complete: ${missing.join('; ')}.`,
    caveats: [
      `Order is beside ${deployment === null ? 'the proposal' : 'the deployment'}: before, after, or unknown where neither had seen the other.`,
      ...samePathCaveats(state, pathNamed(state, subject)),
    ],
  };
};

interface About {
  readonly state: LedgerState;
  readonly version: VersionRecord;
  /** Its seq; null: all of the version. */
  readonly deployment: number | null;
}

function meantBy(
  state: LedgerState,
  seq: number,
): { readonly version: VersionRecord; readonly deployment: number | null } {
  const event = state.event(seq);
  const own = state.versions.get(event.id);
  if (own !== undefined) return { version: own, deployment: null };
  const { version, deployment } = refsOf(event);
  if (version !== undefined && state.versions.has(version))
    return {
      version: state.versions.get(version)!,
      deployment: event.type === 'deployment.recorded' ? seq : null,
    };
  const at = deployment === undefined ? undefined : state.seqOf(deployment);
  if (at !== undefined && at !== seq) return meantBy(state, at);
  const id = state.promptOfEvent(seq);
  const later = id === undefined ? undefined : state.prompt(id)?.versions.find((v) => v.seq > seq);
  if (later !== undefined) return { version: later, deployment: null };
  throw new PromptAuditError({
    code: 'version.unknown',
    message: `Event ${event.id.slice(0, 7)} is about no version.`,
    remedy: 'Name a deployment, or a version such as PATH@v3.',
  });
}

function refsOf({ known, header }: LedgerEvent): {
  readonly version?: EventId;
  readonly deployment?: EventId;
} {
  return known ? (header as { readonly refs: object }).refs : {};
}

/** From the last approved version on: whoever wrote since then contributed. */
function addDrafts({ state, version }: About, seqs: Set<number>): void {
  const { prompt } = version;
  const scope = ancestorsOf(state, version.seq);
  const policy = policyInScope(state, scope) ?? defaultPolicy;
  const base = lastApprovedBefore({ state, version, policy, scope });
  const isNew = (seq: number): boolean =>
    scope(seq) && (base === undefined || !(seq <= base.seq && isSeenBy(state, seq, base.seq)));
  for (const { seq } of prompt.revisions) if (isNew(seq)) seqs.add(seq);
  for (const { seq } of prompt.versions)
    if (isNew(seq) && seq !== base?.seq && seq !== version.seq) seqs.add(seq);
  for (const { seq } of movesOf(state, prompt)) if (isNew(seq)) seqs.add(seq);
  if (base === undefined)
    for (const seq of state.seqsOfType('prompt.registered'))
      if (state.promptOfEvent(seq) === prompt.id && scope(seq)) seqs.add(seq);
  const { revision } = version.event.header.refs;
  const revised = state.seqOf(revision);
  if (revised !== undefined && revised < version.seq) seqs.add(revised);
}

const isSeenBy = (state: LedgerState, seq: number, by: number): boolean =>
  seq === by || state.causality.isAncestor(seq, by);

function addReview({ state, version }: About, seqs: Set<number>): void {
  seqs.add(version.seq);
  for (const { seq } of [...version.decisions, ...version.withdrawals, ...version.talk])
    seqs.add(seq);
  for (const { seq, event } of state.revocations)
    if (state.decisions.get(event.header.refs.decision) === version) seqs.add(seq);
  for (const seq of state.seqsOfType('attempt.denied'))
    if (
      state.promptOfEvent(seq) === version.prompt.id &&
      refsOf(state.event(seq)).version === version.event.id
    )
      seqs.add(seq);
  for (const { seq } of version.decisions) addPolicy(state, seq, seqs);
}

function addDeployments({ state, version, deployment }: About, seqs: Set<number>): void {
  const { prompt } = version;
  const spans = new Map(deploymentSpans(prompt).map((span) => [span.deployment.seq, span]));
  const own = prompt.deployments.filter(
    ({ seq, event }) =>
      event.header.refs.version === version.event.id &&
      // Of one deployment: with those before it, by which it was promoted.
      (deployment === null || seq === deployment || state.causality.isAncestor(seq, deployment)),
  );
  for (const record of own) {
    seqs.add(record.seq);
    addPolicy(state, record.seq, seqs);
    // What became of those that it came through is another trail.
    const end =
      deployment === null || record.seq === deployment ? spans.get(record.seq)?.endedBy : null;
    if (end) seqs.add(end.seq);
    for (const { seq, event } of prompt.reviewed)
      if (event.header.refs.deployment === record.id) seqs.add(seq);
  }
  if (!prompt.retired) return;
  for (const seq of state.seqsOfType('prompt.retired'))
    if (state.promptOfEvent(seq) === prompt.id) seqs.add(seq);
}

/** The policy by which an act was judged. */
function addPolicy(state: LedgerState, seq: number, seqs: Set<number>): void {
  const adoption = adoptionInScope(state, ancestorsOf(state, seq));
  if (adoption !== undefined) seqs.add(adoption.seq);
}

const digestIn = (event: LedgerEvent): Digest | undefined =>
  event.known ? (event.header.refs as { readonly digest?: Digest }).digest : undefined;

/** How many redactions took something of these events: then not all that they name can be read. */
const takenText = (state: LedgerState, seqs: ReadonlySet<number>): string => {
  const count = [...seqs].filter((seq) => state.typeAt(seq) === 'redacted').length;
  return count === 0 ? '' : ` but for what ${count} of them redacted`;
};

/** Signatures of these events, and what was redacted of them. */
function addBesides(state: LedgerState, seqs: Set<number>): void {
  const redacted = authorisedRedactions(state);
  for (const seq of [...seqs]) {
    const id = state.idAt(seq);
    for (const one of state.signatures.get(id) ?? []) seqs.add(one.seq);
    // The text of a version goes by its digest, not by an event.
    for (const target of [id, digestIn(state.event(seq))]) {
      const gone = target === undefined ? undefined : redacted.get(target);
      if (gone !== undefined) seqs.add(gone.seq);
    }
  }
}

/** What is not here although these events name it: parents, a body that nobody redacted, a revision. */
function missingOf(state: LedgerState, seqs: ReadonlySet<number>): readonly string[] {
  const missing: string[] = [];
  for (const seq of seqs) {
    const event = state.event(seq);
    const name = event.id.slice(0, 7);
    if (state.parentsOf(seq).some((parent) => parent === 0))
      missing.push(`a parent of event ${name} is not here`);
    if (event.bodyText === null && !isRedacted(state, event.id))
      missing.push(`the details of event ${name} are withheld`);
    if (event.known && event.type === 'version.proposed') {
      const { revision } = event.header.refs;
      if (state.seqOf(revision) === undefined)
        missing.push(`the revision that event ${name} proposes is not here`);
    }
  }
  return missing;
}
