import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { activeDeployments, deploymentSpans } from '../../src/core/activeRows.js';
import type { EventType, LedgerEvent } from '../../src/core/event.js';
import { digestOf } from '../../src/core/hash.js';
import type { EventId, PersonId, PromptId } from '../../src/core/ids.js';
import { fourthShapeChecks } from '../../src/core/laterShapes.js';
import { parsePolicy } from '../../src/core/policyFile.js';
import { referenceFinding } from '../../src/core/referenceCheck.js';
import {
  assertGolden,
  assertRead,
  fixedOptions,
  goldenFolder,
  makeLedger,
  memoryOf,
  readGolden,
  typesOf,
  type MakeDraft,
} from '../tools/goldenLedger.js';
import { Sandbox } from '../tools/ledgerFixture.js';

/** test/golden/deploy/: events of `v` 4 of every type that has them, among those of `v` 1 that they need. */
const golden = goldenFolder('deploy');
const [ana, ben, cleo] = ['a', 'b', 'e'].map((digit) => digit.repeat(32)) as [
  PersonId,
  PersonId,
  PersonId,
];
const prompt = 'c'.repeat(32) as PromptId;
const path = 'prompts/triage.md';
const one = 'Be brief.\n';
const two = 'Be brief and kind.\n';
const policy = `{
  "version": 1,
  "roles": { "lead": ["ben@clinic.example", "cleo@clinic.example"], "redactor": ["ana@clinic.example"] },
  "redaction": { "roles": ["redactor"] },
  "environments": {
    "staging": { "breakGlass": true },
    "production": {
      "after": "staging",
      "deployers": [],
      "breakGlass": { "roles": ["redactor"], "review": "24h", "reviewers": ["lead"] }
    }
  }
}
`;

const base = { who: ana, identity: 'git' } as const;
const ofType = (events: readonly LedgerEvent[], type: EventType, at: number): EventId =>
  events.filter((event) => event.type === type).at(at)!.id;
const declared =
  (person: PersonId, name: string): MakeDraft =>
  () => ({
    ...base,
    type: 'person.declared',
    refs: { person },
    body: { name, email: `${name.toLowerCase()}@clinic.example` },
  });
const saved =
  (text: string): MakeDraft =>
  () => ({
    ...base,
    type: 'revision.saved',
    prompt,
    refs: { digest: digestOf(text) },
    body: { path, size: text.length, source: 'cli' },
  });
const proposed =
  (text: string, number: number): MakeDraft =>
  (events) => ({
    ...base,
    type: 'version.proposed',
    prompt,
    refs: { digest: digestOf(text), revision: ofType(events, 'revision.saved', -1), number },
    body: { path, note: `Version ${number}.` },
  });
const approved =
  (text: string): MakeDraft =>
  (events) => ({
    ...base,
    who: ben,
    type: 'review.decided',
    prompt,
    refs: {
      version: ofType(events, 'version.proposed', -1),
      digest: digestOf(text),
      policy: digestOf(policy),
      decision: 'approved',
    },
    body: { meaning: 'I read it.', reason: null },
  });

interface Deployed {
  readonly text: string;
  readonly env: string;
  readonly outcome?: 'failed';
  readonly breakGlass?: true;
  /** Place of the deployment before it there, and of the one that it promotes. */
  readonly previous?: number;
  readonly promotedFrom?: number | null;
  readonly release?: string | null;
  readonly pipeline?: string | null;
}

/** With one of the last three it is of `v` 4 and says all of them. */
const deployed =
  ({ text, env, previous, promotedFrom, release, pipeline, ...more }: Deployed): MakeDraft =>
  (events) => {
    const at = (place: number | null | undefined): EventId | null =>
      typeof place === 'number' ? ofType(events, 'deployment.recorded', place) : null;
    const isFourth = [promotedFrom, release, pipeline].some((member) => member !== undefined);
    return {
      ...base,
      who: more.breakGlass ? ana : cleo,
      type: 'deployment.recorded',
      prompt,
      refs: {
        version: ofType(events, 'version.proposed', text === one ? 0 : 1),
        digest: digestOf(text),
        policy: digestOf(policy),
        env,
        outcome: more.outcome ?? 'succeeded',
        breakGlass: more.breakGlass ?? false,
        previous: at(previous),
        rollbackOf: null,
        ...(isFourth ? { promotedFrom: at(promotedFrom) } : {}),
      },
      body: {
        note: null,
        reference: 'https://tickets.example/7',
        ...(isFourth ? { release: release ?? null, pipeline: pipeline ?? null } : {}),
      },
    };
  };
const reviewed =
  (who: PersonId, outcome: 'accepted' | 'objected', findings: string): MakeDraft =>
  (events) => ({
    ...base,
    who,
    type: 'deployment.reviewed',
    prompt,
    refs: { deployment: ofType(events, 'deployment.recorded', -1), outcome },
    body: { findings },
  });
const denied =
  (attempted: 'deployment.ended' | 'deployment.reviewed' | 'review.decided'): MakeDraft =>
  (events) => ({
    ...base,
    who: cleo,
    type: 'attempt.denied',
    prompt,
    refs: {
      attempted,
      version: ofType(events, 'version.proposed', -1),
      policy: digestOf(policy),
      env: attempted === 'review.decided' ? null : 'production',
      decision: attempted === 'review.decided' ? 'rejected' : null,
      deployment: attempted === 'review.decided' ? null : ofType(events, 'deployment.recorded', -1),
    },
    body: { reasons: [{ code: 'deployer.role', events: [] }] },
  });

