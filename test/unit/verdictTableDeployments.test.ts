import assert from 'node:assert/strict';
import { explanationOf } from '../../src/core/explain.js';
import type { EventOf } from '../../src/core/event.js';
import type { EventId, PersonId } from '../../src/core/ids.js';
import { referenceFindings, ana, fakeId, ravi, triage } from '../tools/eventChain.js';
import type { EventChain } from '../tools/eventChain.js';
import { codesOf, max, policyOf, quinn, replay, teamChain } from '../tools/verdictCase.js';

type Deployed = EventOf<'deployment.recorded'>;
type Version = EventOf<'version.proposed'>;

/** One deployment to production, and why it was refused: empty where it was allowed. */
interface Case {
  readonly key: string;
  readonly does: string;
  readonly policy: string;
  readonly codes: readonly string[];
  readonly build: (chain: EventChain) => Deployed;
}

const other = fakeId(0x72);
const roles = {
  release: ['quinn@clinic.example'],
  'on-call': ['max@clinic.example'],
};
const env = (production: object, more: object = {}): string =>
  policyOf({}, { roles, environments: { development: {}, staging: {}, production, ...more } });
const afterStaging = env({ after: 'staging' });

/** Ana's version, which Ravi approved. */
function approved(chain: EventChain, text = 'one', number = 1, prompt = triage): Version {
  const version = chain.propose(ana, text, number, prompt);
  chain.decide(ravi, version);
  return version;
}

const register = (chain: EventChain, prompt: typeof triage, path: string): EventId =>
  chain.add('prompt.registered', ana, {}, { path, format: 'markdown' }, { prompt }).id;

const retire = (chain: EventChain, more: { parents?: readonly EventId[] } = {}): EventId =>
  chain.add('prompt.retired', ana, {}, { reason: 'no more' }, { prompt: triage, ...more }).id;

