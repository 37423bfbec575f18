import assert from 'node:assert/strict';
import { deploymentSpans } from '../../src/core/activeRows.js';
import type { EventType, LedgerEvent } from '../../src/core/event.js';
import { secondShapeChecks } from '../../src/core/laterShapes.js';
import { digestOf } from '../../src/core/hash.js';
import type { PersonId, PromptId } from '../../src/core/ids.js';
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

/** test/golden/history/: events of `v` 2 of every type that has them, among those of `v` 1 that they need. */
const golden = goldenFolder('history');
const [ana, ben, cleo] = ['a', 'b', 'e'].map((digit) => digit.repeat(32)) as [
  PersonId,
  PersonId,
  PersonId,
];
const prompt = 'c'.repeat(32) as PromptId;
const [triage, intake] = ['prompts/triage.md', 'prompts/Aufnahme „neu".md'];
const [one, two] = ['Be brief.\n', 'Be brief and kind.\n'];
const policy = '{"version":1,"environments":{"production":{}}}\n';
const sha1 = 'd'.repeat(40);
const sha256 = 'f'.repeat(64);
const at = '2020-02-29T23:59:59.000Z';
const none = {
  commits: 0,
  prompts: 0,
  revisions: 0,
  moves: 0,
  removals: 0,
  deployments: 0,
  unread: 0,
};

const base = { who: ana, identity: 'git' } as const;
const declared =
  (person: PersonId, name: string): MakeDraft =>
  () => ({
    ...base,
    type: 'person.declared',
    refs: { person },
    body: { name, email: `${name.toLowerCase()}@clinic.example` },
  });
const newest = (events: readonly LedgerEvent[], type: EventType): LedgerEvent['id'] =>
  events.findLast((event) => event.type === type)!.id;

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
      allowedSigners: null,
      mailmap: null,
      codeowners: null,
      source: 'protected-branch',
      commit: sha1,
    },
  }),
  () => ({
    ...base,
    type: 'history.imported',
    refs: {},
    body: { scope: 'all refs', mode: 'start', tips: [sha1, '1'.repeat(40)], totals: none },
  }),
  () => ({
    ...base,
    type: 'prompt.registered',
    prompt,
    refs: {},
    body: { path: triage, format: 'markdown' },
  }),
  () => ({
    ...base,
    type: 'revision.observed',
    prompt,
    refs: { digest: digestOf(one), author: ben, committer: ana, coAuthors: [cleo] },
    body: {
      path: triage,
      size: one.length,
      commit: sha1,
      authoredAt: at,
      committedAt: '2026-01-01T00:00:00.000Z',
      origin: 'observed',
      agents: ['Claude', 'dependabot[bot]'],
      signed: 'ssh',
    },
  }),
  () => ({
    ...base,
    type: 'prompt.moved',
    prompt,
    refs: { author: ben },
    body: { from: triage, to: intake, commit: sha1, origin: 'observed' },
  }),
  // Another branch moved it elsewhere at the same time: it lost the race.
  () => ({
    ...base,
    type: 'prompt.moved',
    prompt,
    refs: { author: cleo },
    body: { from: triage, to: 'prompts/sorting.md', commit: sha256, origin: 'imported' },
  }),
  () => ({
    ...base,
    type: 'revision.observed',
    prompt,
    refs: { digest: digestOf(two), author: cleo, committer: null, coAuthors: [] },
    body: {
      path: 'prompts/sorting.md',
      size: two.length,
      commit: sha256,
      authoredAt: at,
      committedAt: at,
      origin: 'imported',
      agents: [],
      signed: 'none',
    },
  }),
  (events) => ({
    ...base,
    type: 'version.proposed',
    prompt,
    refs: {
      digest: digestOf(one),
      revision: events.find((event) => event.type === 'revision.observed')!.id,
      number: 1,
      commit: sha1,
    },
    body: { path: intake, note: 'As it is in v1.0.' },
  }),
  (events) => ({
    ...base,
    type: 'deployment.recorded',
    prompt,
    refs: {
      version: newest(events, 'version.proposed'),
      digest: digestOf(one),
      policy: digestOf(policy),
      env: 'production',
      outcome: 'succeeded',
      breakGlass: false,
      previous: null,
      rollbackOf: null,
      commit: sha1,
      claimedAt: at,
    },
    body: { note: null, reference: 'refs/tags/v1.0' },
  }),
  (events) => ({
    ...base,
    type: 'deployment.ended',
    prompt,
    refs: {
      deployment: newest(events, 'deployment.recorded'),
      commit: sha256,
      claimedAt: '2021-01-01T00:00:00.000Z',
    },
    body: { reason: 'Not in tag v1.1' },
  }),
  () => ({
    ...base,
    type: 'prompt.removed',
    prompt,
    refs: { author: null },
    body: { path: intake, commit: null, origin: 'editor' },
  }),
  // It came back.
  () => ({
    ...base,
    type: 'revision.saved',
    prompt,
    refs: { digest: digestOf(one) },
    body: { path: intake, size: one.length, source: 'editor' },
  }),
  // In the editor; nothing says who but `who`.
  () => ({
    ...base,
    type: 'prompt.moved',
    prompt,
    refs: { author: null },
    body: { from: intake, to: triage, commit: null, origin: 'editor' },
  }),
  // On a branch that still has it there; here it stands elsewhere.
  () => ({
    ...base,
    type: 'prompt.removed',
    prompt,
    refs: { author: cleo },
    body: { path: 'prompts/sorting.md', commit: sha256, origin: 'imported' },
  }),
  () => ({
    ...base,
    type: 'history.imported',
    refs: {},
    body: {
      scope: 'refs/heads/main',
      mode: 'import',
      tips: [sha256],
      totals: { ...none, commits: 7, prompts: 1, revisions: 2, moves: 2, removals: 1, unread: 3 },
    },
  }),
  () => ({
    ...base,
    type: 'prompt.removed',
    prompt,
    refs: { author: ben },
    body: { path: triage, commit: sha1, origin: 'observed' },
  }),
];

