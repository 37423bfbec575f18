import { activeDeployments } from '../core/activeRows.js';
import type { RetiredRow } from '../core/deploymentRows.js';
import { PromptAuditError } from '../core/errors.js';
import type { PromptRecord } from '../core/state.js';
import { declareActor } from './actor.js';
import type { TrailContext } from './context.js';
import type { RetireInput } from './deployApi.js';
import { requiredText } from './propose.js';
import { promptAt } from './resolveVersion.js';

/**
 * Records that a prompt is used no more, for good: what is recorded at its path later is another prompt. Throws
 * `retire.active` while it is active anywhere, `retire.already`, `reason.missing`, `prompt.unknown`.
 */
export async function retire(context: TrailContext, input: RetireInput): Promise<RetiredRow> {
  const reason = requiredText(input.reason, 'reason.missing', 'To retire a prompt needs a reason.');
  retirable(context, input.path);
  const who = await declareActor(context);
  const { prompt, event } = await context.transact((tx) => {
    const prompt = retirable(context, input.path);
    const event = tx.append({
      type: 'prompt.retired',
      who,
      prompt: prompt.id,
      refs: {},
      body: { reason },
      identity: input.identity,
    });
    return { prompt, event };
  });
  const { at } = event.header;
  const by = context.state.persons.ref(who);
  return { event: event.id, prompt: prompt.id, path: prompt.path ?? input.path, at, by, reason };
}

function retirable(context: TrailContext, path: string): PromptRecord {
  const prompt = promptAt(context, path, { forWriting: true });
  if (prompt.retired)
    throw new PromptAuditError({
      code: 'retire.already',
      message: `${prompt.path} is retired already.`,
      remedy: 'Nothing has to be done.',
    });
  const active = activeDeployments(prompt).map(({ env }) => env);
  if (active.length === 0) return prompt;
  throw new PromptAuditError({
    code: 'retire.active',
    message: `${prompt.path} cannot be retired: it is active in ${active.join(', ')}.`,
    remedy: `End that first: prompt-audit undeploy ${prompt.path} --env ${active[0]} -m REASON`,
  });
}
