import { PromptAuditError } from '../core/errors.js';
import { isDigest, type EventId } from '../core/ids.js';
import type { Actor } from '../core/persons.js';
import { redactedWhat } from '../core/redactedWhat.js';
import { authorisedRedactions, redactionReasons, type RedactionTarget } from '../core/redaction.js';
import { redactionRefs } from '../core/redactionRefs.js';
import { everything } from '../core/state.js';
import { policyInScope } from '../core/policyInScope.js';
import { actingIdentity, actorOf, declareActor } from './actor.js';
import type { TrailContext } from './context.js';
import { adoptPolicy } from './policySource.js';
import { requiredText } from './propose.js';
import type { RedactInput, RedactReport, RedactedItem } from './redactApi.js';
import { mentionsOf } from './redactMentions.js';
import { whatStays } from './redactStays.js';
import { redactionTargets, type Targets } from './redactTarget.js';
import { signNow } from './signNow.js';

/**
 * Removes bodies or a content for good, from this clone at once and from others when they sync; what the
 * chain commits to stays, with who did it and why. Throws `reason.missing`, `redaction.target`,
 * `redaction.refused` (nothing was recorded of it then), and what finding the target throws.
 */
export async function redact(context: TrailContext, input: RedactInput): Promise<RedactReport> {
  if (input.dryRun === true) return preview(context, input);
  const reason = requiredText(input.reason, 'reason.missing', 'A redaction needs a reason.');
  const found = redactionTargets(context, input);
  assertSilent(reason, found);
  // Asked before, because afterwards nobody can tell.
  const mentions = await mentionsOf(context, found.names, found.targets);
  const who = await declareActor(context);
  await adoptPolicy(context, who);
  const { items, events } = await context.transact((tx) => {
    const { targets } = redactionTargets(context, input);
    const items = itemsOf(context, targets);
    const fresh = items.filter((item) => item.before === null).map((item) => item.target);
    const reasons = refusals(context, context.state.persons.actor(who), fresh, input, reason);
    if (reasons.length > 0) throw refused(reasons);
    const events: EventId[] = [];
    for (const target of fresh) {
      const { identity } = input;
      const draft = {
        type: 'redacted',
        who,
        refs: { target },
        body: { reason },
        identity,
      } as const;
      events.push(tx.append(draft).id);
    }
    return { items, events };
  });
  // Also when all was redacted before: the program may have been ended between the two.
  await context.store.erase();
  await signNow(context, who, events);
  const targets = items.map((item) => item.target);
  const stays = await whatStays(context, targets, { person: isPerson(input), mentions });
  return { dryRun: false, items, events, reasons: [], mentions, stays };
}

async function preview(context: TrailContext, input: RedactInput): Promise<RedactReport> {
  const found = redactionTargets(context, input);
  const { targets } = found;
  const reason = input.reason?.trim() || '-';
  assertSilent(reason, found);
  const actor = actorOf(context, await actingIdentity(context.site));
  const items = itemsOf(context, targets);
  const fresh = items.filter((item) => item.before === null).map((item) => item.target);
  const reasons = refusals(context, actor, fresh, input, reason);
  const mentions = await mentionsOf(context, found.names, targets);
  const stays = await whatStays(context, targets, { person: isPerson(input), mentions });
  return { dryRun: true, items, events: [], reasons, mentions, stays };
}

function itemsOf(
  context: TrailContext,
  targets: readonly RedactionTarget[],
): readonly RedactedItem[] {
  const { state, finalSize } = context;
  const redacted = authorisedRedactions(state);
  return targets.map((target) => ({
    target,
    part: isDigest(target) ? 'content' : 'body',
    what: redactedWhat(state, target, finalSize),
    path: pathOf(context, target),
    before: redacted.has(target) ? redactionRefs(state, [target])[0]! : null,
  }));
}

function pathOf({ state }: TrailContext, target: RedactionTarget): string | null {
  const seq = isDigest(target) ? state.withBytes(target)[0]?.seq : state.seqOf(target);
  const prompt = seq === undefined ? undefined : state.promptOfEvent(seq);
  return (prompt === undefined ? undefined : state.prompt(prompt)?.path) ?? null;
}

/** Reason codes that refuse it now, each once. */
function refusals(
  context: TrailContext,
  who: Actor,
  targets: readonly RedactionTarget[],
  { identity }: RedactInput,
  reason: string,
): readonly string[] {
  const { state } = context;
  const policy = policyInScope(state, everything);
  const common = { state, policy, who, reason, identity, scope: everything };
  const reasons = targets.flatMap((target) => redactionReasons({ ...common, target }));
  return [...new Set(reasons.map((r) => r.code))];
}

function refused(reasons: readonly string[]): PromptAuditError {
  return new PromptAuditError({
    code: 'redaction.refused',
    message: 'This cannot be redacted. Nothing was removed.',
    remedy:
      '"redaction" in .prompt-audit/policy.jsonc says who may; docs/LEDGER.md says what has to stay.',
    reasons,
  });
}

/** The reason stays for ever, so it must not repeat what goes. */
function assertSilent(reason: string, { names }: Targets): void {
  const text = reason.toLowerCase();
  if (!names.some((name) => name.length > 2 && text.includes(name.toLowerCase()))) return;
  throw new PromptAuditError({
    code: 'redaction.target',
    message: 'The reason names the person who is to be redacted, and it stays for ever.',
    remedy: 'Give a reason without the name and the address, such as a ticket number.',
  });
}

function isPerson({ target }: RedactInput): boolean {
  return typeof target !== 'string';
}
