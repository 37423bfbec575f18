import type { EventId, PersonId } from '../core/ids.js';
import { fingerprint } from '../core/ssh/publicKey.js';
import type { TrailContext } from './context.js';
import { asProblem, attachSignature } from './sign.js';
import { hasSigners, keysOf, mayCount, otherKey, wantsSignatures } from './signatureFacts.js';
import { notSetUp, signerOf, signingConfig } from './signer.js';

/**
 * Signs what was recorded a moment ago, where git and the policy are set up for that. Never fails: the act
 * stands whatever happens to its signature, and can be signed later.
 */
export async function signNow(
  context: TrailContext,
  who: PersonId,
  events: readonly EventId[],
): Promise<void> {
  if (context.options.signing === 'never' || events.length === 0) return;
  try {
    await signEach(context, who, events);
    context.signingProblem = null;
  } catch (error) {
    const { code, message, remedy } = asProblem(error);
    context.signingProblem = { code, message, remedy };
    context.warn(`Recorded, but not signed: ${message} ${remedy}`);
  }
}

async function signEach(
  context: TrailContext,
  who: PersonId,
  events: readonly EventId[],
): Promise<void> {
  // A team that has no keys and no rule about them is not to be bothered.
  const isExpected = wantsSignatures(context.policy);
  if (!isExpected && !hasSigners(context)) return;
  const config = await signingConfig(context);
  if (config.kind !== 'ssh') {
    if (isExpected) throw await notSetUp(config.kind);
    return;
  }
  const signer = await signerOf(context, config);
  for (const id of events) {
    const event = context.state.event(context.state.seqOf(id)!);
    const { publicKey } = signer;
    if (!isExpected && publicKey !== null && !mayCount(context, event, publicKey)) {
      // Others of the team may have keys; a person who has none is not asked for one.
      const enrolled = keysOf(context, event.header.who);
      if (enrolled.length > 0) throw otherKey(fingerprint(publicKey), enrolled);
      continue;
    }
    await attachSignature(context, signer, event, who);
  }
}
