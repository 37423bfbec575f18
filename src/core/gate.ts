import { activeDeployments, activeRow, deploymentSpans } from './activeRows.js';
import { versionVerdict, type Reason } from './approvals.js';
import type { GateReasonCode } from './gateReasons.js';
import { gateVerdict, type GateChange, type GateReason, type GateRow } from './gateRows.js';
import type { Digest, PersonId } from './ids.js';
import { versionLabel } from './labels.js';
import { movesOf } from './moves.js';
import type { Policy } from './policy.js';
import { isSigned } from './signatures.js';
import {
  everything,
  type DeploymentRecord,
  type LedgerState,
  type PromptRecord,
  type VersionRecord,
} from './state.js';

/** By which rules the gate judges. */
export interface GateRules {
  readonly state: LedgerState;
  readonly policy: Policy;
  /** The rules of this environment count; null: only the general ones. */
  readonly env: string | null;
  /** The general rules count, too. */
  readonly general: boolean;
  /** ISO 8601: now. */
  readonly at: string;
}

/** A file that is to pass. */
export interface GateFile {
  readonly path: string;
  readonly from: string | null;
  readonly change: GateChange;
  /** Null where `problem` says why there is none. */
  readonly digest: Digest | null;
  readonly problem: GateReasonCode | null;
}

interface Judged {
  readonly version: VersionRecord;
  readonly reasons: readonly GateReason[];
  /** Why approvals do not count that are there. */
  readonly ignored: readonly GateReason[];
  readonly approvers: readonly PersonId[];
  readonly signed: boolean;
}

/**
 * The one place that asks for verdicts on a version. What the policy says of deployers is judged when somebody
 * deploys. `at`: when that is, or was. `places`: where the text stands; what was moved on some other branch says
 * nothing about that.
 */
function judgeVersion(
  rules: GateRules,
  version: VersionRecord,
  { at, places }: { readonly at: string; readonly places: readonly string[] },
): Judged {
  const { state, policy, env, general } = rules;
  const question = { state, policy, version, scope: everything, at, places };
  const verdicts = [
    ...(general ? [versionVerdict({ ...question, env: null })] : []),
    ...(env === null ? [] : [versionVerdict({ ...question, env })]),
  ];
  const reasons = once(verdicts.flatMap((verdict) => verdict.reasons));
  const known = new Set(reasons.map(({ code }) => code));
  const counted = verdicts.flatMap((verdict) => verdict.counted);
  return {
    version,
    reasons,
    ignored: once(verdicts.flatMap(({ ignored }) => ignored)).filter(
      ({ code }) => !known.has(code),
    ),
    approvers: [...new Set(counted.map(({ event }) => event.header.who))],
    signed:
      counted.length > 0 && counted.every(({ event }) => isSigned(state, event.id, everything)),
  };
}

/** Whether a text is an approved version of the prompt at its path. */
export function judgeFile(
  rules: GateRules,
  file: GateFile,
  prompt: PromptRecord | undefined,
): GateRow {
  const { state, at } = rules;
  const { digest, problem } = file;
  const because = (code: GateReasonCode, events: GateReason['events'] = []): GateRow =>
    rowOf(rules, file, { prompt, digest, reasons: [{ code, events }] });
  if (problem !== null) return because(problem);
  if (digest === null) return because('file.unreadable');
  const same = (prompt?.versions ?? []).filter((v) => v.event.header.refs.digest === digest);
  if (same.length === 0) {
    const others = state.withBytes(digest).filter(({ id }) => state.versions.has(id));
    const elsewhere: GateReason[] =
      others.length === 0 ? [] : [{ code: 'bytes.elsewhere', events: others.map(({ id }) => id) }];
    const known = prompt?.revisions.findLast((revision) => revision.digest === digest);
    const missing: GateReason =
      prompt === undefined
        ? { code: 'prompt.unregistered', events: [] }
        : known === undefined
          ? { code: 'bytes.unknown', events: [] }
          : { code: 'bytes.unproposed', events: [known.id] };
    return rowOf(rules, file, { prompt, digest, reasons: [missing, ...elsewhere] });
  }
  // What is active already is not deployed anew by staying: an approval that ran out since was good then.
  const active = prompt && rules.env !== null ? activeIn(prompt, rules.env) : undefined;
  const places = file.from === null ? [file.path] : [file.path, file.from];
  const judged = same.map((version) => {
    const isActive = active?.event.header.refs.version === version.event.id;
    return judgeVersion(rules, version, { at: isActive ? active.at : at, places });
  });
  const decisive = decisiveOf(judged);
  return rowOf(rules, file, { prompt, digest, ...decisive });
}

/**
 * Of several versions with one text the newest that is approved, unless a newer one was turned down: the last
 * word about these bytes counts. Where none is approved, the newest.
 */
