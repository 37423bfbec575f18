import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import type { EventType, LedgerEvent, VersionParts } from '../../src/core/event.js';
import { thirdShapeChecks } from '../../src/core/laterShapes.js';
import { digestOf } from '../../src/core/hash.js';
import type { Digest, PersonId, PromptId } from '../../src/core/ids.js';
import { parsePolicy } from '../../src/core/policyFile.js';
import { versionParts } from '../../src/prompts/versionParts.js';
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

/** test/golden/review/: events of `v` 3 of every type that has them, among those of `v` 1 and 2 that they need. */
const golden = goldenFolder('review');
const [ana, ben, cleo] = ['a', 'b', 'e'].map((digit) => digit.repeat(32)) as [
  PersonId,
  PersonId,
  PersonId,
];
const prompt = 'c'.repeat(32) as PromptId;
const path = 'prompts/triage.prompt.md';
const one = '---\nmodel: gpt-4o\ntools: [search, fetch]\nagent: agent\n---\nBe brief.\n';
const two = '---\nmodel: gpt-4o\ntools: [search, fetch]\nagent: agent\n---\nBe brief and kind.\n';
const three = '---\nmodel: [gpt-4o\n---\nBe brief.\n';
const policy = `{
  "version": 1,
  "people": {
    "ana": { "emails": ["ana@clinic.example", "ana@home.example"], "handles": ["@ana-silva"] },
    "triage bot": { "emails": ["bot@clinic.example"], "kind": "agent" }
  },
  "groups": { "clinical": ["ana", "ben@clinic.example"], "@clinic/reviewers": ["ana"] },
  "roles": { "clinician": ["clinical"], "redactor": ["ana"] },
  "approvals": { "required": 1, "contributors": false, "expires": "30d", "openComments": false },
  "rules": [
    { "name": "model", "changes": ["model"], "environments": ["production"], "approvals": { "roles": ["clinician"] } }
  ],
  "redaction": { "roles": ["redactor"] },
  "environments": { "staging": {}, "production": { "contributorMayDeploy": false, "approvals": { "scoped": true } } }
}
`;
const sha1 = 'd'.repeat(40);
const digestAt = (digits: string): Digest => `sha256:${digits}` as Digest;
/** Written out: what programs read later must not change what this file says. */
const partsOfOne: VersionParts = {
  text: digestAt('3fbfff061ecf3d4b9fdfe9045f9445d3647e1683c6022c751c6e9788146817da'),
  model: digestAt('960e9886e1bff92dceaf7f3850d2fe2f81776879f9077ef7e59f0e0fa929f504'),
  tools: digestAt('5ccde5bf3fb74fde917815c868339c17fcc59d3d31464e4df729f9cd158864a5'),
  permissions: digestAt('8b3e6afa1ebd41fd9cd29e2f66ac770489d18f0a15d3811c8496c80847628415'),
};
const partsOfTwo: VersionParts = {
  ...partsOfOne,
  text: digestAt('95d0bd9ea84a58a0e2b0286de4241eb42c31466b7f90712308ec232669a66cf4'),
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
const first = (events: readonly LedgerEvent[], type: EventType): LedgerEvent['id'] =>
  events.find((event) => event.type === type)!.id;
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
  (
    text: string,
    number: number,
    more: { parts: VersionParts | null; commit?: string; who?: PersonId },
  ): MakeDraft =>
  (events) => ({
    ...base,
    who: more.who ?? ana,
    type: 'version.proposed',
    prompt,
    refs: {
      digest: digestOf(text),
      revision: events.findLast((event) => /^revision/.test(event.type))!.id,
      number,
      commit: more.commit ?? null,
      parts: more.parts,
    },
    body: { path, note: `Version ${number}.` },
  });
const resolved =
  (yes: boolean, note: string | null): MakeDraft =>
  (events) => ({
    ...base,
    type: 'review.resolved',
    prompt,
    refs: { thread: first(events, 'review.commented'), resolved: yes },
    body: { note },
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
      allowedSigners: null,
      mailmap: 'Ben <ben@clinic.example> <ben@home.example>\n',
      codeowners: 'prompts/ @clinic/reviewers\n',
      source: 'protected-branch',
      commit: sha1,
    },
  }),
  () => ({
    ...base,
    type: 'prompt.registered',
    prompt,
    refs: {},
    body: { path, format: 'vscode-prompt' },
  }),
  saved(one),
  proposed(one, 1, { parts: partsOfOne }),
  (events) => ({
    ...base,
    type: 'review.requested',
    prompt,
    refs: { version: newest(events, 'version.proposed'), persons: [ben, cleo] },
    body: { note: 'The tone, please.' },
  }),
  (events) => ({
    ...base,
    who: ben,
    type: 'review.commented',
    prompt,
    refs: { version: newest(events, 'version.proposed'), thread: null },
    body: { text: 'Too short. Call 555-0100.', line: 6, endLine: 6 },
  }),
  (events) => ({
    ...base,
    type: 'review.commented',
    prompt,
    refs: {
      version: newest(events, 'version.proposed'),
      thread: first(events, 'review.commented'),
    },
    body: { text: 'On purpose.', line: null, endLine: null },
  }),
  resolved(true, 'Explained.'),
  resolved(false, null),
  // What older programs write, and what they can read.
  (events) => ({
    ...base,
    who: cleo,
    type: 'review.commented',
    prompt,
    refs: { version: newest(events, 'version.proposed') },
    body: { text: 'I agree with Ben.', line: null },
  }),
  (events) => ({
    ...base,
    who: ben,
    type: 'review.decided',
    prompt,
    refs: {
      version: newest(events, 'version.proposed'),
      digest: digestOf(one),
      policy: digestOf(policy),
      decision: 'changes-requested',
      envs: null,
    },
    body: { meaning: 'I read it.', reason: 'Too short.' },
  }),
  saved(two),
  proposed(two, 2, { parts: partsOfTwo }),
  (events) => ({
    ...base,
    type: 'review.requested',
    prompt,
    refs: { version: newest(events, 'version.proposed'), persons: [] },
    body: { note: null },
  }),
  (events) => ({
    ...base,
    who: ben,
    type: 'review.decided',
    prompt,
    refs: {
      version: newest(events, 'version.proposed'),
      digest: digestOf(two),
      policy: digestOf(policy),
      decision: 'approved',
      envs: ['production', 'staging'],
    },
    body: { meaning: 'I read it.', reason: null },
  }),
  resolved(true, null),
  // A tag that was imported later, of bytes that nobody can read as their format.
  () => ({
    ...base,
    type: 'revision.observed',
    prompt,
    refs: { digest: digestOf(three), author: ben, committer: null, coAuthors: [] },
    body: {
      path,
      size: three.length,
      commit: sha1,
      authoredAt: '2026-01-01T00:00:00.000Z',
      committedAt: '2026-01-01T00:00:00.000Z',
      origin: 'imported',
      agents: [],
      signed: 'none',
    },
  }),
  proposed(three, 3, { parts: null, commit: sha1, who: cleo }),
  (events) => ({
    ...base,
    type: 'redacted',
    refs: { target: first(events, 'review.commented') },
    body: { reason: 'A telephone number.' },
  }),
];

