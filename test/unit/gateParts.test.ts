import assert from 'node:assert/strict';
import { judgeFile } from '../../src/core/gate.js';
import { digestOf } from '../../src/core/hash.js';
import type { ChangeKind, Policy } from '../../src/core/policy.js';
import { policyInScope } from '../../src/core/policyInScope.js';
import { everything } from '../../src/core/state.js';
import { versionParts } from '../../src/prompts/versionParts.js';
import type { TrailContext } from '../../src/trail/context.js';
import { withTrueParts } from '../../src/trail/gateParts.js';
import { ana, EventChain, ravi } from '../tools/eventChain.js';

const path = 'triage.prompt.md';
const text = '---\ntools: [shell]\n---\nBe brief.\n';
const bytes = Buffer.from(text);
const trueParts = versionParts(path, bytes)!;

/** An approved version with these parts, as the gate finds it where a rule asks by such changes. */
async function judged(parts: typeof trueParts | null, changes: readonly ChangeKind[], here = true) {
  const chain = new EventChain().begin();
  const version = chain.propose(ana, text, 1, undefined, { parts });
  chain.decide(ravi, version, 'approved');
  const policy = policyInScope(chain.state, everything)!;
  const asking: Policy = {
    ...policy,
    rules: [{ name: 'tools', paths: [], environments: [], changes, approvals: policy.approvals }],
  };
  const rules = {
    state: chain.state,
    policy,
    env: null,
    general: true,
    at: '2026-06-01T00:00:00.000Z',
  };
  const file = {
    path,
    from: null,
    change: 'changed',
    digest: digestOf(text),
    problem: null,
  } as const;
  const row = judgeFile(rules, file, chain.state.promptAt(path));
  const store = { hasContent: () => here, content: () => Promise.resolve(bytes) };
  const context = { state: chain.state, store } as unknown as TrailContext;
  const [checked] = await withTrueParts(context, asking, [row]);
  return [checked!.verdict, ...checked!.reasons.map(({ code }) => code)];
}

describe('the gate, on what versions claim to change', () => {
  it('allows a true claim, and none', async () => {
    assert.deepEqual(await judged(trueParts, ['tools']), ['allow']);
    assert.deepEqual(await judged(null, ['tools']), ['allow']);
  });

  it('denies a claim that hides a part, where a rule asks what changes', async () => {
    const hidden = { ...trueParts, tools: null };
    assert.deepEqual(await judged(hidden, ['tools']), ['deny', 'version.parts']);
    assert.deepEqual(await judged(hidden, []), ['allow']);
  });

  it('cannot tell without the text', async () => {
    assert.deepEqual(await judged(trueParts, ['tools'], false), ['unknown', 'file.unreadable']);
  });
});