const drafts: readonly MakeDraft[] = [
  () => ({ ...base, type: 'ledger.created', refs: {}, body: {} }),
  declared(ana, 'Ana'),
  declared(ben, 'Ben'),
  declared(cleo, 'Cleo'),
  () => ({
    ...base,
    type: 'policy.adopted',
    refs: { policy: digestOf(policy) },
    body: {
      policy,
      ...{ allowedSigners: null, mailmap: null, codeowners: null, commit: null },
      source: 'working-tree',
    },
  }),
  () => ({
    ...base,
    type: 'prompt.registered',
    prompt,
    refs: {},
    body: { path, format: 'text' },
  }),
  saved(one),
  proposed(one, 1),
  approved(one),
  deployed({ text: one, env: 'staging' }),
  deployed({
    text: one,
    env: 'production',
    promotedFrom: 0,
    release: '2026.11',
    pipeline: 'https://ci.example/runs/81',
  }),
  saved(two),
  proposed(two, 2),
  approved(two),
  deployed({ text: two, env: 'staging', outcome: 'failed', previous: 0, pipeline: 'run 82' }),
  // Not promoted: an emergency, as older programs write it.
  deployed({ text: two, env: 'production', breakGlass: true, previous: 1 }),
  denied('deployment.reviewed'),
  reviewed(ben, 'objected', 'Nobody was called. Call 555-0100.'),
  reviewed(ben, 'accepted', 'It was urgent.'),
  denied('deployment.ended'),
  denied('review.decided'),
  (events) => ({
    ...base,
    type: 'deployment.ended',
    prompt,
    refs: { deployment: ofType(events, 'deployment.recorded', -1) },
    body: { reason: 'The emergency is over.' },
  }),
  () => ({
    ...base,
    type: 'trail.exported',
    refs: { sums: digestOf('the list of sums\n') },
    body: { scope: 'production, November 2026', files: 5, rows: 81 },
  }),
  () => ({ ...base, type: 'trail.exported', refs: {}, body: { scope: 'All.' } }),
  (events) => ({
    ...base,
    type: 'redacted',
    refs: { target: ofType(events, 'deployment.reviewed', 0) },
    body: { reason: 'A telephone number.' },
  }),
];

const options = () => fixedOptions('deploy', Date.UTC(2026, 10, 22, 2));
const texts = new Map([one, two].map((text) => [digestOf(text), text]));

describe('golden ledger with events of version 4', () => {
  let box: Sandbox;
  before(() => (box = new Sandbox()));
  after(() => box.clean());

  it('is made again byte by byte', async () => {
    const made = await makeLedger(box, options(), drafts, (tx, draft) => {
      if (draft.type === 'version.proposed')
        tx.putContent(Buffer.from(texts.get(draft.refs.digest)!));
    });
    assertGolden(golden, made);
  });

  it('has every type of version 4, and a lower one where that is enough', async () => {
    const file = await readGolden(golden);
    assert.deepEqual([...typesOf(file, 4)].sort(), Object.keys(fourthShapeChecks).sort());
    assert.deepEqual([...typesOf(file, 2), ...typesOf(file, 3)], []);
    for (const type of ['deployment.recorded', 'trail.exported'])
      assert.ok(typesOf(file, 1).has(type), type);
  });

  it('holds a policy with the newer keys', () => {
    const [staging, production] = parsePolicy(policy).environments;
    assert.deepEqual(staging!.breakGlass, { roles: [], review: null, reviewers: [] });
    assert.equal(production!.after, 'staging');
    assert.equal(production!.breakGlass!.review, 24 * 60 * 60 * 1000);
  });

  it('is read without a finding, to what is and was active where', async () => {
    const file = await readGolden(golden);
    assertRead(golden, file);
    const { state } = memoryOf(file);
    const record = state.prompt(prompt)!;
    assert.deepEqual(
      deploymentSpans(record).map(({ env, deployment, endedBy }) => [
        env,
        deployment.event.header.refs.digest === digestOf(one) ? 1 : 2,
        endedBy?.event.type ?? null,
      ]),
      [
        ['staging', 1, null],
        ['production', 1, 'deployment.recorded'],
        ['production', 2, 'deployment.ended'],
      ],
    );
    assert.deepEqual(
      activeDeployments(record).map(({ env }) => env),
      ['staging'],
    );
    assert.deepEqual(
      record.reviewed.map(({ event: { header, body } }) => [
        header.who,
        header.refs.outcome,
        body?.findings ?? null,
      ]),
      [
        [ben, 'objected', null],
        [ben, 'accepted', 'It was urgent.'],
      ],
    );
    assert.ok(!readFileSync(golden('ledger.sqlite')).includes('555-0100'));
  });

  it('refers to what there is', async () => {
    const file = await readGolden(golden);
    const { state } = memoryOf(file);
    const findings = file.events.map(({ seq, event }) => referenceFinding(state, event, seq));
    assert.deepEqual(
      findings.filter((finding) => finding !== null),
      [],
    );
  });
});
