import { PromptAuditError } from '../errors.js';
import { actions } from './actions.js';
import { activeAt } from './activeAt.js';
import { agentOnlyVersions } from './agentOnly.js';
import { approvalMismatches } from './approvalMismatch.js';
import { unauthorisedApprovals } from './approverAuthority.js';
import { baseline } from './baseline.js';
import { breakGlassUses } from './breakGlass.js';
import { clockAnomalies } from './clocks.js';
import { deniedAttempts } from './denied.js';
import { drift } from './drift.js';
import { duties } from './duties.js';
import { failedDeployments, unallowedDeployments } from './exceptionDeployments.js';
import { fastApprovals } from './fastApprovals.js';
import type { Answering, Ground } from './ground.js';
import { keyFaults } from './keys.js';
import { samePathCaveats } from './naming.js';
import { orderOfTwo } from './order.js';
import { pendingVersions } from './pending.js';
import type { QuestionAnswer, QuestionEntry, QuestionParams } from './question.js';
import { reciprocalPairs } from './reciprocal.js';
import { redactionList } from './redactions.js';
import { rejectedTexts } from './rejected.js';
import { rollbackList } from './rollbacks.js';
import { sample } from './sample.js';
import { selfApprovals } from './selfApproval.js';
import { trailOf } from './trailOf.js';
import { trailReviews } from './trailReviews.js';
import { retention, untested } from './unanswerable.js';
import { whereActive } from './whereActive.js';

type Key = keyof QuestionParams;

interface Row extends QuestionEntry {
  readonly answer: Answering;
}

const row = (
  kind: string,
  number: string | null,
  title: string,
  keys: { readonly needs?: readonly Key[]; readonly takes?: readonly Key[] },
  answer: Answering,
): Row => ({ kind, number, title, needs: keys.needs ?? [], takes: keys.takes ?? [], answer });

const period = ['from', 'to'] as const;
const prompts = ['path', ...period] as const;
const places = ['env', 'path', ...period] as const;

const rows: readonly Row[] = [
  row(
    'active',
    'Q1',
    'Which version is, or was, active, and who stands behind it?',
    { takes: ['path', 'env', 'at'] },
    activeAt,
  ),
  row(
    'baseline',
    'Q5',
    'What is, or was, active in an environment?',
    { needs: ['env'], takes: ['at'] },
    baseline,
  ),
  row(
    'trail',
    'Q4',
    'What is the whole trail of a deployment or a version?',
    { needs: ['subject'] },
    trailOf,
  ),
  row(
    'where',
    'Q6',
    'Where is, or was, exactly this text active?',
    { needs: ['subject'] },
    whereActive,
  ),
  row(
    'pending',
    'Q15',
    'What waits for a decision?',
    { takes: ['duration', ...prompts] },
    pendingVersions,
  ),
  row('actions', 'Q27', 'What did somebody do?', { takes: ['actor', 'text', ...places] }, actions),
  row(
    'order',
    'Q36',
    'Which of two events came first?',
    { needs: ['subject', 'other'] },
    orderOfTwo,
  ),
  row(
    'sample',
    'Q26',
    'Which ones do I look at more closely?',
    { needs: ['text', 'seed'], takes: ['count', ...places] },
    sample,
  ),
  row('rollbacks', 'Q37', 'What was rolled back, and why?', { takes: places }, rollbackList),
  row(
    'drift',
    'Q23',
    'Does something run that is not recorded?',
    { needs: ['env', 'text'] },
    drift,
  ),
  row(
    'exceptions.deployments',
    'Q8',
    'Which deployments did the policy of their time not allow?',
    { takes: places },
    unallowedDeployments,
  ),
  row(
    'exceptions.self-approval',
    'Q9',
    'Who approved what they had written?',
    { takes: prompts },
    selfApprovals,
  ),
  row(
    'exceptions.duties',
    'Q10',
    'Who was more than one of author, approver and deployer?',
    { takes: places },
    duties,
  ),
  row(
    'exceptions.approver-authority',
    'Q11',
    'Who approved without the right to?',
    { takes: prompts },
    unauthorisedApprovals,
  ),
  row(
    'exceptions.approval-mismatch',
    'Q12',
    'Where was something else approved than what was deployed?',
    { takes: places },
    approvalMismatches,
  ),
  row(
    'exceptions.fast-approvals',
    'Q13',
    'Which approvals came too fast to have read the text?',
    { takes: ['duration', ...prompts] },
    fastApprovals,
  ),
  row(
    'exceptions.reciprocal',
    'Q14',
    'Who approves mostly each other?',
    { takes: ['count', ...prompts] },
    reciprocalPairs,
  ),
  row(
    'exceptions.rejected',
    'Q16',
    'Which rejected texts were deployed all the same?',
    { takes: prompts },
    rejectedTexts,
  ),
  row(
    'exceptions.break-glass',
    'Q17',
    'Where was break-glass used, and was it reviewed?',
    { takes: places },
    breakGlassUses,
  ),
  row('exceptions.denied', 'Q28', 'What was refused?', { takes: places }, deniedAttempts),
  row('exceptions.failed', null, 'Which deployments failed?', { takes: places }, failedDeployments),
  row(
    'exceptions.agent-only',
    'Q29',
    'Which versions did no human write or approve?',
    { takes: prompts },
    agentOnlyVersions,
  ),
  row(
    'exceptions.clocks',
    'Q34',
    'Whose clocks run against the order of events?',
    { takes: prompts },
    clockAnomalies,
  ),
  row('exceptions.keys', 'Q35', 'Which signatures do not count?', { takes: period }, keyFaults),
  row(
    'exceptions.redactions',
    'Q39',
    'What was redacted, by whom and why?',
    { takes: period },
    redactionList,
  ),
  row(
    'exceptions.reviews',
    'Q40',
    'When was the trail reviewed, and what came of it?',
    { takes: ['duration', ...period] },
    trailReviews,
  ),
  row(
    'exceptions.untested',
    'Q30',
    'Which versions went live without an evaluation?',
    { takes: places },
    untested,
  ),
  row('retention', 'Q38', 'What is past its retention, or on hold?', {}, retention),
];