const options = () => fixedOptions('history', Date.UTC(2026, 10, 21, 18), -300);

describe('golden ledger with events of version 2', () => {
  let box: Sandbox;
  before(() => (box = new Sandbox()));
  after(() => box.clean());

  it('is made again byte by byte', async () => {
    const made = await makeLedger(box, options(), drafts, (tx, draft) => {
      if (draft.type === 'version.proposed') tx.putContent(Buffer.from(one));
    });
    assertGolden(golden, made);
  });

  it('has every type of version 2, and version 1 where that is enough', async () => {
    const file = await readGolden(golden);
    assert.deepEqual([...typesOf(file, 2)].sort(), Object.keys(secondShapeChecks).sort());
    assert.ok(typesOf(file, 1).has('revision.saved') && typesOf(file, 1).has('prompt.registered'));
  });

  it('is read without a finding, to the places and people that the events name', async () => {
    const file = await readGolden(golden);
    assertRead(golden, file);
    const { state } = memoryOf(file);
    const record = state.prompt(prompt)!;
    assert.deepEqual(
      [record.path, record.places, record.removed, record.retired],
      [triage, [triage, intake, 'prompts/sorting.md'], true, false],
    );
    assert.deepEqual(
      record.revisions.map(({ by, coAuthors = [] }) => [by, ...coAuthors]),
      [[ben, cleo, ana], [cleo], [ana]],
    );
    // Who imported a tag is no author of the version.
    assert.deepEqual(
      record.versions.map(({ by }) => by),
      [ben],
    );
    assert.deepEqual(
      deploymentSpans(record).map(({ from, to }) => [from, to]),
      [[at, '2021-01-01T00:00:00.000Z']],
    );
    assert.equal(state.promptAt('prompts/sorting.md'), record);
    assert.equal(state.promptNowAt('prompts/sorting.md'), undefined);
    assert.equal(
      state.promptAt('prompts/sorting.md', (path) => path === triage),
      undefined,
    );
  });
});