const options = () => fixedOptions('review', Date.UTC(2026, 10, 21, 23));

const texts = new Map([one, two, three].map((text) => [digestOf(text), text]));

describe('golden ledger with events of version 3', () => {
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

  it('has every type of version 3, and a lower one where that is enough', async () => {
    const file = await readGolden(golden);
    assert.deepEqual([...typesOf(file, 3)].sort(), Object.keys(thirdShapeChecks).sort());
    assert.deepEqual([...typesOf(file, 2)], ['revision.observed']);
    assert.ok(typesOf(file, 1).has('revision.saved') && typesOf(file, 1).has('review.commented'));
  });

  it('holds a policy with the newer keys, and the parts that its texts have', () => {
    assert.equal(parsePolicy(policy).rules.length, 1);
    assert.deepEqual(versionParts(path, Buffer.from(one)), partsOfOne);
    assert.deepEqual(versionParts(path, Buffer.from(two)), partsOfTwo);
    assert.equal(versionParts(path, Buffer.from(three)), null);
  });

  it('is read without a finding, to what was said of which version', async () => {
    const file = await readGolden(golden);
    assertRead(golden, file);
    const { state } = memoryOf(file);
    const { versions } = state.prompt(prompt)!;
    assert.deepEqual(
      versions.map(({ by, number, event }) => [by, number, event.header.refs.parts]),
      [
        [ana, 1, partsOfOne],
        [ana, 2, partsOfTwo],
        [ben, 3, null],
      ],
    );
    assert.deepEqual(
      versions.map(({ talk }) => talk.map(({ event }) => event.type)),
      [
        [
          'review.requested',
          'review.commented',
          'review.commented',
          'review.resolved',
          'review.resolved',
          'review.commented',
          'review.resolved',
        ],
        ['review.requested'],
        [],
      ],
    );
    assert.deepEqual(
      versions.map(({ decisions }) => decisions.map(({ event }) => event.header.refs.envs)),
      [[null], [['production', 'staging']], []],
    );
    // The telephone number is gone; that there is a talk, and that it was resolved, is not.
    const comment = versions[0]!.talk[1]!.event;
    assert.equal(comment.body, null);
    assert.ok(!readFileSync(golden('ledger.sqlite')).includes('555-0100'));
  });
});
