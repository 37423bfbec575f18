import { actCounts } from '../core/actCounts.js';
import { PromptAuditError } from '../core/errors.js';
import { findingReviews, reported } from '../core/findingReviews.js';
import { orderFindings } from '../core/orderCheck.js';
import { redactionFindings } from '../core/redactionCheck.js';
import { referenceFinding } from '../core/referenceCheck.js';
import type {
  Finding,
  ReportedFinding,
  VerdictName,
  Verdicts,
  VerifyReport,
} from '../core/rows.js';
import { signatureFindings } from '../core/signatureCheck.js';
import { verdictBase } from '../core/verifyReport.js';
import { withRemedy } from '../ledger/findings.js';
import type { EventCheck } from '../ledger/verifyVolumes.js';
import type { DisposeInput, VerifyInput } from './api.js';
import type { TrailContext } from './context.js';
import { explanations } from './evidence.js';
import { verifyPinned } from './pinnedCheckpoint.js';
import { verifyProtection } from './policyProtection.js';
import { requiredText } from './propose.js';
import { recordReview } from './recordReview.js';
import { syncFindings } from './syncState.js';
import { verifyBranch } from './verifyBranch.js';
import { partsFinding } from './versionPartsCheck.js';

/**
 * Verifies the trail and gives separate verdicts: structure, completeness, authenticity, order. Incremental
 * unless `full` (see LedgerStore.verify). Throws `ledger.futureVersion`, `ledger.tooLarge`, `cancelled`,
 * `git.failed` or a disk error.
 */
export async function verify(
  context: TrailContext,
  { full = false, atMost = Infinity, watch }: VerifyInput,
): Promise<VerifyReport> {
  const check = checkAt(Date.now());
  const how = watch ? { full, check, watch } : { full, check };
  const result = await context.store.verify(how);
  const branch = await verifyBranch(context, result.tip);
  const { pinned, findings: unpinned } = await verifyPinned(context);
  const { state } = context;
  const found = [
    ...result.findings,
    ...branch.findings,
    ...unpinned,
    ...(await verifyProtection(context)),
    ...redactionFindings(state),
    ...(await syncFindings(context)),
  ].map((one) => withRemedy(named(context, one), !context.isRestorable));
  const reviews = findingReviews(state, await explanations(context));
  const all = found.map((one) => reported(one, reviews)).sort(byWeight);
  const findings = all.slice(0, atMost);
  const omitted = all.length - findings.length;
  const of = (verdict: VerdictName): readonly ReportedFinding[] =>
    all.filter((one) => one.verdict === verdict);
  const base = (verdict: VerdictName) => verdictBase(of(verdict), result.isWhole);
  const notCounting = of('authenticity').filter((f) => f.code === 'signature.notCounting').length;
  const verdicts: Verdicts = {
    structure: {
      ...base('structure'),
      events: result.ledger?.size ?? 0,
      volumes: result.volumes,
    },
    completeness: {
      ...base('completeness'),
      commits: branch.commits,
      seen: context.store.seen?.size ?? null,
      pinned,
    },
    authenticity: { ...base('authenticity'), ...actCounts(state), notCounting },
    order: {
      ...base('order'),
      roots: 1 + of('order').filter(({ code }) => code === 'root.extra').length,
      writers: context.store.writers,
    },
  };
  const broken = all.filter(({ severity }) => severity === 'error');
  const places = broken.map(({ seq }) => seq).filter((seq) => seq !== null);
  return {
    ledger: result.ledger,
    mode: result.since === null ? 'full' : 'incremental',
    checked: result.ledger?.size ?? 0,
    checkedNow: result.checked,
    since: result.since,
    verdicts,
    findings,
    ...(omitted === 0 ? {} : { omitted }),
    intact: broken.length === 0,
    brokenAt: places.length === 0 ? null : places.reduce((a, b) => Math.min(a, b)),
  };
}

/**
 * Records that somebody looked at findings and what they turned out to be (`trail.reviewed`). They are shown
 * ever after with that; no verdict changes by it. Gives the report that follows.
 */
export async function disposeFindings(
  context: TrailContext,
  { keys, disposition, identity }: DisposeInput,
): Promise<VerifyReport> {
  const text = requiredText(
    disposition,
    'reason.missing',
    'A review of findings needs its result.',
  );
  const { findings } = await verify(context, {});
  const chosen = [...new Set(keys)].map((key) => {
    const found = findings.find((one) => one.key === key);
    if (found === undefined) throw unknownFinding(key);
    return found;
  });
  if (chosen.length === 0) throw unknownFinding('(none)');
  const lines = chosen.map(({ key, code, event }) => [key, code, event].filter(Boolean).join(' '));
  await recordReview(context, { findings: lines, disposition: text, identity });
  return verify(context, {});
}

/**
 * Refuses to review what the write of that very review would put right: it would be lost with the finding, and
 * the file be changed by the way. Throws `ledger.damaged`.
 */
export async function assertLasting(context: TrailContext, keys: readonly string[]): Promise<void> {
  await context.store.refresh();
  if (context.damage === null || !context.isRestorable) return;
  const passing = new Set(context.store.damage.map(({ code, seq }) => `${code} ${seq}`));
  const { findings } = await verify(context, {});
  const lost = findings.find(
    ({ key, severity, code, seq }) =>
      keys.includes(key) && severity === 'error' && passing.has(`${code} ${seq}`),
  );
  if (lost === undefined) return;
  throw new PromptAuditError({
    code: 'ledger.damaged',
    message: `Nothing was recorded. The next write puts right what ${lost.key} is about, and a review of it would be lost.`,
    remedy:
      'Run "prompt-audit sync", which puts the file right and keeps the broken one, and "prompt-audit verify" then: what stays to be reviewed is the finding file.setAside.',
  });
}

function unknownFinding(key: string): PromptAuditError {
  return new PromptAuditError({
    code: 'finding.unknown',
    message: `There is no finding with the key ${key} now.`,
    remedy: 'The keys of all findings are printed by: prompt-audit verify',
  });
}

/** All that one event is held to besides the format. */
const checkAt =
  (now: number): EventCheck =>
  (state, event, seq, content) => {
    const reference = referenceFinding(state, event, seq);
    const order = orderFindings(state, event, seq, now);
    const signature = signatureFindings(state, event, seq);
    const parts = partsFinding(event, seq, content);
    return [reference, ...order, ...signature, parts].filter((found) => found !== null);
  };

/** What is broken may not know its own id: the event that belongs there does. */
function named({ state }: TrailContext, found: Finding): Finding {
  const { seq, event } = found;
  if (event !== null || seq === null || seq < 1 || seq > state.size) return found;
  return { ...found, event: state.idAt(seq) };
}

const severities = ['error', 'warning', 'info'];
const weight = ({ severity, settled }: ReportedFinding): number =>
  severities.indexOf(severity) * 2 + (settled ? 1 : 0);
const byWeight = (a: ReportedFinding, b: ReportedFinding): number =>
  weight(a) - weight(b) || (a.seq ?? Infinity) - (b.seq ?? Infinity);
