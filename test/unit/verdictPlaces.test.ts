import assert from 'node:assert/strict';
import type { PersonId } from '../../src/core/ids.js';
import type { EventChain } from '../tools/eventChain.js';
import { ana, ravi, rosa, triage } from '../tools/eventChain.js';
import { codesOf, max, policyOf, quinn, replay, teamChain } from '../tools/verdictCase.js';

const strictPath = 'strict/triage.prompt.md';
const laxPath = 'lax/triage.prompt.md';
const roles = { safety: ['rosa@clinic.example'] };
const rules = (more: object = {}): string =>
  policyOf(
    {},
    {
      roles,
      rules: [{ name: 's', paths: ['strict/**'], approvals: { roles: ['safety'] }, ...more }],
    },
  );
const owners = { codeowners: '/strict/ rosa@clinic.example\n/lax/ max@clinic.example\n' };

/** Versions one after the other: where each was proposed, and who approved it. */
function verdictOf(
  policy: string,
  versions: readonly (readonly [path: string, ...approvers: PersonId[]])[],
  files: { codeowners?: string } = {},
): readonly string[] {
  const chain: EventChain = teamChain(policy, files);
  const proposed = versions.map(([path, ...approvers], at) => {
    const version = chain.propose(ana, `text ${at}`, at + 1, triage, { path });
    for (const who of approvers) chain.decide(who, version);
    return version;
  });
  const deployed = chain.deploy(quinn, proposed.at(-1)!, 'production');
  return codesOf(replay(chain, deployed));
}

const strictly = [strictPath, ravi, rosa] as const;
const denied = (codes: readonly string[]): void => assert.ok(codes.includes('approval.missing'));

describe('rules by path, and where approved versions were', () => {
  for (const [name, more] of [
    ['everywhere', {}],
    ['for an environment', { environments: ['production'] }],
    ['for a kind of change', { changes: ['text'] }],
  ] as const) {
    it(`are left behind only by their own approvals (${name})`, () => {
      const policy = rules(more);
      assert.deepEqual(verdictOf(policy, [strictly]), []);
      denied(verdictOf(policy, [strictly, [laxPath, ravi]]));
      // Nobody leaves in two steps either.
      denied(verdictOf(policy, [strictly, [laxPath, ravi], [laxPath, ravi]]));
      assert.deepEqual(verdictOf(policy, [strictly, [laxPath, ravi, rosa]]), []);
      const left = [strictly, [laxPath, ravi, rosa], [laxPath, ravi]] as const;
      assert.deepEqual(
        verdictOf(policy, left).filter((code) => code !== 'approval.otherVersion'),
        [],
      );
    });
  }

  it('ask nothing because of what nobody approved there', () => {
    assert.deepEqual(verdictOf(rules(), [[laxPath, ravi], [strictPath], [laxPath, ravi]]), []);
  });

  it('stay where the text that says so was redacted', () => {
    const chain = teamChain(rules());
    const v1 = chain.propose(ana, 'one', 1, triage, { path: strictPath });
    chain.decide(rosa, v1);
    const body = { from: strictPath, to: laxPath };
    chain.add('prompt.moved', ana, {}, body, { prompt: triage });
    const v2 = chain.propose(ana, 'two', 2, triage, { path: laxPath });
    chain.decide(ravi, v2);
    denied(codesOf(replay(chain, chain.deploy(quinn, v2, 'production'), [v1.id])));
    // One that never moved was nowhere else.
    const lax = teamChain(rules());
    const [first, second] = [1, 2].map((number) => {
      const version = lax.propose(ana, `text ${number}`, number, triage, { path: laxPath });
      lax.decide(ravi, version);
      return version;
    });
    assert.deepEqual(
      codesOf(replay(lax, lax.deploy(quinn, second!, 'production'), [first!.id])),
      [],
    );
  });

  it('are the same for owners of a path', () => {
    const policy = policyOf({ codeowners: true });
    assert.deepEqual(verdictOf(policy, [[strictPath, rosa]], owners), []);
    assert.deepEqual(verdictOf(policy, [[laxPath, max]], owners), []);
    for (const steps of [1, 2, 3]) {
      const more = Array.from({ length: steps }, () => [laxPath, max] as const);
      denied(verdictOf(policy, [[strictPath, rosa], ...more], owners));
    }
  });

  it('are found out for many versions without going deep', () => {
    const many = Array.from({ length: 150 }, () => [laxPath, max] as const);
    denied(verdictOf(policyOf({ codeowners: true }), [[strictPath, rosa], ...many], owners));
    denied(verdictOf(rules(), [strictly, ...many]));
  });
});
