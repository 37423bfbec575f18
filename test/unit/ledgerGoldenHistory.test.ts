import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { deploymentSpans } from '../../src/core/activeRows.js';
import { formatCheckpoint } from '../../src/core/checkpoint.js';
import type { EventDraft, EventType, LedgerEvent } from '../../src/core/event.js';
import { secondShapeChecks } from '../../src/core/eventShape.js';
import { digestOf } from '../../src/core/hash.js';
import type { PersonId, PromptId } from '../../src/core/ids.js';
import { LedgerMemory } from '../../src/ledger/memory.js';
import { readLedgerFile } from '../../src/ledger/sqliteFile.js';
import type { StoreOptions } from '../../src/ledger/storeOptions.js';
import { eventsOf, Sandbox } from '../tools/ledgerFixture.js';
import { projectRoot } from '../tools/paths.js';

/** test/golden/history/: events of `v` 2 of every type that has them, among those of `v` 1 that they need. */
const golden = (name: string): string => join(projectRoot, 'test', 'golden', 'history', name);
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

type Make = (events: readonly LedgerEvent[]) => EventDraft;
const base = { who: ana, identity: 'git' } as const;
const declared =
  (person: PersonId, name: string): Make =>
  () => ({
    ...base,
    type: 'person.declared',
    refs: { person },
    body: { name, email: `${name.toLowerCase()}@clinic.example` },
  });
const newest = (events: readonly LedgerEvent[], type: EventType): LedgerEvent['id'] =>
  events.findLast((event) => event.type === type)!.id;

const drafts: readonly Make[] = [
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

/** A clock that goes one second each time, and bytes that a counter and SHA-256 make. */
function fixed(): Pick<StoreOptions, 'clock' | 'random' | 'tool'> {
  let [ticks, draws] = [0, 0];
  return {
    clock: () => ({ at: new Date(Date.UTC(2026, 10, 21, 18, 0, ticks++)), utcOffset: -300 }),
    random: (bytes) =>
      createHash('sha256').update(`history ${draws++}`).digest().subarray(0, bytes),
    tool: 'prompt-audit/0.1.0',
  };
}

async function recreate(box: Sandbox): Promise<{
  readonly bytes: Uint8Array;
  readonly events: readonly LedgerEvent[];
  readonly checkpoint: string;
}> {
  const store = await box.open(fixed());
  store.create();
  for (const make of drafts) {
    await store.transact((tx) => {
      const draft = make(eventsOf(store));
      if (draft.type === 'version.proposed') tx.putContent(Buffer.from(one));
      tx.append(draft);
    });
  }
  const { open: bytes, point } = await store.contents();
  return { bytes, events: eventsOf(store), checkpoint: formatCheckpoint(point) };
}

const asJson = (events: readonly LedgerEvent[]): string =>
  `${JSON.stringify(
    events.map(({ id, headerText, bodyText }) => ({ id, header: headerText, body: bodyText })),
    null,
    2,
  )}\n`;

describe('golden ledger with events of version 2', () => {
  let box: Sandbox;
  before(() => (box = new Sandbox()));
  after(() => box.clean());

  it('is made again byte by byte', async () => {
    const { bytes, events, checkpoint } = await recreate(box);
    if (process.env['UPDATE_GOLDEN']) {
      mkdirSync(golden(''), { recursive: true });
      writeFileSync(golden('ledger.sqlite'), bytes);
      writeFileSync(golden('events.json'), asJson(events));
      writeFileSync(golden('checkpoint'), checkpoint);
    }
    assert.equal(asJson(events), readFileSync(golden('events.json'), 'utf8'));
    assert.equal(checkpoint, readFileSync(golden('checkpoint'), 'utf8'));
    assert.ok(readFileSync(golden('ledger.sqlite')).equals(Buffer.from(bytes)));
  });

  it('has every type of version 2, and version 1 where that is enough', async () => {
    const file = await readLedgerFile(readFileSync(golden('ledger.sqlite')), { full: true });
    const typesOf = (v: number): Set<string> =>
      new Set(
        file.events.filter(({ event }) => event.header.v === v).map(({ event: e }) => e.type),
      );
    assert.deepEqual([...typesOf(2)].sort(), Object.keys(secondShapeChecks).sort());
    assert.ok(typesOf(1).has('revision.saved') && typesOf(1).has('prompt.registered'));
  });

  it('is read without a finding, to the places and people that the events name', async () => {
    const file = await readLedgerFile(readFileSync(golden('ledger.sqlite')), { full: true });
    assert.deepEqual(file.findings, []);
    assert.equal(
      asJson(file.events.map(({ event }) => event)),
      readFileSync(golden('events.json'), 'utf8'),
    );
    assert.ok(file.events.every(({ event }) => event.known));
    const { state } = new LedgerMemory({
      ledger: file.ledger!,
      base: null,
      tail: file.events.map(({ event }) => event),
      synced: 0,
      attachments: file.attachments,
    });
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
