import type { EventId, PersonId } from '../../src/core/ids.js';
import { digestOf } from '../../src/core/hash.js';
import {
  agents,
  authors,
  Company,
  compliance,
  joinedLater,
  pair,
  releasers,
  reviewers,
  secondId,
  twoFaced,
  type Proposed,
} from './company.js';

/** What must be found, by kind: ids of events, with a person's behind them where one event can have several rows. */
export type Planted = Readonly<Record<string, readonly string[]>>;

/** Three years of a company, and the list of what is wrong in them: written down as it was done, by no rule of the program. */
export interface PlantedCompany {
  readonly company: Company;
  readonly planted: Planted;
  /** Versions that wait at the end. */
  readonly waiting: readonly EventId[];
}

/** Prompts that nothing was ever approved of until something is planted there. */
const fresh = [56, 57, 58, 59];

export function plantedCompany(seed = 1): PlantedCompany {
  const company = new Company(seed).begin();
  const faults = new Faults(company);
  const plants = faults.all();
  const cycles = 840;
  const every = Math.floor(cycles / plants.length);
  for (let cycle = 0; cycle < cycles; cycle++) {
    company.wait({ hours: 10 + (cycle % 9) });
    company.shipped(cycle % 55);
    if (cycle === 400) company.adopt([reviewers[9]!]);
    if (cycle % every === every - 1) plants.shift()?.();
  }
  while (plants.length > 0) plants.shift()!();
  const waiting = [3, 11, 42].map((at) => {
    company.wait({ days: 1 });
    return company.written(at, company.pick(authors)).id;
  });
  return { company, planted: faults.planted, waiting };
}

class Faults {
  readonly planted: Record<string, string[]> = {};
  readonly #company: Company;
  /** A prompt for each plant, so that none disturbs another. */
  #next = 0;

  constructor(company: Company) {
    this.#company = company;
  }

  all(): (() => void)[] {
    return [
      () => this.#unapproved(),
      () => this.#somethingElse(),
      () => this.#retroactive(),
      () => this.#beside(),
      () => this.#expired(),
      () => this.#wrongRole(),
      () => this.#ownText(),
      () => this.#secondAddress(),
      () => this.#joinedLater(),
      () => this.#wrongDeployer(),
      () => this.#approverDeploys(),
      () => this.#authorDeploys(),
      () => this.#skippedStaging(),
      () => this.#breakGlass(),
      () => this.#fast(),
      () => this.#eachOther(),
      () => this.#rejected(),
      () => this.#denied(),
      () => this.#failed(),
      () => this.#agentAlone(),
      () => this.#agentsAlone(),
      () => this.#slowClock(),
      () => this.#keys(),
      () => this.#redactions(),
      () => this.#rollbacks(),
      () => this.#reviews(),
    ];
  }

