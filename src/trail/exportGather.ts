import { basename } from 'node:path';
import { activeRows } from '../core/activeRows.js';
import { formatCheckpoint } from '../core/checkpoint.js';
import { PromptAuditError } from '../core/errors.js';
import { defaultPolicy } from '../core/policyFile.js';
import { policyInScope } from '../core/policyInScope.js';
import { answer, catalogue } from '../core/questions/catalogue.js';
import type { QuestionEntry } from '../core/questions/question.js';
import { everything } from '../core/state.js';
import { versionRow } from '../core/versionRows.js';
import type { VersionRow } from '../core/rows.js';
import { deploymentFact, type DeploymentFact } from '../report/deploymentFact.js';
import { narrowing, scopedQuestion, type Narrowing } from '../report/exceptionScope.js';
import { isExceptionKind, type Answered } from '../report/exceptions.js';
import { ledgerTotals, type LedgerTotals } from '../report/ledgerTotals.js';
import type { Baseline, Method } from '../report/reportFacts.js';
import { scopeText, select, type Asked, type Selection } from '../report/selection.js';
import type { EvidenceView } from '../report/view.js';
import { ledgerAsKnown } from './asKnown.js';
import type { TrailContext } from './context.js';
import type { ReportInput } from './exportApi.js';
import type { Pace } from './exportPace.js';
import { askedOf } from './exportScope.js';

/** What export and report both stand on, of one state of the ledger. */
export interface Gathered {
  readonly view: EvidenceView;
  readonly method: Method;
  readonly selection: Selection;
  readonly totals: LedgerTotals;
  readonly deployments: readonly DeploymentFact[];
  readonly versions: readonly VersionRow[];
  readonly baselines: readonly Baseline[];
  readonly exceptions: readonly Answered[];
}

/** Throws as EvidenceMakers. */
export async function gather(
  context: TrailContext,
  input: ReportInput,
  generatedAt: string,
  pace: Pace,
): Promise<Gathered> {
  const known = ledgerAsKnown(context, input.asKnownAt);
  const { state, syncedSize, point } = known;
  const policy = policyInScope(state, everything) ?? defaultPolicy;
  const now = input.asKnownAt === undefined ? generatedAt : known.now;
  const hasRemote = context.store.remote !== null;
  const view: EvidenceView = { state, policy, syncedSize, at: now, generatedAt, point, hasRemote };
  const asked = askedOf(context, view, input);
  const selection = select(state, asked);
  const scope = scopeText(asked);
  const totals = await run(ledgerTotals(state), pace);
  const unsynced = Math.max(0, point.size - syncedSize);
  return {
    view,
    selection,
    totals,
    method: {
      tool: context.options.tool,
      command: input.command ?? scope,
      scope,
      repository: basename(context.site.root),
      checkpoint: context.store.rootAt(point.size) === point.root ? formatCheckpoint(point) : null,
      caveats: [
        ...known.caveats,
        ...(unsynced === 0
          ? []
          : [
              `${unsynced} of ${point.size} events are only in this clone yet: their order and version numbers may still change.`,
            ]),
        ...(hasRemote ? [] : ['There is no ledger remote: no other custodian has this ledger.']),
      ],
    },
    deployments: await pace.map(selection.deployments, (one) => deploymentFact(view, one)),
    versions: await pace.map(selection.versions, (one) => versionRow(view, one)),
    baselines: baselinesOf(view, asked),
    exceptions: await exceptionsOf(view, selection, pace),
  };
}

async function run<T>(work: Generator<unknown, T>, pace: Pace): Promise<T> {
  for (;;) {
    const { done, value } = work.next();
    if (done === true) return value;
    await pace.step();
  }
}

/** What was live at the ends of the period; without one, what is live now. */
function baselinesOf(view: EvidenceView, { prompt, env, from, to, deployment }: Asked): Baseline[] {
  if (deployment !== null) return [];
  const { state, syncedSize, at: now } = view;
  const baseline = (when: string, at: string | null): Baseline => {
    const rows = activeRows(state, syncedSize, { prompt, env, at });
    const sorted = [...rows].sort((a, b) => compare(a.path, b.path) || compare(a.env, b.env));
    return { when, rows: sorted };
  };
  const isOver = to !== null && to <= now;
  return [
    ...(from === null ? [] : [baseline('at the start', from)]),
    isOver ? baseline('at the end', to) : baseline('now', null),
  ];
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

async function exceptionsOf(
  view: EvidenceView,
  selection: Selection,
  pace: Pace,
): Promise<Answered[]> {
  const { state, syncedSize, at: now } = view;
  let narrow: Narrowing | null = null;
  const found: Answered[] = [];
  for (const entry of catalogue) {
    if (!isExceptionKind(entry.kind)) continue;
    const { params, left, isLeftOut } = scopedQuestion(entry, selection.asked);
    if (entry.needs.some((key) => params[key] === undefined)) continue;
    if (isLeftOut) {
      found.push(unanswered(entry, `Left out: it cannot be limited by ${left.join(', ')}.`));
      continue;
    }
    try {
      const whole = answer({ state, syncedSize, now }, entry.kind, params);
      const isWide = left.length > 0 && whole.unanswerable === undefined;
      if (isWide) narrow ??= narrowing(state, selection);
      found.push({ entry, answer: isWide ? narrow!(whole) : whole });
    } catch (error) {
      if (!(error instanceof PromptAuditError)) throw error;
      // One question that cannot be answered must not hide the others.
      found.push(unanswered(entry, error.message));
    }
    await pace.step();
  }
  return found;
}

const unanswered = (entry: QuestionEntry, unanswerable: string): Answered => ({
  entry,
  answer: {
    columns: [],
    rows: [],
    population: { of: 'events', count: 0 },
    areExceptions: true,
    caveats: [],
    unanswerable,
  },
});
