import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { digestOf } from '../../src/core/hash.js';
import type { EventDraft, LedgerEvent } from '../../src/core/event.js';
import { firstShapeChecks } from '../../src/core/firstShapes.js';
import {
  fourthShapeChecks,
  secondShapeChecks,
  thirdShapeChecks,
} from '../../src/core/laterShapes.js';
import type { Digest, EventId, PersonId, PromptId } from '../../src/core/ids.js';
import { createStatements } from '../../src/ledger/schema.js';
import { consoleSteps, missingPrograms, pageBlocks, printedBy } from '../tools/consoleBlocks.js';
import {
  assertGolden,
  assertRead,
  fixedOptions,
  goldenFolder,
  makeLedger,
  readGolden,
  type MakeDraft,
} from '../tools/goldenLedger.js';
import { projectRoot } from '../tools/paths.js';
import { Sandbox } from '../tools/ledgerFixture.js';

const golden = goldenFolder('');
const repeat = (digit: string): string => digit.repeat(32);
const [ana, ben] = [repeat('a'), repeat('b')] as PersonId[] as [PersonId, PersonId];
const prompt = repeat('c') as PromptId;
const commit = 'd'.repeat(40);
const text = 'Be brief.\n';
const policy = '{"preset":"team"}\n';

type Make = (events: readonly LedgerEvent[], digest: Digest, policyDigest: Digest) => EventDraft;
const of = (events: readonly LedgerEvent[], type: string): EventId =>
  events.find((e) => e.type === type)!.id;

/** One event of each type, each with all its members. */
const drafts: readonly Make[] = [
  () => ({ type: 'ledger.created', who: ana, refs: {}, body: {}, identity: 'git' }),
  () => ({
    type: 'person.declared',
    who: ana,
    refs: { person: ana },
    body: { name: 'Ana Zürn', email: 'ana@clinic.example' },
    identity: 'git',
  }),
  () => ({
    type: 'person.joined',
    who: ana,
    refs: { persons: [ana, ben] },
    body: {},
    identity: 'git',
  }),
  (_e, _d, policyDigest) => ({
    type: 'policy.adopted',
    who: ana,
    refs: { policy: policyDigest },
    body: {
      policy,
      allowedSigners: null,
      mailmap: null,
      codeowners: '* @ana\n',
      source: 'working-tree',
      commit: null,
    },
    identity: 'git',
  }),
  () => ({
    type: 'prompt.registered',
    who: ana,
    prompt,
    refs: {},
    body: { path: 'prompts/triage.md', format: 'markdown' },
    identity: 'git',
  }),
  () => ({
    type: 'prompt.moved',
    who: ana,
    prompt,
    refs: {},
    body: { from: 'prompts/triage.md', to: 'prompts/Triage „neu".md' },
    identity: 'git',
  }),
  (_e, digest) => ({
    type: 'revision.saved',
    who: ana,
    prompt,
    refs: { digest },
    body: { path: 'prompts/triage.md', size: 10, source: 'editor' },
    identity: 'git',
  }),
  (_e, digest) => ({
    type: 'revision.observed',
    who: ana,
    prompt,
    refs: { digest, author: ben },
    body: { path: 'prompts/triage.md', size: 10, commit, authoredAt: '2026-01-01T00:00:00.000Z' },
    identity: 'git',
  }),
  (e, digest) => ({
    type: 'version.proposed',
    who: ana,
    prompt,
    refs: { digest, revision: of(e, 'revision.saved'), number: 1 },
    body: { path: 'prompts/triage.md', note: 'Shorter.' },
    identity: 'git',
  }),
  (e, digest, policyDigest) => ({
    type: 'review.decided',
    who: ben,
    prompt,
    refs: {
      version: of(e, 'version.proposed'),
      digest,
      policy: policyDigest,
      decision: 'approved',
    },
    body: { meaning: 'I read it.', reason: null },
    identity: 'unattended',
  }),
  (e) => ({
    type: 'review.revoked',
    who: ben,
    prompt,
    refs: { decision: of(e, 'review.decided') },
    body: { reason: 'Too soon.' },
    identity: 'git',
  }),
  (e) => ({
    type: 'review.commented',
    who: ben,
    prompt,
    refs: { version: of(e, 'version.proposed') },
    body: { text: 'Why?', line: 1 },
    identity: 'git',
  }),
  (e, digest, policyDigest) => ({
    type: 'deployment.recorded',
    who: ben,
    prompt,
    refs: {
      version: of(e, 'version.proposed'),
      digest,
      policy: policyDigest,
      env: 'production',
      outcome: 'succeeded',
      breakGlass: true,
      previous: null,
      rollbackOf: null,
    },
    body: { note: null, reference: 'https://ci.example/7' },
    identity: 'git',
  }),
  (e) => ({
    type: 'deployment.ended',
    who: ben,
    prompt,
    refs: { deployment: of(e, 'deployment.recorded') },
    body: { reason: 'Done.' },
    identity: 'git',
  }),
  (e, _d, policyDigest) => ({
    type: 'attempt.denied',
    who: ana,
    prompt,
    refs: {
      attempted: 'review.decided',
      version: of(e, 'version.proposed'),
      policy: policyDigest,
      env: null,
      decision: 'approved',
    },
    body: { reasons: [{ code: 'contributor', events: [of(e, 'revision.saved')] }] },
    identity: 'git',
  }),
  (e) => ({
    type: 'version.withdrawn',
    who: ana,
    prompt,
    refs: { version: of(e, 'version.proposed') },
    body: { reason: 'Wrong file.' },
    identity: 'git',
  }),
  (e) => ({
    type: 'signature.attached',
    who: ana,
    refs: { event: of(e, 'version.proposed'), signature: digestOf('signature') },
    body: {},
    identity: 'git',
  }),
  () => ({
    type: 'recorder.paused',
    who: ana,
    refs: {},
    body: { reason: 'Moving.' },
    identity: 'git',
  }),
  () => ({
    type: 'recorder.resumed',
    who: ana,
    refs: {},
    body: { reason: 'Moved.' },
    identity: 'git',
  }),
  (e) => ({
    type: 'redacted',
    who: ana,
    refs: { target: of(e, 'recorder.paused') },
    body: { reason: 'Private.' },
    identity: 'git',
  }),
  () => ({
    type: 'trail.reviewed',
    who: ben,
    refs: {},
    body: { scope: 'all', findings: 'none', disposition: 'closed' },
    identity: 'git',
  }),
  () => ({ type: 'trail.exported', who: ben, refs: {}, body: { scope: 'all' }, identity: 'git' }),
  () => ({ type: 'history.imported', who: ben, refs: {}, body: { scope: 'all' }, identity: 'git' }),
  () => ({
    type: 'prompt.retired',
    who: ana,
    prompt,
    refs: {},
    body: { reason: 'Replaced.' },
    identity: 'git',
  }),
];