const cases: readonly Case[] = [
  {
    key: 'after',
    does: 'lets in what was deployed there before',
    policy: afterStaging,
    codes: [],
    build(chain) {
      const v1 = approved(chain);
      const promotedFrom = chain.deploy(quinn, v1, 'staging').id;
      return chain.deploy(quinn, v1, 'production', { promotedFrom });
    },
  },
  {
    key: 'after',
    does: 'asks for a fact, not for a claim: without naming it is the same',
    policy: afterStaging,
    codes: [],
    build(chain) {
      const v1 = approved(chain);
      chain.deploy(quinn, v1, 'staging');
      return chain.deploy(quinn, v1);
    },
  },
  {
    key: 'after',
    does: 'refuses what was never there',
    policy: afterStaging,
    codes: ['deployment.notPromoted'],
    build: (chain) => chain.deploy(quinn, approved(chain)),
  },
  {
    key: 'after',
    does: 'refuses what was in another environment only',
    policy: afterStaging,
    codes: ['deployment.notPromoted'],
    build(chain) {
      const v1 = approved(chain);
      const promotedFrom = chain.deploy(quinn, v1, 'development').id;
      return chain.deploy(quinn, v1, 'production', { promotedFrom });
    },
  },
  {
    key: 'after',
    does: 'refuses what failed there',
    policy: afterStaging,
    codes: ['deployment.notPromoted'],
    build(chain) {
      const v1 = approved(chain);
      chain.deploy(quinn, v1, 'staging', { outcome: 'failed' });
      return chain.deploy(quinn, v1);
    },
  },
  {
    key: 'after',
    does: 'refuses an older version that never was there although a newer one was',
    policy: afterStaging,
    codes: ['deployment.notPromoted'],
    build(chain) {
      const v1 = approved(chain);
      chain.deploy(quinn, approved(chain, 'two', 2), 'staging');
      return chain.deploy(quinn, v1);
    },
  },
  {
    key: 'after',
    does: 'takes another version with the same bytes for the same',
    policy: afterStaging,
    codes: [],
    build(chain) {
      chain.deploy(quinn, approved(chain), 'staging');
      approved(chain, 'two', 2);
      return chain.deploy(quinn, approved(chain, 'one', 3));
    },
  },
  {
    key: 'after',
    does: 'does not take the same bytes of another prompt',
    policy: afterStaging,
    codes: ['deployment.notPromoted'],
    build(chain) {
      register(chain, other, 'copy.prompt.md');
      chain.deploy(quinn, approved(chain, 'one', 1, other), 'staging');
      return chain.deploy(quinn, approved(chain));
    },
  },
  {
    key: 'after',
    does: 'follows a prompt that was renamed meanwhile',
    policy: afterStaging,
    codes: [],
    build(chain) {
      const v1 = approved(chain);
      chain.deploy(quinn, v1, 'staging');
      const moved = { from: 'triage.prompt.md', to: 'intake.prompt.md' };
      chain.add('prompt.moved', ana, {}, moved, { prompt: triage });
      return chain.deploy(quinn, v1);
    },
  },
  {
    key: 'after',
    does: 'counts only what the deployer had seen',
    policy: afterStaging,
    codes: ['deployment.notPromoted'],
    build(chain) {
      const v1 = approved(chain);
      const parents = [...chain.heads];
      chain.deploy(quinn, v1, 'staging', { writer: fakeId(7) });
      return chain.deploy(quinn, v1, 'production', { parents, writer: fakeId(8) });
    },
  },
  {
    key: 'after',
    does: 'counts what was ended since',
    policy: afterStaging,
    codes: [],
    build(chain) {
      const v1 = approved(chain);
      const deployment = chain.deploy(quinn, v1, 'staging').id;
      chain.add('deployment.ended', quinn, { deployment }, { reason: 'r' }, { prompt: triage });
      return chain.deploy(quinn, v1);
    },
  },
  {
    key: 'after',
    does: 'does not ask again for a rollback to what was here',
    policy: afterStaging,
    codes: [],
    build(chain) {
      chain.adopt(env({}));
      const v1 = approved(chain);
      const first = chain.deploy(quinn, v1);
      chain.adopt(afterStaging);
      return chain.deploy(quinn, v1, 'production', { rollbackOf: first.id });
    },
  },
  {
    key: 'after',
    does: 'asks for a rollback to what never was here',
    policy: afterStaging,
    codes: ['deployment.notPromoted'],
    build(chain) {
      const v1 = approved(chain);
      const v2 = approved(chain, 'two', 2);
      chain.deploy(quinn, v2, 'staging');
      const active = chain.deploy(quinn, v2);
      return chain.deploy(quinn, v1, 'production', { rollbackOf: active.id });
    },
  },
  {
    key: 'after',
    does: 'asks again for a deployment of what was here, which is no rollback',
    policy: afterStaging,
    codes: ['deployment.notPromoted'],
    build(chain) {
      chain.adopt(env({}));
      const v1 = approved(chain);
      chain.deploy(quinn, v1);
      chain.adopt(afterStaging);
      return chain.deploy(quinn, v1);
    },
  },
  {
    key: 'after',
    does: 'does not take a tag of git, which anybody can set',
    policy: afterStaging,
    codes: ['deployment.notPromoted'],
    build(chain) {
      const v1 = approved(chain);
      imported(chain, v1, 'staging');
      return chain.deploy(quinn, v1);
    },
  },
  {
    key: 'promotedFrom',
    does: 'may name one where the policy does not ask',
    policy: env({}),
    codes: [],
    build(chain) {
      const v1 = approved(chain);
      const promotedFrom = chain.deploy(quinn, v1, 'staging').id;
      return chain.deploy(quinn, v1, 'production', { promotedFrom });
    },
  },
  {
    key: 'promotedFrom',
    does: 'must not be one that its author had not seen',
    policy: afterStaging,
    codes: ['promotion.unfounded'],
    build(chain) {
      const v1 = approved(chain);
      chain.deploy(quinn, v1, 'staging');
      const parents = [...chain.heads];
      const promotedFrom = chain.deploy(quinn, v1, 'staging', { writer: fakeId(7) }).id;
      return chain.deploy(quinn, v1, 'production', { parents, promotedFrom, writer: fakeId(8) });
    },
  },
  {
    key: 'promotedFrom',
    does: 'must not be of other bytes',
    policy: env({}),
    codes: ['promotion.unfounded'],
    build(chain) {
      const promotedFrom = chain.deploy(quinn, approved(chain), 'staging').id;
      return chain.deploy(quinn, approved(chain, 'two', 2), 'production', { promotedFrom });
    },
  },
  {
    key: 'promotedFrom',
    does: 'must not be to the same environment',
    policy: env({}),
    codes: ['promotion.unfounded'],
    build(chain) {
      const v1 = approved(chain);
      const promotedFrom = chain.deploy(quinn, v1).id;
      return chain.deploy(quinn, v1, 'production', { promotedFrom });
    },
  },
  {
    key: 'promotedFrom',
    does: 'must not be one that failed',
    policy: env({}),
    codes: ['promotion.unfounded'],
    build(chain) {
      const v1 = approved(chain);
      const promotedFrom = chain.deploy(quinn, v1, 'staging', { outcome: 'failed' }).id;
      return chain.deploy(quinn, v1, 'production', { promotedFrom });
    },
  },
  {
    key: 'retired',
    does: 'refuses what comes after it',
    policy: env({}),
    codes: ['prompt.retired'],
    build(chain) {
      const v1 = approved(chain);
      retire(chain);
      return chain.deploy(quinn, v1);
    },
  },
  {
    key: 'retired',
    does: 'says nothing of what had not seen it',
    policy: env({}),
    codes: [],
    build(chain) {
      const v1 = approved(chain);
      const parents = [...chain.heads];
      const deployed = chain.deploy(quinn, v1, 'production', { parents, writer: fakeId(7) });
      retire(chain, { parents });
      return deployed;
    },
  },
  {
    key: 'retired',
    does: 'refuses it by break-glass, too',
    policy: env({ breakGlass: true }),
    codes: ['prompt.retired'],
    build(chain) {
      const v1 = approved(chain);
      retire(chain);
      return chain.deploy(quinn, v1, 'production', { breakGlass: true });
    },
  },
  ...breakGlassCases(),
];