function decisiveOf(judged: readonly Judged[]): Judged {
  const newest = judged.toReversed();
  const isAgainst = ({ reasons }: Judged): boolean =>
    reasons.some(({ code }) => code === 'version.rejected' || code === 'changes.requested');
  return newest.find((one) => one.reasons.length === 0 || isAgainst(one)) ?? newest[0]!;
}

/**
 * Everything that is recorded as active in the environment of the rules: whether it is approved now. `present`: where
 * the commit that is judged has a prompt.
 */
export function judgeActive(
  rules: GateRules,
  prompts: Iterable<PromptRecord>,
  present: (prompt: PromptRecord) => string | undefined = () => undefined,
): GateRow[] {
  const { state, env } = rules;
  const rows: GateRow[] = [];
  for (const prompt of prompts) {
    const deployment = env === null ? undefined : activeIn(prompt, env);
    if (deployment === undefined) continue;
    const { refs } = deployment.event.header;
    const file = {
      path: prompt.path ?? '(redacted path)',
      from: null,
      change: 'active',
      digest: refs.digest,
      problem: null,
    } as const;
    const version = state.versions.get(refs.version);
    if (version === undefined || version.event.header.refs.digest !== refs.digest) {
      const reasons = [{ code: 'bytes.mismatch', events: [deployment.id] }] as const;
      rows.push(rowOf(rules, file, { prompt, digest: refs.digest, reasons }));
      continue;
    }
    const now = present(prompt);
    const places = [
      ...movedBetween(state, version, deployment),
      ...(now === undefined ? [] : [now]),
    ];
    const judged = judgeVersion(rules, version, { at: deployment.at, places });
    const how: GateReason[] = [];
    if (refs.breakGlass) how.push({ code: 'breakGlass.used', events: [deployment.id] });
    if (refs.commit !== undefined)
      how.push({ code: 'deployment.imported', events: [deployment.id] });
    rows.push({
      ...rowOf(rules, file, { prompt, digest: refs.digest, ...judged }),
      // How it came there explains a denial, and is to be seen where it was approved since.
      reasons: [...judged.reasons, ...judged.ignored, ...how],
      order: judged.approvers.length === 0 ? null : orderOf(state, prompt, deployment),
    });
  }
  return rows;
}

/** Where its prompt had been moved when a version was deployed. */
function movedBetween(
  state: LedgerState,
  { prompt, seq }: VersionRecord,
  deployment: DeploymentRecord,
): readonly string[] {
  const { causality } = state;
  return movesOf(state, prompt).flatMap((move) =>
    causality.isAncestor(move.seq, deployment.seq) && !causality.isAncestor(move.seq, seq)
      ? (move.event.body?.to ?? [])
      : [],
  );
}

function orderOf(
  state: LedgerState,
  prompt: PromptRecord,
  deployment: DeploymentRecord,
): GateRow['order'] {
  const span = deploymentSpans(prompt).find((one) => one.deployment.id === deployment.id);
  if (span === undefined) return 'unknown';
  const { order } = activeRow(state, state.size, span);
  return order === 'proven' ? 'before' : order;
}

export function activeIn(prompt: PromptRecord, env: string): DeploymentRecord | undefined {
  return activeDeployments(prompt).find((deployment) => deployment.env === env);
}

function rowOf(
  { state }: GateRules,
  { path, from, change }: GateFile,
  found: {
    readonly prompt: PromptRecord | undefined;
    readonly digest: Digest | null;
    readonly reasons: readonly GateReason[];
    readonly version?: VersionRecord;
    readonly approvers?: readonly PersonId[];
    readonly signed?: boolean;
    readonly ignored?: readonly GateReason[];
  },
): GateRow {
  const { version, approvers = [], reasons, ignored = [] } = found;
  const verdict = gateVerdict(reasons);
  return {
    path,
    from,
    change,
    prompt: found.prompt?.id ?? null,
    digest: found.digest,
    version: version === undefined ? null : versionLabel(version, state.size),
    versionEvent: version?.event.id ?? null,
    verdict,
    reasons: [...reasons, ...ignored],
    approvers: approvers.map((id) => state.persons.ref(id)),
    signed: found.signed ?? false,
    order: approvers.length === 0 ? null : 'before',
  };
}

/** One reason a code, with all events. */
function once(reasons: readonly Reason[]): GateReason[] {
  const byCode = new Map<GateReasonCode, Set<GateReason['events'][number]>>();
  for (const { code, events } of reasons) {
    const known = byCode.get(code) ?? new Set();
    for (const event of events) known.add(event);
    byCode.set(code, known);
  }
  return [...byCode].map(([code, events]) => ({ code, events: [...events] }));
}
