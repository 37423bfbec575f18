import assert from 'node:assert/strict';
import { activeRows } from '../../src/core/activeRows.js';
import { endVerdict } from '../../src/core/afterDeployment.js';
import { explanationOf } from '../../src/core/explain.js';
import type { EventId, PersonId } from '../../src/core/ids.js';
import { defaultPolicy } from '../../src/core/policyFile.js';
import { policyInScope } from '../../src/core/policyInScope.js';
import { everything } from '../../src/core/state.js';
import { ana, ravi, triage, type EventChain } from '../tools/eventChain.js';
import { max, policyOf, quinn, teamChain } from '../tools/verdictCase.js';

const roles = { release: ['quinn@clinic.example'] };
const production = { deployers: ['release'] };
const withBoth = policyOf({}, { roles, environments: { staging: {}, production } });
const without = policyOf({}, { environments: { staging: {} } });

function deployed(): { chain: EventChain; deployment: EventId } {
  const chain = teamChain(withBoth);
  const version = chain.propose(ana, 'one');
  chain.decide(ravi, version);
  return { chain, deployment: chain.deploy(quinn, version, 'production').id };
}

function codesOf({ state }: EventChain, who: PersonId, env: string): readonly string[] {
  const policy = policyInScope(state, everything) ?? defaultPolicy;
  const actor = state.persons.actor(who);
  const verdict = endVerdict({ state, policy, scope: everything, who: actor, env });
  return verdict.reasons.map(({ code }) => code);
}

const outside = ({ state }: EventChain): readonly unknown[] =>
  activeRows(state, state.size, { prompt: null, env: null, at: null }).map(
    ({ outsidePolicy }) => outsidePolicy,
  );

describe('an environment that was taken out of the policy', () => {
  it('is left by whom the last policy that had it lets deploy there', () => {
    const { chain, deployment } = deployed();
    assert.deepEqual(outside(chain), [undefined]);
    chain.adopt(without);
    assert.deepEqual(outside(chain), [true]);
    assert.deepEqual(codesOf(chain, quinn, 'production'), []);
    assert.deepEqual(codesOf(chain, max, 'production'), ['deployer.role']);
    const { state } = chain;
    const end = (who: PersonId) =>
      chain.add('deployment.ended', who, { deployment }, { reason: 'r' }, { prompt: triage });
    const said = [end(max), end(quinn)].map(
      ({ id }) => explanationOf(state, state.size, state.seqOf(id)!).text,
    );
    assert.match(said[0]!, /against the policy/);
    assert.match(said[1]!, /was allowed by the policy/);
    assert.deepEqual(outside(chain), []);
  });

  it('goes by the policy of now where that has it again', () => {
    const { chain } = deployed();
    chain.adopt(without);
    chain.adopt(policyOf({}, { environments: { production: {} } }));
    assert.deepEqual(outside(chain), [undefined]);
    assert.deepEqual(codesOf(chain, max, 'production'), []);
  });

  it('that no policy ever had is left by who may deploy anywhere', () => {
    const chain = teamChain(policyOf({}, { roles, environments: { production } }));
    assert.deepEqual(codesOf(chain, quinn, 'imported'), []);
    assert.deepEqual(codesOf(chain, max, 'imported'), ['deployer.role']);
  });
});
