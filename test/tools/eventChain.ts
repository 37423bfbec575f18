import { referenceFinding } from '../../src/core/referenceCheck.js';
import type { Finding } from '../../src/core/rows.js';
import type {
  EventDraft,
  EventOf,
  EventShapes,
  EventType,
  VersionParts,
} from '../../src/core/event.js';
import { encodeEvent } from '../../src/core/eventCodec.js';
import { digestOf } from '../../src/core/hash.js';
import type {
  Digest,
  EventId,
  LedgerId,
  PersonId,
  PromptId,
  WriterId,
} from '../../src/core/ids.js';
import { LedgerState, type VersionRecord } from '../../src/core/state.js';

/** 32 hex digits that are easy to tell apart in a failed test. */
export function fakeId(n: number): LedgerId & PersonId & PromptId & WriterId {
  return n.toString(16).padStart(32, '0') as LedgerId & PersonId & PromptId & WriterId;
}

export const ana = fakeId(0xa);
export const ravi = fakeId(0xb);
export const rosa = fakeId(0xc);
export const triage = fakeId(0x71);

/** Builds ledgers event by event, with a clock that ticks one second an event. */
export class EventChain {
  readonly state = new LedgerState();
  readonly #counters = new Map<WriterId, number>();
  #heads: EventId[] = [];

  /** Appends an event; `parents` default to all heads. */
  add<T extends EventType>(
    type: T,
    who: PersonId,
    refs: EventShapes[T]['refs'],
    body: EventShapes[T]['body'],
    more: {
      prompt?: PromptId;
      parents?: readonly EventId[];
      writer?: WriterId;
      unattended?: boolean;
      at?: string;
    } = {},
  ): EventOf<T> {
    const writer = more.writer ?? fakeId(1);
    const n = (this.#counters.get(writer) ?? 0) + 1;
    this.#counters.set(writer, n);
    const parents = more.parents ?? this.#heads;
    const draft = {
      type,
      who,
      refs,
      body,
      identity: more.unattended ? 'unattended' : 'git',
      ...(more.prompt === undefined ? {} : { prompt: more.prompt }),
    } as unknown as EventDraft;
    const seq = this.state.size + 1;
    const event = encodeEvent(draft, {
      ledger: fakeId(0x1ed9e2),
      writer,
      n,
      parents,
      at: more.at ?? new Date(Date.UTC(2026, 0, 1) + seq * 1000).toISOString(),
      utcOffset: 60,
      salt: fakeId(seq),
      tool: 'test/1',
    });
    this.state.apply(event);
    this.#heads = [...this.#heads.filter((h) => !parents.includes(h)), event.id];
    return event as EventOf<T>;
  }

  begin(policy = '{"version":1,"environments":{"staging":{},"production":{}}}'): this {
    this.add('ledger.created', ana, {}, {});
    for (const [id, name] of [
      [ana, 'Ana'],
      [ravi, 'Ravi'],
      [rosa, 'Rosa'],
    ] as const) {
      this.add(
        'person.declared',
        id,
        { person: id },
        { name, email: `${name.toLowerCase()}@clinic.example` },
      );
    }
    this.adopt(policy);
    this.add(
      'prompt.registered',
      ana,
      {},
      { path: 'triage.prompt.md', format: 'vscode-prompt' },
      { prompt: triage },
    );
    return this;
  }

  adopt(
    policy: string,
    others: Partial<Record<'allowedSigners' | 'mailmap' | 'codeowners', string | null>> = {},
    more: { parents?: readonly EventId[]; writer?: WriterId } = {},
  ): EventOf<'policy.adopted'> {
    const files = { policy, allowedSigners: null, mailmap: null, codeowners: null, ...others };
    return this.add(
      'policy.adopted',
      ana,
      { policy: digestOf(policy) },
      { ...files, source: 'working-tree', commit: null },
      more,
    );
  }

  revise(
    who: PersonId,
    text: string,
    prompt: PromptId = triage,
    more: { writer?: WriterId } = {},
  ): EventOf<'revision.saved'> {
    const body = { path: 'triage.prompt.md', size: text.length, source: 'cli' as const };
    return this.add('revision.saved', who, { digest: digestOf(text) }, body, { prompt, ...more });
  }

  propose(
    who: PersonId,
    text: string,
    number = 1,
    prompt: PromptId = triage,
    more: { parts?: VersionParts | null; writer?: WriterId; path?: string } = {},
  ): EventOf<'version.proposed'> {
    const { parts, writer, path = 'triage.prompt.md' } = more;
    const by = writer === undefined ? {} : { writer };
    const revision = this.revise(who, text, prompt, by).id;
    const added = parts === undefined ? {} : { commit: null, parts };
    const refs = { digest: digestOf(text), revision, number, ...added };
    return this.add('version.proposed', who, refs, { path, note: 'why' }, { prompt, ...by });
  }

  decide(
    who: PersonId,
    version: EventOf<'version.proposed'>,
    decision: 'approved' | 'changes-requested' | 'rejected' = 'approved',
    more: {
      parents?: readonly EventId[];
      unattended?: boolean;
      at?: string;
      writer?: WriterId;
      envs?: readonly string[];
      meaning?: string;
      reason?: string;
    } = {},
  ): EventOf<'review.decided'> {
    const { envs, meaning = 'm', reason = null, ...how } = more;
    const refs = {
      version: version.id,
      digest: version.header.refs.digest,
      policy: this.policyDigest,
      decision,
      ...(envs === undefined ? {} : { envs }),
    };
    return this.add(
      'review.decided',
      who,
      refs,
      { meaning, reason },
      { prompt: version.header.prompt ?? triage, ...how },
    );
  }

  deploy(
    who: PersonId,
    version: EventOf<'version.proposed'>,
    env = 'production',
    more: {
      parents?: readonly EventId[];
      at?: string;
      writer?: WriterId;
      rollbackOf?: EventId;
      previous?: EventId;
      promotedFrom?: EventId;
      outcome?: 'succeeded' | 'failed';
      breakGlass?: boolean;
      note?: string;
    } = {},
  ): EventOf<'deployment.recorded'> {
    const { rollbackOf = null, previous = null, promotedFrom, note = null, ...rest } = more;
    const { outcome = 'succeeded', breakGlass = false, ...how } = rest;
    const isLinked = promotedFrom !== undefined;
    const refs = {
      version: version.id,
      digest: version.header.refs.digest,
      policy: this.policyDigest,
      env,
      outcome,
      breakGlass,
      previous,
      rollbackOf,
      ...(isLinked ? { promotedFrom } : {}),
    };
    return this.add(
      'deployment.recorded',
      who,
      refs,
      { note, reference: null, ...(isLinked ? { release: null, pipeline: null } : {}) },
      { prompt: version.header.prompt ?? triage, ...how },
    );
  }

  /** What the next event stands on, unless it says otherwise. */
  get heads(): readonly EventId[] {
    return this.#heads;
  }

  get policyDigest(): Digest {
    return this.state.policies.at(-1)!.event.header.refs.policy;
  }

  version(event: EventOf<'version.proposed'>): VersionRecord {
    return this.state.versions.get(event.id)!;
  }
}

/** What referenceFinding says of all events of a state. */
export function referenceFindings(state: LedgerState): readonly Finding[] {
  const all = Array.from({ length: state.size }, (_, at) =>
    referenceFinding(state, state.event(at + 1), at + 1),
  );
  return all.filter((found) => found !== null);
}
