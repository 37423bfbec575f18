import { answer, questionEntry } from '../core/questions/catalogue.js';
import type { Ground } from '../core/questions/ground.js';
import type { QuestionParams } from '../core/questions/question.js';
import { ledgerAsKnown, type KnownLedger } from './asKnown.js';
import type { Asked, AskInput } from './askApi.js';
import type { TrailContext } from './context.js';
import { workingPolicy } from './policySource.js';
import { pathInSite } from './site.js';

/** See Trail. */
export async function ask(context: TrailContext, input: AskInput): Promise<Asked> {
  const { kind, asKnownAt } = input;
  questionEntry(kind);
  const params = withPath(context, input.params);
  const environments = params.env === undefined ? [] : await workingEnvironments(context);
  const known = ledgerAsKnown(context, asKnownAt);
  return askKnown(known, { kind, params }, environments);
}

/** The same of a ledger that was looked up before, for who asks many questions of it. */
export function askKnown(
  known: KnownLedger,
  { kind, params }: Pick<AskInput, 'kind' | 'params'>,
  environments: readonly string[] = [],
): Asked {
  const { state, syncedSize, now } = known;
  const ground: Ground = { state, syncedSize, now, environments };
  const found = answer(ground, kind, params);
  return {
    ledger: known.point,
    answer: { ...found, caveats: [...found.caveats, ...known.caveats, ...unsyncedCaveats(known)] },
  };
}

function unsyncedCaveats({ state, syncedSize }: KnownLedger): readonly string[] {
  const count = state.size - syncedSize;
  if (count === 0) return [];
  const events = count === 1 ? '1 event is' : `${count} events are`;
  return [`${events} only in this clone yet: their order and version numbers may still change.`];
}

function withPath(context: TrailContext, params: QuestionParams): QuestionParams {
  return params.path === undefined
    ? params
    : { ...params, path: pathInSite(context.site, params.path) };
}

/** Names of environments that are planned: of a policy that cannot be read none are. */
export async function workingEnvironments({ site }: TrailContext): Promise<readonly string[]> {
  try {
    return (await workingPolicy(site)).environments.map(({ name }) => name);
  } catch {
    // The question is about what was recorded; whatever is wrong with the file of today, the policy commands say.
    return [];
  }
}
