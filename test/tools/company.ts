import type { EventOf, EventShapes, EventType } from '../../src/core/event.js';
import { digestOf } from '../../src/core/hash.js';
import type { EventId, PersonId, PromptId } from '../../src/core/ids.js';
import { EventChain, fakeId } from './eventChain.js';
import { seeded } from './seeded.js';

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

export type Proposed = EventOf<'version.proposed'>;
export type Deployed = EventOf<'deployment.recorded'>;

/** How an event of the company is added. */
export interface How {
  readonly prompt?: PromptId;
  /** Its clone has seen only its own events: whatever others recorded since is beside it. */
  readonly isApart?: boolean;
  /** Of the heads by which the chain goes on; default: all. */
  readonly parents?: readonly EventId[];
  /** How far the clock of this clone is behind, milliseconds. */
  readonly behind?: number;
  readonly isUnattended?: boolean;
}

/** Ids of people: 22 who write, 2 who write and review, 10 who review, 3 who release, 1 of compliance, 2 programs. */
export const people = Array.from({ length: 40 }, (_, i) => fakeId(0xa00 + i) as PersonId);
export const authors = people.slice(0, 22);
export const pair = people.slice(22, 24) as [PersonId, PersonId];
export const reviewers = people.slice(24, 34);
export const releasers = people.slice(34, 37) as [PersonId, PersonId, PersonId];
export const compliance = people[37]!;
export const agents = people.slice(38) as [PersonId, PersonId];
/** The second id of an author, under the address of their home. */
export const secondId = fakeId(0xaff) as PersonId;
/** An id of which it is only later said that it is one of the last author. */
export const joinedLater: PersonId = fakeId(0xafe);
export const twoFaced = authors[5]!;

const emailOf = (id: PersonId): string => `person${people.indexOf(id)}@company.example`;

function policyOf(besides: readonly PersonId[]): string {
  const reviewer = [...reviewers.filter((id) => !besides.includes(id)), ...pair].map(emailOf);
  return JSON.stringify({
    version: 1,
    people: {
      twoFaced: { emails: [emailOf(twoFaced), 'five@home.example'] },
      bot: { emails: [emailOf(agents[0])], kind: 'agent' },
    },
    roles: {
      reviewer: [
        ...reviewer,
        'twoFaced',
        emailOf(authors[6]!),
        'double@company.example',
        'noreply@anthropic.com',
      ],
      release: [...releasers.map(emailOf), emailOf(authors[7]!), emailOf(reviewers[1]!)],
      compliance: [emailOf(compliance)],
    },
    approvals: { required: 1, roles: ['reviewer'], contributors: false, expires: '90d' },
    redaction: { roles: ['compliance'] },
    environments: {
      staging: { approvals: { required: 0 } },
      production: {
        after: 'staging',
        deployers: ['release'],
        approverMayDeploy: false,
        contributorMayDeploy: false,
        breakGlass: { roles: ['release'], review: '24h', reviewers: ['reviewer'] },
      },
    },
  });
}

/**
 * A company that works on its prompts as it should, on one chain of real events: every person in a clone of their own, some of
 * them offline now and then. The same events each time. What goes wrong is planted by companyFaults.ts.
 */
export class Company {
  readonly chain = new EventChain();
  readonly prompts = Array.from({ length: 60 }, (_, i) => ({
    id: fakeId(0xb00 + i),
    path: `prompts/area-${i % 7}/prompt-${i}.prompt.md`,
    versions: 0,
  }));
  readonly #random: () => number;
  readonly #last = new Map<string, EventId>();
  readonly #active = new Map<string, EventId>();
  #now = Date.parse('2023-01-02T08:00:00.000Z');
  #texts = 0;

  constructor(seed = 1) {
    this.#random = seeded(seed);
  }

