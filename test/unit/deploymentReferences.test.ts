import assert from 'node:assert/strict';
import type { EventOf } from '../../src/core/event.js';
import type { EventId } from '../../src/core/ids.js';
import {
  ana,
  EventChain,
  fakeId,
  ravi,
  referenceFindings,
  rosa,
  triage,
} from '../tools/eventChain.js';

type Version = EventOf<'version.proposed'>;

/** Promotions, reviews and refusals that name a deployment (docs/LEDGER.md, "Types of version 4"). */
describe('references to deployments', () => {
  let chain: EventChain;
  let v1: Version;
  beforeEach(() => {
    chain = new EventChain().begin();
    v1 = chain.propose(ana, 'one');
    chain.decide(ravi, v1);
  });

  const deployed = (
    env: string,
    more: {
      version?: Version;
      from?: EventId;
      outcome?: 'failed';
      breakGlass?: boolean;
      parents?: readonly EventId[];
    } = {},
  ): EventId => {
    const { version = v1, from, outcome = 'succeeded', breakGlass = false, parents } = more;
    const { digest } = version.header.refs;
    const policy = chain.policyDigest;
    const isFourth = from !== undefined;
    return chain.add(
      'deployment.recorded',
      rosa,
      {
        ...{ version: version.id, digest, policy, env, outcome, breakGlass },
        ...{ previous: null, rollbackOf: null },
        ...(isFourth ? { promotedFrom: from } : {}),
      },
      {
        ...{ note: breakGlass ? 'urgent' : null, reference: null },
        ...(isFourth ? { release: null, pipeline: null } : {}),
      },
      { prompt: triage, ...(parents === undefined ? {} : { parents }) },
    ).id;
  };
  const wrong = (): readonly number[] =>
    referenceFindings(chain.state).flatMap(({ code, seq }) =>
      code === 'reference.wrong' && seq !== null ? [seq] : [],
    );

  it('are in order for a promotion, its review, and refusals', () => {
    const staging = deployed('staging');
    const production = deployed('production', { from: staging });
    const refs = { deployment: production, outcome: 'accepted' } as const;
    chain.add('deployment.reviewed', ravi, refs, { findings: '' }, { prompt: triage });
    denied(production);
    assert.deepEqual(wrong(), []);
  });

  it('of a promotion want a successful deployment of the same bytes elsewhere, before it', () => {
    const heads = [v1.id];
    const unseen = deployed('staging');
    const size = chain.state.size;
    // Whether the rules were broken by break-glass makes no difference.
    deployed('production', { from: unseen, parents: heads, breakGlass: true });
    const failed = deployed('staging', { outcome: 'failed' });
    deployed('production', { from: failed, breakGlass: true });
    const same = deployed('production');
    deployed('production', { from: same });
    const v2 = chain.propose(ana, 'two', 2);
    deployed('production', { version: v2, from: unseen, breakGlass: true });
    deployed('production', { from: v1.id });
    deployed('production', { from: 'f'.repeat(64) as EventId });
    assert.deepEqual(
      wrong(),
      [1, 3, 5, 8, 9, 10].map((n) => size + n),
    );
  });

  it('of a review or a refusal want a deployment of the same prompt', () => {
    const staging = deployed('staging');
    const size = chain.state.size;
    const review = (deployment: EventId, prompt = triage): void => {
      const refs = { deployment, outcome: 'objected' } as const;
      chain.add('deployment.reviewed', ravi, refs, { findings: '' }, { prompt });
    };
    review(v1.id);
    review('f'.repeat(64) as EventId);
    denied(v1.id);
    const other = fakeId(0x72);
    const registered = { path: 'other.prompt.md', format: 'vscode-prompt' };
    chain.add('prompt.registered', ana, {}, registered, { prompt: other });
    review(staging, other);
    assert.deepEqual(
      wrong(),
      [1, 2, 3, 5].map((n) => size + n),
    );
  });

  function denied(deployment: EventId): void {
    const policy = chain.policyDigest;
    chain.add(
      'attempt.denied',
      rosa,
      {
        ...{ attempted: 'deployment.ended', version: v1.id, policy, env: 'production' },
        ...{ decision: null, deployment },
      },
      { reasons: [] },
      { prompt: triage },
    );
  }
});
