import { PromptAuditError } from '../core/errors.js';
import { eventRow } from '../core/eventRows.js';
import type { LedgerEvent } from '../core/event.js';
import type { EventRow } from '../core/rows.js';
import { fingerprint } from '../core/ssh/publicKey.js';
import { missingToSign } from '../signing/keyCheck.js';
import { actorOf, presentIdentity } from './actor.js';
import { adoptedSigners, allowsNow } from './signatureFacts.js';
import type { SigningSetup } from './signApi.js';
import {
  notSetUp,
  oneStepFor,
  signerOf,
  signingConfig,
  unknownKey,
  type KnownSigner,
} from './signer.js';
import { signersText } from './signersFile.js';
import type { TrailContext } from './context.js';
import { unsignedOf } from './unsigned.js';

/** How the acting person would sign, and what is missing. Changes nothing. Throws what asking git throws. */
export async function signingSetup(context: TrailContext): Promise<SigningSetup> {
  const config = await signingConfig(context);
  const identity = await presentIdentity(context.site);
  const principal = identity?.email ?? null;
  const acts = actsOf(context, identity === null ? [] : actorOf(context, identity).ids);
  const base = { kind: config.kind, principal, ...acts };
  const nothing = { key: null, program: null, adopted: false, enrolled: false };
  if (config.kind !== 'ssh') {
    const { message } = await notSetUp(config.kind);
    const oneStep = await oneStepFor(config.kind);
    const remedy = `Set up SSH signing with: ${oneStep}`;
    return { ...base, ...nothing, problem: { message, remedy }, oneStep };
  }
  let signer: KnownSigner;
  try {
    signer = await signerOf(context, config);
  } catch (error) {
    if (!(error instanceof PromptAuditError)) throw error;
    const { message, remedy } = error;
    return { ...base, ...nothing, problem: { message, remedy }, oneStep: null };
  }
  const { key, publicKey, program } = signer;
  const place = key.kind === 'file' ? key.path : 'the configuration of git';
  if (publicKey === null) {
    const { message, remedy } = await unknownKey(signer);
    return { ...base, ...nothing, program, problem: { message, remedy }, oneStep: null };
  }
  const allowed = (text: string | null): boolean =>
    principal !== null && allowsNow(text, publicKey, principal);
  const missing = await missingToSign(signer, publicKey);
  return {
    ...base,
    problem: missing && { message: missing.message, remedy: missing.remedy },
    oneStep: null,
    key: { type: publicKey.type, fingerprint: fingerprint(publicKey), place },
    program,
    adopted: allowed(adoptedSigners(context)),
    enrolled: allowed(await signersText(context.site)),
  };
}

function actsOf(
  context: TrailContext,
  ids: readonly LedgerEvent['header']['who'][],
): { readonly unsigned: readonly EventRow[]; readonly elsewhere: readonly EventRow[] } {
  const [who] = ids;
  if (who === undefined) return { unsigned: [], elsewhere: [] };
  const { state, finalSize } = context;
  const { here, elsewhere } = unsignedOf(context, who);
  const rows = (events: readonly LedgerEvent[]): readonly EventRow[] =>
    events.map(({ id }) => eventRow(state, finalSize, state.seqOf(id)!));
  return { unsigned: rows(here), elsewhere: rows(elsewhere) };
}