  get now(): string {
    return new Date(this.#now).toISOString();
  }

  /** Lets time go by. */
  wait(input: { minutes?: number; hours?: number; days?: number }): void {
    const { minutes = 0, hours = 0, days = 0 } = input;
    this.#now += minutes * minute + hours * hour + days * day;
  }

  pick<T>(all: readonly T[]): T {
    return all[Math.floor(this.#random() * all.length)]!;
  }

  chance(part: number): boolean {
    return this.#random() < part;
  }

  begin(): this {
    this.add('ledger.created', compliance, {}, {});
    people.forEach((id, i) => {
      const name = id === agents[1] ? 'Claude' : `Person ${i}`;
      const email = id === agents[1] ? 'noreply@anthropic.com' : emailOf(id);
      this.add('person.declared', id, { person: id }, { name, email });
    });
    const body = { name: 'Five', email: 'five@home.example' };
    this.add('person.declared', secondId, { person: secondId }, body);
    const double = { name: 'Double', email: 'double@company.example' };
    this.add('person.declared', joinedLater, { person: joinedLater }, double);
    this.adopt();
    for (const { id, path } of this.prompts) {
      this.wait({ minutes: 2 });
      const who = this.pick(authors);
      this.add('prompt.registered', who, {}, { path, format: 'vscode-prompt' }, { prompt: id });
    }
    return this;
  }

  /** Adopts the policy; some reviewers may have left. */
  adopt(besides: readonly PersonId[] = []): void {
    const policy = policyOf(besides);
    const files = { policy, allowedSigners: null, mailmap: null, codeowners: null };
    const body = { ...files, source: 'protected-branch', commit: 'c'.repeat(40) } as const;
    this.add('policy.adopted', compliance, { policy: digestOf(policy) }, body);
  }

  add<T extends EventType>(
    type: T,
    who: PersonId,
    refs: EventShapes[T]['refs'],
    body: EventShapes[T]['body'],
    how: How = {},
  ): EventOf<T> {
    const { prompt, isApart = false, behind = 0, isUnattended = false } = how;
    const writer = fakeId(0xc00 + Number.parseInt(who, 16));
    const own = this.#last.get(writer);
    const parents = how.parents ?? (isApart && own !== undefined ? [own] : undefined);
    const event = this.chain.add(type, who, refs, body, {
      writer,
      at: new Date(this.#now - behind).toISOString(),
      unattended: isUnattended,
      ...(prompt === undefined ? {} : { prompt }),
      ...(parents === undefined ? {} : { parents }),
    });
    this.#last.set(writer, event.id);
    return event;
  }

  revise(at: number, who: PersonId, text = `text ${this.#texts++}`, how: How = {}): EventId {
    const { id, path } = this.prompts[at]!;
    const body = { path, size: text.length, source: 'editor' as const };
    const refs = { digest: digestOf(text) };
    return this.add('revision.saved', who, refs, body, { prompt: id, ...how }).id;
  }

  propose(at: number, who: PersonId, text = `text ${this.#texts++}`): Proposed {
    const prompt = this.prompts[at]!;
    const revision = this.revise(at, who, text);
    this.wait({ minutes: 5 });
    const refs = { digest: digestOf(text), revision, number: ++prompt.versions };
    const body = { path: prompt.path, note: `Change ${prompt.versions}` };
    return this.add('version.proposed', who, refs, body, { prompt: prompt.id });
  }

  decide(
    who: PersonId,
    version: Proposed,
    decision: 'approved' | 'rejected' | 'changes-requested' = 'approved',
    how: How = {},
  ): EventOf<'review.decided'> {
    const refs = {
      version: version.id,
      digest: version.header.refs.digest,
      policy: this.chain.policyDigest,
      decision,
    };
    const reason = decision === 'approved' ? null : 'Not like this';
    const prompt = version.header.prompt!;
    return this.add('review.decided', who, refs, { meaning: 'Read', reason }, { prompt, ...how });
  }

  deploy(
    who: PersonId,
    version: Proposed,
    env: 'staging' | 'production',
    how: How & {
      readonly outcome?: 'failed';
      readonly isBreakGlass?: boolean;
      readonly rollbackOf?: EventId;
      readonly note?: string;
    } = {},
  ): Deployed {
    const {
      outcome = 'succeeded' as const,
      isBreakGlass = false,
      rollbackOf = null,
      note = null,
    } = how;
    const prompt = version.header.prompt!;
    const place = `${prompt} ${env}`;
    const refs = {
      version: version.id,
      digest: version.header.refs.digest,
      policy: this.chain.policyDigest,
      env,
      outcome,
      breakGlass: isBreakGlass,
      previous: this.#active.get(place) ?? null,
      rollbackOf,
    };
    const body = { note, reference: null };
    const event = this.add('deployment.recorded', who, refs, body, { prompt, ...how });
    if (outcome === 'succeeded') this.#active.set(place, event.id);
    return event;
  }

  /** Drafts and a proposal. */
  written(at: number, who: PersonId): Proposed {
    for (let drafts = this.chance(0.5) ? 2 : 1; drafts > 0; drafts--) {
      this.wait({ minutes: 40 });
      this.revise(at, who, undefined, { isApart: this.chance(0.3) });
    }
    this.wait({ hours: 1 });
    return this.propose(at, who);
  }

  /** A version as it should be, approved and in staging. */
  approved(at: number, who: PersonId = this.pick(authors)): Proposed {
    const version = this.written(at, who);
    this.wait({ hours: 3 });
    if (this.chance(0.1)) {
      this.decide(this.pick(reviewers.slice(0, 8)), version, 'changes-requested');
      this.wait({ hours: 5 });
      return this.approved(at, who);
    }
    this.decide(this.pick(reviewers.slice(2, 8)), version);
    this.wait({ hours: 2 });
    this.deploy(this.pick(releasers), version, 'staging');
    this.wait({ hours: 1 });
    return version;
  }

  /** The whole of it. */
  shipped(at: number, who?: PersonId): { readonly version: Proposed; readonly event: Deployed } {
    const version = this.approved(at, who);
    return { version, event: this.deploy(this.pick(releasers), version, 'production') };
  }
}
