import { Causality } from './causality.js';
import type { EventOf, LedgerEvent } from './event.js';
import type { Digest, EventId, PromptId } from './ids.js';
import { Persons } from './persons.js';
import type { Policy } from './policy.js';
import { foldEvent } from './stateFold.js';

/** One event at its place in the agreed order; `seq` counts from 1. */
export interface Placed<E = LedgerEvent> {
  readonly seq: number;
  readonly event: E;
}

export interface VersionRecord {
  readonly seq: number;
  readonly event: EventOf<'version.proposed'>;
  readonly prompt: PromptRecord;
  /** Counted per prompt by seq, from 1; may differ from the number that the event claims. */
  readonly number: number;
  readonly decisions: Placed<EventOf<'review.decided'>>[];
  readonly withdrawals: Placed<EventOf<'version.withdrawn'>>[];
}

export interface PromptRecord {
  readonly id: PromptId;
  readonly format: string;
  /** Where it is now; null when every body that says so is gone. */
  path: string | null;
  retired: boolean;
  readonly revisions: Placed<EventOf<'revision.saved'> | EventOf<'revision.observed'>>[];
  readonly versions: VersionRecord[];
  readonly deployments: Placed<EventOf<'deployment.recorded'>>[];
  readonly ended: Placed<EventOf<'deployment.ended'>>[];
}

/**
 * What the events say together, folded in the agreed order. Holds facts only:
 * verdicts are computed from it (approvals.ts, verdicts.ts), for any point in the past.
 */
export class LedgerState {
  readonly causality = new Causality();
  readonly persons = new Persons();
  readonly events: LedgerEvent[] = [];
  readonly seqOf = new Map<EventId, number>();
  readonly children = new Map<EventId, EventId[]>();
  readonly prompts = new Map<PromptId, PromptRecord>();
  readonly versions = new Map<EventId, VersionRecord>();
  readonly policies: Placed<EventOf<'policy.adopted'>>[] = [];
  readonly revocations: Placed<EventOf<'review.revoked'>>[] = [];
  readonly decisions = new Map<EventId, VersionRecord>();
  readonly deployments = new Map<EventId, PromptRecord>();
  /** Every revision and version by its bytes, whatever its prompt. */
  readonly byDigest = new Map<
    Digest,
    Placed<EventOf<'revision.saved'> | EventOf<'revision.observed'> | EventOf<'version.proposed'>>[]
  >();
  /** What approvals.ts and policyInScope.ts found out once and for all, by event and by seq. */
  readonly ownDecisions = new Map<EventId, boolean>();
  readonly parsedPolicies = new Map<number, Policy | null>();
  /** Registered ids that share a path with an older one (docs/LEDGER.md, "Aliases"). */
  readonly aliases = new Map<PromptId, PromptId>();

  /** Adds the next event in order. Its parents must have been added. */
  apply(event: LedgerEvent): void {
    const seq = this.events.length + 1;
    this.causality.add(event.header.parents.map((id) => this.seqOf.get(id) ?? 0));
    this.events.push(event);
    this.seqOf.set(event.id, seq);
    for (const parent of event.header.parents) {
      const known = this.children.get(parent);
      if (known === undefined) this.children.set(parent, [event.id]);
      else known.push(event.id);
    }
    foldEvent(this, { seq, event });
  }

  /** The prompt that an id means, aliases resolved. */
  prompt(id: PromptId): PromptRecord | undefined {
    return this.prompts.get(this.aliases.get(id) ?? id);
  }

  /** The prompt at a path: of several, the one registered first that was not retired. */
  promptAt(path: string): PromptRecord | undefined {
    for (const prompt of this.prompts.values()) {
      if (prompt.path === path && !prompt.retired) return prompt;
    }
    return undefined;
  }

  /** Whether any revision or version of the prompt has this digest. */
  knowsDigest(prompt: PromptRecord, digest: Digest): boolean {
    return prompt.revisions.some((r) => r.event.header.refs.digest === digest);
  }
}

/** Which events a verdict may look at, by seq. */
export type Scope = (seq: number) => boolean;

export const everything: Scope = () => true;

/** The ancestors of the event at `seq`: what its writer had seen (DESIGN.md §7). */
export function ancestorsOf(state: LedgerState, seq: number): Scope {
  return (other) => state.causality.isAncestor(other, seq);
}
