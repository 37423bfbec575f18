import { versionVerdict } from './approvals.js';
import { decisionVerdict } from './decisionVerdict.js';
import type { EventOf, LedgerEvent } from './event.js';
import type { PersonId } from './ids.js';
import { eventRow, upTo, versionOfEvent } from './eventRows.js';
import type {
  ExplainedDecision,
  ExplainedPolicy,
  ExplainedStep,
  Explanation,
} from './explainRows.js';
import { judgedEnd, judgedReview } from './explainAfter.js';
import { judgedAttempt } from './explainAttempt.js';
import { whyText, type Judged, type Ledger } from './explainJudged.js';
import { checkTexts, filters, gotText, wantedText } from './explainText.js';
import { versionLabel } from './labels.js';
import { laterFacts } from './laterFacts.js';
import { defaultPolicy } from './policyFile.js';
import { adoptionInScope, policyInScope } from './policyInScope.js';
import { takenByRedaction } from './takenByRedaction.js';
import { ancestorsOf, everything, type LedgerState, type VersionRecord } from './state.js';
import type { Trace } from './trace.js';
import { replayedDeployment } from './verdicts.js';

/** Everything about the verdict on the event at `seq`, by its ancestors; what came later stands beside it. */
export function explanationOf(state: LedgerState, syncedSize: number, seq: number): Explanation {
  const ledger = { state, syncedSize };
  const event = state.event(seq);
  const version = versionOfEvent(state, event);
  const judged = version === undefined ? null : judge(ledger, event, seq, version);
  const row = eventRow(state, syncedSize, seq);
  const policy = policyOf(ledger, judged?.isNow === true ? state.size + 1 : seq);
  if (judged === null || version === undefined) {
    const text = `${row.who.name} ${row.summary}. No policy judges such an event.`;
    const nothing = { steps: [], decisions: [], later: [] };
    return { event: row, text, allowed: null, reasons: [], policy, ...nothing };
  }
  const { verdict, parts } = judged;
  const scope = judged.isNow ? everything : ancestorsOf(state, seq);
  const taken =
    event.type === 'attempt.denied' || isBreakGlass(event)
      ? null
      : takenByRedaction({ ...judgedBy(event), state, version, scope, verdict, policy: null });
  const gone = (taken ?? []).map((id) => id.slice(0, 7)).join(', ');
  return {
    event: row,
    text:
      taken === null
        ? judged.text
        : `${judged.what} cannot be told any more: what it was judged by was redacted (event ${gone}).`,
    allowed: taken === null ? verdict.allowed : null,
    ...(taken === null ? {} : { redactedBy: taken }),
    reasons: [...new Set(verdict.reasons.map(({ code }) => code))],
    policy,
    steps: parts.flatMap(({ label, trace }) => stepsOf(trace, label)),
    decisions: parts.flatMap(({ label, trace }) => decisionsOf(ledger, trace, label)),
    later: judged.isNow ? [] : laterFacts({ ...ledger, version, seq, trace: verdict.trace }),
  };
}

/** What says itself that it was not allowed, whatever is gone since. */
const isBreakGlass = (event: LedgerEvent): boolean =>
  event.known && event.type === 'deployment.recorded' && event.header.refs.breakGlass;

/** Who acted; of a version nobody did. */
const judgedBy = ({ type, header }: LedgerEvent): { who?: PersonId } =>
  type === 'version.proposed' ? {} : { who: header.who };

function judge(
  ledger: Ledger,
  event: LedgerEvent,
  seq: number,
  version: VersionRecord,
): Judged | null {
  if (!event.known) return null;
  switch (event.type) {
    case 'deployment.recorded':
      return judgedDeployment(ledger, event, seq, version);
    case 'attempt.denied':
      return judgedAttempt(ledger, event, seq, version);
    case 'deployment.ended':
      return judgedEnd(ledger, event, seq);
    case 'deployment.reviewed':
      return judgedReview(ledger, event, seq);
    case 'review.decided':
      return judgedDecision(ledger, event, seq, version);
    case 'version.proposed':
      return judgedVersion(ledger, version);
    default:
      return null;
  }
}

function judgedDeployment(
  { state, syncedSize }: Ledger,
  event: EventOf<'deployment.recorded'>,
  seq: number,
  version: VersionRecord,
): Judged | null {
  const verdict = replayedDeployment(state, event, seq);
  if (verdict === null) return null;
  const { env, breakGlass, commit } = event.header.refs;
  const what = `The deployment of ${versionLabel(version, syncedSize)} to ${env}`;
  const text =
    commit !== undefined
      ? `${what} was imported from a tag: no policy of this ledger was asked.`
      : verdict.allowed
        ? `${what} was allowed by the policy of that time.`
        : breakGlass
          ? `${what} was by break-glass: ${whyText(verdict)}.`
          : `${what} was against the policy of that time: ${whyText(verdict)}.`;
  return {
    verdict,
    text,
    what: `Whether t${what.slice(1)} was allowed`,
    parts: [{ label: null, trace: verdict.trace }],
    isNow: false,
  };
}

