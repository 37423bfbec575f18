import { PromptAuditError } from '../core/errors.js';
import { eventRow } from '../core/eventRows.js';
import type { LedgerEvent } from '../core/event.js';
import type { EventId, PersonId } from '../core/ids.js';
import { fingerprint } from '../core/ssh/publicKey.js';
import { report } from '../core/watch.js';
import { sshSign } from '../signing/sshSign.js';
import { declareActor } from './actor.js';
import type { TrailContext } from './context.js';
import { adoptPolicy } from './policySource.js';
import { isSigned, keyNotAdopted, mayCount } from './signatureFacts.js';
import type { SignInput, SignReport } from './signApi.js';
import { requiredSigner, type KnownSigner } from './signer.js';
import { namedEvents, unsignedOf } from './unsigned.js';

/**
 * Signs events of the acting person with the key that git is set up with, oldest first. Each signature is
 * attached as soon as it is made, so what was signed before a failure stays.
 * Throws `signing.*`, `cancelled`, `event.unknown`, and what adopting the policy throws.
 */
export async function sign(context: TrailContext, input: SignInput = {}): Promise<SignReport> {
  const { watch } = input;
  const signer = await requiredSigner(context);
  const who = await declareActor(context);
  await adoptPolicy(context, who);
  const { here, elsewhere } = unsignedOf(context, who);
  const chosen =
    input.events === undefined
      ? here
      : namedEvents(context, who, input.events).filter((event) => !isSigned(context, event));
  const total = chosen.length;
  for (const [done, event] of chosen.entries()) {
    report(watch, { what: 'sign', done, total });
    await attachSignature(context, signer, event, who, watch?.isCancelled);
  }
  context.signingProblem = null;
  const rows = (events: readonly LedgerEvent[]): SignReport['signed'] =>
    events.map(({ id }) => eventRow(context.state, context.finalSize, context.state.seqOf(id)!));
  const names = new Set(chosen.map(({ id }) => id));
  return {
    signed: rows(chosen),
    elsewhere: rows(elsewhere.filter(({ id }) => !names.has(id))),
    fingerprint: signer.publicKey && fingerprint(signer.publicKey),
  };
}

/**
 * Makes a signature of an event and records since when it is there. One that would not count is not made:
 * it would ask for a touch in vain, and stay for ever. Throws `signing.*`, `cancelled`.
 */
export async function attachSignature(
  context: TrailContext,
  signer: KnownSigner,
  event: LedgerEvent,
  who: PersonId,
  isCancelled?: () => boolean,
): Promise<void> {
  const { publicKey } = signer;
  if (publicKey !== null && !mayCount(context, event, publicKey))
    throw keyNotAdopted(context, event, fingerprint(publicKey));
  const header = Buffer.from(event.headerText, 'utf8');
  const bytes = await sshSign(signer, header, isCancelled);
  await context.transact((tx) => {
    const signature = tx.putSignature(event.id, bytes);
    const refs = { event: event.id, signature };
    tx.append({ type: 'signature.attached', who, refs, body: {}, identity: 'git' });
  });
  // Without a readable public key only the ledger can tell whose signature it was.
  if (publicKey === null && !isSigned(context, event)) throw keyNotAdopted(context, event, null);
}

/** The ids of what one transaction recorded that people sign. */
export type Acts = readonly EventId[];

/** For messages of acts that stand, although their signature does not. */
export function asProblem(error: unknown): PromptAuditError {
  if (error instanceof PromptAuditError) return error;
  return new PromptAuditError({
    code: 'signing.failed',
    message: `Signing met an unexpected error (${error instanceof Error ? error.message : String(error)}).`,
    remedy: 'Sign it later with: prompt-audit sign',
    cause: error,
  });
}
