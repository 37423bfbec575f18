import type { EventOf } from './event.js';
import type { EventId } from './ids.js';
import { adoptionInScope } from './policyInScope.js';
import type { SignatureRow } from './rows.js';
import { parseAllowedSigners, type AllowedSigners } from './ssh/allowedSigners.js';
import { judgeSignature, signerStatus, type JudgedSignature } from './signatureVerdict.js';
import { ancestorsOf, type LedgerState, type Placed, type Scope } from './state.js';

/** What the ledger says of one signature for ever: a function of the ancestors of `signature.attached` and of its bytes. */
export interface SignatureFacts {
  readonly row: SignatureRow;
  readonly judged: JudgedSignature;
  readonly signers: AllowedSigners;
}

/** The signatures of an event that were attached in scope, in the agreed order (docs/LEDGER.md, "Signatures"). */
export function signatureRows(
  state: LedgerState,
  id: EventId,
  scope: Scope,
): readonly SignatureRow[] {
  return attachedIn(state, id, scope).map((placed) => factsOf(state, id, placed).row);
}

/** The signature that the `signature.attached` at `seq` names; undefined where that is not in the agreed order. */
export function signatureRowAt(
  state: LedgerState,
  event: EventOf<'signature.attached'>,
  seq: number,
): SignatureRow | undefined {
  const id = event.header.refs.event;
  const signed = state.seqOf(id);
  if (signed === undefined || !state.causality.isAncestor(signed, seq)) return undefined;
  return factsOf(state, id, { seq, event }).row;
}

/**
 * Whether a signature that counts was attached to the event in scope. Its key must also be one of the address by
 * which this scope judges the person's roles: nobody signs under one address and takes the role of another.
 */
export function isSigned(state: LedgerState, id: EventId, scope: Scope): boolean {
  return attachedIn(state, id, scope).some((placed) => {
    const { row, judged, signers } = factsOf(state, id, placed);
    if (row.status !== 'good') return false;
    const email = emailOf(state, id, scope);
    return signerStatus({ judged, signers, email, at: row.at }).status === 'good';
  });
}

/** The addresses of who made an event, for which signatures in scope were good when they were attached. */
export function signerAddresses(state: LedgerState, id: EventId, scope: Scope): readonly string[] {
  return attachedIn(state, id, scope).flatMap((placed) => {
    if (factsOf(state, id, placed).row.status !== 'good') return [];
    return emailOf(state, id, ancestorsOf(state, placed.seq)) ?? [];
  });
}

function attachedIn(
  state: LedgerState,
  id: EventId,
  scope: Scope,
): readonly Placed<EventOf<'signature.attached'>>[] {
  return state.signatures.get(id)?.filter(({ seq }) => scope(seq)) ?? [];
}

function factsOf(
  state: LedgerState,
  id: EventId,
  { seq, event }: Placed<EventOf<'signature.attached'>>,
): SignatureFacts {
  const known = state.signatureFacts.get(seq);
  if (known !== undefined) return known;
  const scope = ancestorsOf(state, seq);
  const bytes = state.readSignature(event.header.refs.signature);
  const { headerText } = state.event(state.seqOf(id)!);
  const signers = signersIn(state, scope);
  const { at } = event.header;
  const judged = judgeSignature(bytes, headerText);
  const email = emailOf(state, id, scope);
  const { status, signer } = signerStatus({ judged, signers, email, at });
  const row: SignatureRow = {
    status,
    event: event.id,
    at,
    fingerprint: judged.fingerprint,
    keyType: judged.keyType,
    principals: signer === null ? null : Buffer.from(signer.principals, 'latin1').toString('utf8'),
  };
  const facts = { row, judged, signers };
  // Bytes that are not here may come with the next sync.
  if (bytes === undefined) state.hasMissedSignature = true;
  else state.signatureFacts.set(seq, facts);
  return facts;
}

/** The address of who made the event, as the events in scope declare it; null where none does. */
function emailOf(state: LedgerState, id: EventId, scope: Scope): string | null {
  const { who } = state.event(state.seqOf(id)!).header;
  return state.persons.actor(who, scope).email;
}

function signersIn(state: LedgerState, scope: Scope): AllowedSigners {
  const adoption = adoptionInScope(state, scope);
  const text = adoption?.event.body?.allowedSigners;
  if (adoption === undefined || typeof text !== 'string') return nobody;
  const known = state.parsedSigners.get(adoption.seq);
  if (known !== undefined) return known;
  const signers = parseAllowedSigners(text);
  state.parsedSigners.set(adoption.seq, signers);
  return signers;
}

const nobody: AllowedSigners = { signers: [], problems: [] };