  #found(kind: string, ...keys: readonly string[]): void {
    (this.planted[kind] ??= []).push(keys.join(' '));
  }

  #prompt(): number {
    return this.#next++ % 55;
  }

  #production(version: Proposed, who: PersonId = releasers[0], how = {}): EventId {
    return this.#company.deploy(who, version, 'production', how).id;
  }

  #staged(at: number, who: PersonId): Proposed {
    const version = this.#company.written(at, who);
    this.#company.wait({ hours: 1 });
    this.#company.deploy(releasers[1], version, 'staging');
    this.#company.wait({ hours: 1 });
    return version;
  }

  /** Nobody ever approved anything of the prompt. */
  #unapproved(): void {
    const version = this.#staged(fresh[0]!, authors[1]!);
    this.#found('deployments', this.#production(version));
  }

  /** The version before is approved, what is deployed is not. */
  #somethingElse(): void {
    const at = this.#prompt();
    this.#company.shipped(at);
    const event = this.#production(this.#staged(at, authors[2]!));
    this.#found('deployments', event);
    this.#found('approval-mismatch', event);
  }

  #retroactive(): void {
    const version = this.#staged(fresh[1]!, authors[3]!);
    this.#found('deployments', this.#production(version));
    this.#company.wait({ hours: 20 });
    this.#company.decide(reviewers[2]!, version);
  }

  /** Approval and deployment had not seen each other. */
  #beside(): void {
    const company = this.#company;
    const version = this.#staged(fresh[2]!, authors[4]!);
    const parents = company.chain.heads;
    company.decide(reviewers[3]!, version, 'approved', { parents });
    company.wait({ minutes: 30 });
    const event = this.#production(version, releasers[0], { parents });
    this.#found('deployments', event);
  }

  #expired(): void {
    const company = this.#company;
    const version = company.approved(this.#prompt());
    company.wait({ days: 91 });
    this.#found('deployments', this.#production(version));
  }

  #wrongRole(): void {
    const version = this.#staged(this.#prompt(), authors[8]!);
    const decision = this.#company.decide(authors[9]!, version);
    this.#company.wait({ hours: 1 });
    this.#found('approver-authority', decision.id);
    this.#found('deployments', this.#production(version));
  }

  /** Somebody who may review approves what they wrote themselves. */
  #ownText(): void {
    const version = this.#staged(this.#prompt(), authors[6]!);
    const decision = this.#company.decide(authors[6]!, version);
    this.#company.wait({ hours: 1 });
    const event = this.#production(version);
    this.#found('self-approval', decision.id);
    this.#found('deployments', event);
    this.#found('duties', event, authors[6]!);
  }

  /** The same under the address of their home. */
  #secondAddress(): void {
    const version = this.#staged(this.#prompt(), twoFaced);
    const decision = this.#company.decide(secondId, version);
    this.#company.wait({ hours: 1 });
    const event = this.#production(version);
    this.#found('self-approval', decision.id);
    this.#found('deployments', event);
    this.#found('duties', event, twoFaced);
  }

  /** It was allowed by what was known then; only later somebody says that the two are one. */
  #joinedLater(): void {
    const company = this.#company;
    const [author] = authors.slice(21) as [PersonId];
    const version = this.#staged(this.#prompt(), author);
    const decision = company.decide(joinedLater, version);
    company.wait({ hours: 1 });
    const event = this.#production(version);
    company.wait({ days: 3 });
    company.add('person.joined', compliance, { persons: [author, joinedLater].sort() }, {});
    this.#found('self-approval', decision.id);
    this.#found('duties', event, joinedLater < author ? joinedLater : author);
  }

  #wrongDeployer(): void {
    const version = this.#company.approved(this.#prompt(), authors[10]);
    this.#found('deployments', this.#production(version, reviewers[9]));
  }

  #approverDeploys(): void {
    const company = this.#company;
    const version = this.#staged(this.#prompt(), authors[11]!);
    company.decide(reviewers[1]!, version);
    company.wait({ hours: 1 });
    const event = this.#production(version, reviewers[1]);
    this.#found('deployments', event);
    this.#found('duties', event, reviewers[1]!);
  }

  #authorDeploys(): void {
    const event = this.#production(this.#company.approved(this.#prompt(), authors[7]), authors[7]);
    this.#found('deployments', event);
    this.#found('duties', event, authors[7]!);
  }

  #skippedStaging(): void {
    const company = this.#company;
    const version = company.written(this.#prompt(), authors[12]!);
    company.wait({ hours: 2 });
    company.decide(reviewers[4]!, version);
    company.wait({ hours: 2 });
    this.#found('deployments', this.#production(version));
  }

  /** One that somebody else reviews, and one that nobody does. */
  #breakGlass(): void {
    const company = this.#company;
    for (const isReviewed of [true, false]) {
      const version = company.written(isReviewed ? fresh[3]! : fresh[0]!, authors[13]!);
      company.wait({ minutes: 10 });
      const how = { isBreakGlass: true, note: 'Wrong doses' };
      const event = company.deploy(releasers[0], version, 'production', how);
      this.#found('break-glass', event.id);
      this.#found('deployments', event.id);
      company.wait({ hours: 5 });
      if (!isReviewed) continue;
      const refs = { deployment: event.id, outcome: 'accepted' } as const;
      const prompt = version.header.prompt!;
      company.add('deployment.reviewed', reviewers[5]!, refs, { findings: 'Right' }, { prompt });
    }
  }

  #fast(): void {
    const company = this.#company;
    const version = company.written(this.#prompt(), authors[14]!);
    company.wait({ minutes: 0.2 });
    this.#found('fast-approvals', company.decide(reviewers[6]!, version).id);
    company.wait({ hours: 1 });
    company.deploy(releasers[0], version, 'staging');
    company.wait({ hours: 1 });
    this.#production(version);
  }

  #eachOther(): void {
    const company = this.#company;
    for (let i = 0; i < 12; i++) {
      const [author, reviewer] = i % 2 === 0 ? pair : pair.toReversed();
      const version = company.written(this.#prompt(), author!);
      company.wait({ hours: 4 });
      company.decide(reviewer!, version);
    }
    this.#found('reciprocal', ...pair.toSorted());
  }

  /** The very text is proposed again elsewhere, approved there and deployed. */
  #rejected(): void {
    const company = this.#company;
    const text = 'Just say what the patient wants to hear.';
    const version = company.propose(this.#prompt(), authors[15]!, text);
    company.wait({ hours: 1 });
    const rejection = company.decide(reviewers[7]!, version, 'rejected');
    company.wait({ days: 2 });
    const again = company.propose(this.#prompt(), authors[16]!, text);
    company.wait({ hours: 4 });
    company.decide(reviewers[2]!, again);
    company.wait({ hours: 1 });
    const staged = company.deploy(releasers[0], again, 'staging');
    company.wait({ hours: 1 });
    const event = this.#production(again);
    this.#found('rejected', rejection.id, staged.id);
    this.#found('rejected', rejection.id, event);
    // One that was rejected and never seen again is no exception.
    company.decide(reviewers[7]!, company.written(this.#prompt(), authors[15]!), 'rejected');
  }

  #denied(): void {
    const company = this.#company;
    for (const attempted of ['deployment.recorded', 'review.decided'] as const) {
      const version = company.written(this.#prompt(), authors[17]!);
      const isDeployment = attempted === 'deployment.recorded';
      const refs = {
        attempted,
        version: version.id,
        policy: company.chain.policyDigest,
        env: isDeployment ? 'production' : null,
        decision: isDeployment ? null : ('approved' as const),
      };
      const code = isDeployment ? 'approval.missing' : 'approver.contributed';
      const body = { reasons: [{ code, events: [] }] };
      const prompt = version.header.prompt!;
      const event = company.add('attempt.denied', authors[17]!, refs, body, { prompt });
      this.#found('denied', event.id);
    }
  }

  #failed(): void {
    const version = this.#company.approved(this.#prompt());
    this.#found('failed', this.#production(version, releasers[0], { outcome: 'failed' }));
    this.#company.wait({ hours: 1 });
    this.#production(version);
  }

  #agentAlone(): void {
    const company = this.#company;
    this.#found('agent-only', company.written(this.#prompt(), agents[0]).id);
    // One that a human approved, and one that a human wrote a part of, are none.
    const approved = company.written(this.#prompt(), agents[0]);
    company.wait({ hours: 2 });
    company.decide(reviewers[3]!, approved);
    const at = this.#prompt();
    company.revise(at, authors[18]!);
    company.wait({ hours: 2 });
    company.propose(at, agents[0]);
  }

  #agentsAlone(): void {
    const company = this.#company;
    const version = company.written(this.#prompt(), agents[0]);
    company.wait({ hours: 2 });
    this.#found('agent-only', version.id);
    this.#found('approver-authority', company.decide(agents[1], version).id);
  }

  #slowClock(): void {
    const [first, version] = [this.#prompt(), this.#prompt()].map((at) =>
      this.#company.approved(at),
    );
    const behind = 2 * 24 * 60 * 60_000;
    // By somebody who may not, so that the order of exceptions can be seen.
    this.#found('deployments', this.#production(first!, reviewers[9]));
    this.#company.wait({ hours: 1 });
    const event = this.#production(version!, reviewers[8], { behind });
    this.#found('clocks', event);
    this.#found('deployments', event);
    this.#company.wait({ hours: 1 });
  }

  /** The bytes of these signatures are none. */
  #keys(): void {
    const company = this.#company;
    const at = this.#prompt();
    const version = company.written(at, authors[19]!);
    company.wait({ hours: 2 });
    const decision = company.decide(reviewers[4]!, version);
    company.wait({ hours: 1 });
    const { event } = company.shipped(this.#prompt());
    for (const signed of [decision, event]) {
      const refs = { event: signed.id, signature: digestOf(`not a signature of ${signed.id}`) };
      const attached = company.add('signature.attached', signed.header.who, refs, {});
      this.#found('keys', attached.id);
    }
    this.#found('approver-authority', decision.id);
  }

  #redactions(): void {
    const company = this.#company;
    for (const who of [compliance, authors[20]!]) {
      const target = company.revise(this.#prompt(), authors[20]!);
      company.wait({ hours: 1 });
      const body = { reason: 'A key leaked' };
      this.#found('redactions', company.add('redacted', who, { target }, body).id);
    }
  }

  /** One to a version that may go back, one to a version whose approval has expired since. */
  #rollbacks(): void {
    const company = this.#company;
    for (const days of [1, 120]) {
      const at = this.#prompt();
      const good = company.shipped(at);
      company.wait({ days });
      const bad = company.shipped(at);
      company.wait({ hours: 6 });
      const how = { rollbackOf: bad.event.id, note: 'Worse than before' };
      const event = this.#production(good.version, releasers[1], how);
      this.#found('rollbacks', event);
      if (days > 90) this.#found('deployments', event);
    }
  }

  #reviews(): void {
    const body = { scope: 'second quarter', findings: 'none', disposition: 'Nothing to do' };
    this.#found('reviews', this.#company.add('trail.reviewed', compliance, {}, body).id);
  }
}