function breakGlassCases(): readonly Case[] {
  const glass = (by: PersonId) => (chain: EventChain) =>
    chain.deploy(by, chain.propose(ana, 'one'), 'production', { breakGlass: true });
  const limited = { deployers: ['release'], breakGlass: { roles: ['on-call'] } };
  return [
    {
      key: 'breakGlass',
      does: 'says besides what is missing that nobody may use it',
      policy: env({}),
      codes: ['approval.missing', 'breakGlass.off'],
      build: glass(quinn),
    },
    {
      key: 'breakGlass',
      does: 'says only what is missing where it is permitted',
      policy: env({ breakGlass: true }),
      codes: ['approval.missing'],
      build: glass(max),
    },
    {
      key: 'breakGlass',
      does: 'is for deployers where it is true',
      policy: env({ deployers: ['release'], breakGlass: true }),
      codes: ['approval.missing', 'breakGlass.role', 'deployer.role'],
      build: glass(max),
    },
    {
      key: 'breakGlass',
      does: 'is for its own roles, and for them only',
      policy: env(limited),
      codes: ['approval.missing', 'breakGlass.role'],
      build: glass(quinn),
    },
    {
      key: 'breakGlass',
      does: 'lets its own roles deploy who else may not',
      policy: env(limited),
      codes: ['approval.missing', 'deployer.role'],
      build: glass(max),
    },
    {
      key: 'breakGlass',
      does: 'skips a promotion',
      policy: env({ after: 'staging', breakGlass: true }),
      codes: ['approval.missing', 'deployment.notPromoted'],
      build: glass(quinn),
    },
  ];
}

function imported(chain: EventChain, version: Version, to: string): void {
  const refs = {
    version: version.id,
    digest: version.header.refs.digest,
    policy: chain.policyDigest,
    env: to,
    outcome: 'succeeded' as const,
    breakGlass: false,
    previous: null,
    rollbackOf: null,
    commit: 'c'.repeat(40),
    claimedAt: '2026-01-01T00:00:00.000Z',
  };
  const body = { note: null, reference: null };
  chain.add('deployment.recorded', ana, refs, body, { prompt: triage });
}

/** Findings of a break-glass deployment are about who may use it; of all others about the verdict. */
const found: ReadonlySet<string> = new Set(['breakGlass.off', 'breakGlass.role', 'prompt.retired']);

describe('a verdict on the way of a deployment', () => {
  for (const { key, does, policy, codes, build } of cases)
    it(`${key}: ${does}`, () => {
      const chain = teamChain(policy);
      const deployed = build(chain);
      const verdict = replay(chain, deployed);
      assert.deepEqual(codesOf(verdict), codes);
      assert.equal(verdict.allowed, codes.length === 0);
      const { state } = chain;
      const seq = state.seqOf(deployed.id)!;
      const explained = explanationOf(state, state.size, seq);
      assert.equal(explained.allowed, verdict.allowed);
      assert.ok(explained.steps.some(({ check }) => check === 'the prompt is not retired'));
      const { breakGlass } = deployed.header.refs;
      const wrong = breakGlass ? codes.some((code) => found.has(code)) : codes.length > 0;
      const findings = referenceFindings(state).filter((one) => one.event === deployed.id);
      assert.equal(findings.length > 0, wrong, JSON.stringify(findings));
    });

  it('stays as it was when the policy changes', () => {
    const chain = teamChain(env({}));
    const deployed = chain.deploy(quinn, approved(chain));
    chain.adopt(afterStaging);
    assert.deepEqual(codesOf(replay(chain, deployed)), []);
  });

  it('names the deployment that was promoted as its proof, and the environment that is asked', () => {
    const chain = teamChain(afterStaging);
    const v1 = approved(chain);
    const first = chain.deploy(quinn, v1, 'staging');
    const { state } = chain;
    const deployed = chain.deploy(quinn, v1);
    const { steps } = explanationOf(state, state.size, state.seqOf(deployed.id)!);
    const step = steps.find(({ check }) => check.startsWith('it was deployed with success'));
    assert.deepEqual([step?.outcome, step?.wanted], ['pass', 'staging']);
    assert.deepEqual(step?.events, [first.id]);
  });
});