function judgedDecision(
  { state, syncedSize }: Ledger,
  event: EventOf<'review.decided'>,
  seq: number,
  version: VersionRecord,
): Judged {
  const { header, body } = event;
  const { decision, envs = null } = header.refs;
  const scope = ancestorsOf(state, seq);
  const policy = policyInScope(state, scope) ?? defaultPolicy;
  const verdict = decisionVerdict({
    state,
    policy,
    version,
    scope,
    who: state.persons.actor(header.who, scope),
    decision,
    envs,
    writer: header.writer,
    ...(body === null ? {} : { words: { reason: body.reason, meaning: body.meaning } }),
  });
  const what = `This decision on ${versionLabel(version, syncedSize)}`;
  const text = verdict.allowed
    ? `${what} was allowed by the policy of that time.`
    : `${what} was against the policy of that time, and counts for nothing: ${whyText(verdict)}.`;
  return {
    verdict,
    text,
    what: `Whether t${what.slice(1)} was allowed`,
    parts: [{ label: null, trace: verdict.trace }],
    isNow: false,
  };
}

function judgedVersion({ state, syncedSize }: Ledger, version: VersionRecord): Judged {
  const policy = policyInScope(state, everything) ?? defaultPolicy;
  const input = { state, policy, version, scope: everything };
  const general = versionVerdict(input);
  const parts = policy.environments.map(({ name }) => ({
    label: name,
    verdict: versionVerdict({ ...input, env: name }),
  }));
  const good = parts.filter(({ verdict }) => verdict.approved).map(({ label }) => label);
  const label = versionLabel(version, syncedSize);
  const where = good.length === 0 ? 'for no environment' : `for ${good.join(', ')}`;
  const why = general.approved ? '' : ` It is not approved in general: ${whyText(general)}.`;
  return {
    verdict: { ...general, allowed: general.approved },
    what: `Whether ${label} is approved`,
    text: `By all that is recorded now, ${label} has the approvals ${where}.${why}`,
    parts: [
      { label: 'in general', trace: general.trace },
      ...parts.map(({ label, verdict }) => ({ label, trace: verdict.trace })),
    ],
    isNow: true,
  };
}

function policyOf({ state, syncedSize }: Ledger, seq: number): ExplainedPolicy {
  const scope = seq > state.size ? everything : ancestorsOf(state, seq);
  const adoption = adoptionInScope(state, scope);
  const body = adoption?.event.body ?? null;
  return {
    adoption: adoption === undefined ? null : eventRow(state, syncedSize, adoption.seq),
    source: body?.source ?? null,
    commit: body?.commit ?? null,
    readable: policyInScope(state, scope) !== null,
  };
}

const named = (label: string | null, rule: string | null): string | null =>
  label === null || rule === null ? (rule ?? label) : `${label}: ${rule}`;

function stepsOf(trace: Trace, label: string | null): readonly ExplainedStep[] {
  const steps: ExplainedStep[] = [];
  for (const step of trace.steps) {
    const rule = named(label, step.rule);
    const { outcome, code, events } = step;
    const texts = { check: checkTexts[step.check], wanted: wantedText(step), got: gotText(step) };
    steps.push({ rule, outcome, code, events, ...texts });
    if (step.check === 'approvals') steps.push(...filterSteps(trace, step.rule, rule, outcome));
  }
  return steps;
}

/** What a rule asks of each approval; it fails where approvals are missing because of that. */
function filterSteps(
  { asked, decisions }: Trace,
  name: string | null,
  rule: string | null,
  outcome: ExplainedStep['outcome'],
): readonly ExplainedStep[] {
  const approvals = asked.find((one) => (one.extra?.name ?? null) === name)?.rule;
  if (approvals === undefined) return [];
  // Without an approval there is nothing that could have passed.
  const isLooked = decisions.some((one) => one.rule === name && one.decision === 'approved');
  return filters.map(({ text, codes, wanted }) => {
    const faulty = decisions.filter(
      (one) => one.rule === name && one.faults.some((fault) => codes.includes(fault)),
    );
    const wants = wanted(approvals);
    const found = faulty.flatMap(({ faults }) => faults).find((fault) => codes.includes(fault));
    return {
      rule,
      check: text,
      outcome:
        faulty.length > 0 && outcome === 'fail'
          ? 'fail'
          : wants === null || !isLooked
            ? 'not-asked'
            : 'pass',
      code: outcome === 'fail' ? (found ?? null) : null,
      wanted: wants,
      got: faulty.length === 0 ? null : `${faulty.length} do not count`,
      events: faulty.map(({ event }) => event),
    };
  });
}

function decisionsOf(
  { state, syncedSize }: Ledger,
  trace: Trace,
  label: string | null,
): readonly ExplainedDecision[] {
  return trace.decisions.map((one) => {
    const seq = state.seqOf(one.event)!;
    const { header } = state.event(seq);
    const version = state.versions.get(one.version);
    return {
      rule: named(label, one.rule),
      event: one.event,
      version: version === undefined ? '(unknown)' : versionLabel(version, syncedSize),
      decision: one.decision,
      by: state.persons.ref(header.who, upTo(seq)),
      at: header.at,
      order: one.order,
      counts: one.counts,
      faults: one.faults,
      because: one.because,
    };
  });
}