const options = () => fixedOptions('golden', Date.UTC(2026, 10, 21, 5, 12));

/** Types that came after these files; ledgerGoldenVolumes.test.ts has them. */
const addedLater = ['history.purged'];

describe('golden ledger, format version 1', () => {
  let box: Sandbox;
  before(() => (box = new Sandbox()));
  after(() => box.clean());

  it('is made again byte by byte', async () => {
    const all = drafts.map(
      (make): MakeDraft =>
        (events) =>
          make(events, digestOf(text), digestOf(policy)),
    );
    const made = await makeLedger(box, options(), all, (tx, draft) => {
      if (draft.type === 'version.proposed') tx.putContent(Buffer.from(text));
      if (draft.type === 'signature.attached')
        tx.putSignature(draft.refs.event, Buffer.from('signature'));
    });
    assert.equal(
      new Set(all.map((make) => make(made.events).type)).size,
      Object.keys(firstShapeChecks).length - addedLater.length,
    );
    assertGolden(golden, made);
  });

  it('is read without a finding, to the same events and the same root', async () => {
    const file = await readGolden(golden);
    assertRead(golden, file);
    assert.deepEqual([...file.attachments.contents.keys()], [digestOf(text)]);
    assert.equal(file.attachments.signatures.size, 1);
  });
});

describe('docs/LEDGER.md', () => {
  const doc = readFileSync(join(projectRoot, 'docs', 'LEDGER.md'), 'utf8');

  it('gives the schema exactly', () => {
    for (const statement of createStatements) assert.ok(doc.includes(`${statement};`), statement);
  });

  for (const [v, checks, text] of [
    [1, firstShapeChecks, section(doc, '## Types')],
    [2, secondShapeChecks, section(doc, '### Types of version 2')],
    [3, thirdShapeChecks, section(doc, '### Types of version 3')],
    [4, fourthShapeChecks, section(doc, '### Types of version 4')],
  ] as const) {
    it(`names every event type of version ${v} with its members`, () => {
      const lines = text.split('\n');
      for (const [type, { prompt: names, refs, body }] of Object.entries(checks)) {
        const row = lines.find((line) => line.startsWith(`| \`${type}\` |`));
        assert.ok(row, type);
        const members = (c: string): string[] =>
          [...c.matchAll(/`([A-Za-z]+)`/g)].map((m) => m[1]!).sort();
        assert.deepEqual(
          [
            row.split('|')[2]!.trim() === 'yes',
            members(row.split('|')[3]!),
            members(row.split('|')[4]!),
          ],
          [names, Object.keys(refs).sort(), Object.keys(body).sort()],
          type,
        );
      }
      const rows = lines.filter((line) => /^\| `[a-z.]+` \|/.test(line));
      assert.equal(rows.length, Object.keys(checks).length);
    });
  }

  it('has a worked example that any shell confirms', function () {
    // Many small programs, one after the other.
    this.timeout(60_000);
    if (missingPrograms(['bash', 'sqlite3', 'sha256sum']).length > 0) return this.skip();
    const example = pageBlocks(doc).find(
      ({ heading, language }) => heading === 'Worked example' && language === 'console',
    )!;
    const steps = consoleSteps(example.text);
    assert.ok(steps.length >= 6);
    for (const { command, output } of steps)
      assert.equal(printedBy(command, golden('')), output, command);
  });
});

/** From a heading to the next one. */
function section(doc: string, heading: string): string {
  const from = doc.indexOf(`${heading}\n`);
  const to = doc.indexOf('\n#', from + 1);
  return doc.slice(from, to);
}