/** Everything that can be asked, in the order of lists. */
export const catalogue: readonly QuestionEntry[] = rows.map(
  ({ kind, number, title, needs, takes }) => ({ kind, number, title, needs, takes }),
);

/** The entry of a kind. Throws `usage`. */
export function questionEntry(kind: string): QuestionEntry {
  return rowOf(kind);
}

function rowOf(kind: string): Row {
  const found = rows.find((one) => one.kind === kind);
  if (found !== undefined) return found;
  throw new PromptAuditError({
    code: 'usage',
    message: `There is no question "${kind}".`,
    remedy: `These can be asked: ${rows.map((one) => one.kind).join(', ')}.`,
  });
}

/**
 * Answers a question of the catalogue. Throws `usage` where a parameter is missing or means nothing there, and what the
 * question throws for names that nobody has.
 */
export function answer(ground: Ground, kind: string, params: QuestionParams): QuestionAnswer {
  const { needs, takes, answer: answering } = rowOf(kind);
  const missing = needs.filter((key) => params[key] === undefined);
  const given = (Object.keys(params) as Key[]).filter((key) => params[key] !== undefined);
  const unknown = given.filter((key) => !needs.includes(key) && !takes.includes(key));
  assertPeriod(params);
  if (missing.length === 0 && unknown.length === 0)
    return withPathCaveats(ground, params, answering(ground, params));
  throw new PromptAuditError({
    code: 'usage',
    message:
      missing.length > 0
        ? `The question "${kind}" needs ${missing.join(', ')}.`
        : `The question "${kind}" takes no ${unknown.join(', ')}.`,
    remedy: `It needs ${needs.join(', ') || 'nothing'} and takes ${takes.join(', ') || 'nothing else'}.`,
  });
}

/** A period that ends before it begins holds nothing, which reads as if nothing had happened. Throws `usage`. */
function assertPeriod({ from, to }: QuestionParams): void {
  if (from === undefined || to === undefined || from <= to) return;
  throw new PromptAuditError({
    code: 'usage',
    message: `The period ends (${to}) before it begins (${from}).`,
    remedy: 'Give the earlier time first.',
  });
}

function withPathCaveats(
  { state }: Ground,
  { path }: QuestionParams,
  found: QuestionAnswer,
): QuestionAnswer {
  const more = path === undefined ? [] : samePathCaveats(state, path);
  return more.length === 0 ? found : { ...found, caveats: [...found.caveats, ...more] };
}
