import { formatCheckpoint } from '../core/checkpoint.js';
import { formatConsistencyProof } from '../core/consistencyProof.js';
import { PromptAuditError } from '../core/errors.js';
import { encodeEvidence } from '../core/eventEvidence.js';
import type { EventId } from '../core/ids.js';
import { leafHash } from '../core/merkle.js';
import { consistencyPath, inclusionPath, rootOfPath } from '../core/merkleProof.js';
import type { LedgerPoint } from '../core/rows.js';
import { readCheckpoint } from '../core/signedCheckpoint.js';
import { formatTlogProof } from '../core/tlogProof.js';
import type { TrailContext } from './context.js';
import type { EventProof, ProofText, ProveInput, ProveSinceInput, SinceProof } from './proveApi.js';

/** An inclusion proof of one event. Throws `event.unknown`, `ledger.damaged`, `proof.*`, `usage`. */
export function prove(context: TrailContext, input: ProveInput): EventProof {
  assertUndamaged(context);
  const { state, store } = context;
  const seq = seqOf(context, input);
  const event = state.event(seq);
  const given = givenCheckpoint(context, input.checkpoint, seq);
  const size = given.size;
  const index = seq - 1;
  const path = inclusionPath((at) => store.leafAt(at + 1), index, size);
  // From the header itself, not from a cache: what is proven is what the text says.
  const root = rootOfPath({ leaf: leafHash(event.headerText), index, size, path })!;
  const point = { id: context.point().id, size, root };
  assertOurs(context, point, given);
  const text = formatTlogProof({
    extra: encodeEvidence(event, signaturesOf(context, event.id)),
    index,
    path,
    checkpoint: given.text ?? formatCheckpoint(point),
  });
  return { text, point, ...placeOf(context, size), event: event.id, seq, type: event.type };
}

/** Those that were attached, in the agreed order, each once. One whose bytes are not here is left out. */
function signaturesOf({ state }: TrailContext, id: EventId): readonly Uint8Array[] {
  const attached = state.signatures.get(id) ?? [];
  const digests = new Set(attached.map(({ event }) => event.header.refs.signature));
  return [...digests].flatMap((digest) => state.readSignature(digest) ?? []);
}

/** A consistency proof from an older checkpoint. Throws as `prove` does. */
export function proveSince(context: TrailContext, input: ProveSinceInput): SinceProof {
  assertUndamaged(context);
  const { store } = context;
  const older = givenCheckpoint(context, input.since, 0);
  assertOurs(context, pointAt(context, older.size), older);
  const newer = givenCheckpoint(context, input.checkpoint, older.size);
  const point = pointAt(context, newer.size);
  assertOurs(context, point, newer);
  const path = consistencyPath((at) => store.leafAt(at + 1), older.size, newer.size);
  const checkpoint = newer.text ?? formatCheckpoint(point);
  const text = formatConsistencyProof({ oldSize: older.size, path, checkpoint });
  return { text, point, ...placeOf(context, newer.size), since: older.size };
}

/** The checkpoint of the synced part, or of the first `size` events. */
export function checkpoint(context: TrailContext, size?: number): ProofText {
  assertUndamaged(context);
  const point = pointAt(context, givenCheckpoint(context, size, 1).size);
  return { text: formatCheckpoint(point), point, ...placeOf(context, point.size) };
}

/** What can be read of a damaged ledger is not the ledger: nothing may vouch for it. Throws `ledger.damaged`. */
function assertUndamaged({ damage, isRestorable }: TrailContext): void {
  if (damage === null) return;
  throw new PromptAuditError({
    code: 'ledger.damaged',
    message: `Nothing is proven from a damaged ledger. ${damage.message}`,
    remedy: isRestorable
      ? 'Run "prompt-audit sync", which puts the file right, and look at "prompt-audit verify" then.'
      : damage.remedy,
  });
}

interface Given {
  readonly size: number;
  /** What the checkpoint claims, if it is one. */
  readonly point: LedgerPoint | null;
  readonly text: string | null;
}

/** The checkpoint that was asked for, which must cover `least` events. */
function givenCheckpoint(
  context: TrailContext,
  given: number | string | undefined,
  least: number,
): Given {
  const { finalSize } = context;
  const { size: all } = context.point();
  if (given === undefined)
    return { size: finalSize >= least && finalSize > 0 ? finalSize : all, point: null, text: null };
  const point = typeof given === 'string' ? readPoint(context, given) : null;
  const size = point?.size ?? (given as number);
  if (size > all && point !== null)
    throw new PromptAuditError({
      code: 'proof.inconsistent',
      message: `The checkpoint covers ${size} events, this ledger has ${all}: it does not extend it.`,
      remedy:
        'Run "prompt-audit sync", then try again. If it stays so, events were taken away here.',
    });
  if (Number.isSafeInteger(size) && size >= least && size <= all)
    return { size, point, text: point === null ? null : (given as string) };
  throw new PromptAuditError({
    code: 'usage',
    message: `A checkpoint of ${size} events does not fit.`,
    remedy: `Give a size from ${least} to ${all}.`,
  });
}

function readPoint(context: TrailContext, text: string): LedgerPoint {
  const given = readCheckpoint(text);
  if (typeof given === 'string')
    throw new PromptAuditError({
      code: 'proof.invalid',
      message: `The checkpoint cannot be read: ${given}.`,
      remedy: 'Give the text that "prompt-audit checkpoint" printed, or a signed form of it.',
    });
  const { id } = context.point();
  if (given.point.id === id) return given.point;
  throw new PromptAuditError({
    code: 'proof.inconsistent',
    message: `The checkpoint is of another ledger: ${given.point.id}. This one is ${id}.`,
    remedy: 'Give a checkpoint of this ledger.',
  });
}

function assertOurs(context: TrailContext, ours: LedgerPoint, { point }: Given): void {
  const { root, size } = context.point();
  if (ours.size === size && ours.root !== root)
    throw new PromptAuditError({
      code: 'ledger.damaged',
      message: 'The event does not fit the checkpoint of this ledger.',
      remedy: 'Run "prompt-audit verify --full".',
    });
  if (point === null || point.root === ours.root) return;
  throw new PromptAuditError({
    code: 'proof.inconsistent',
    message:
      `This ledger does not extend the checkpoint: its first ${ours.size} events have the root ` +
      `${ours.root} here, and ${point.root} there.`,
    remedy:
      'One of the two is not the original. Compare them with a third copy, such as the remote.',
  });
}

function pointAt(context: TrailContext, size: number): LedgerPoint {
  const { id } = context.point();
  return { id, size, root: context.store.rootAt(size)! };
}

const placeOf = ({ finalSize }: TrailContext, size: number): { provisional: boolean } => ({
  provisional: size > finalSize,
});

function seqOf(context: TrailContext, { event }: ProveInput): number {
  const { state } = context;
  const seq = typeof event === 'number' ? event : state.seqOf(event);
  if (seq !== undefined && Number.isSafeInteger(seq) && seq >= 1 && seq <= state.size) return seq;
  throw new PromptAuditError({
    code: 'event.unknown',
    message: `The ledger has no event ${typeof event === 'number' ? `number ${event}` : event}.`,
    remedy: 'See the events with: prompt-audit log',
  });
}
