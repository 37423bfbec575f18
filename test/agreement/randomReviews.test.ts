import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { EventDraft, VersionParts } from '../../src/core/event.js';
import { fourthShapeChecks, thirdShapeChecks } from '../../src/core/laterShapes.js';
import { digestOf } from '../../src/core/hash.js';
import type { Digest, EventId, PersonId, PromptId } from '../../src/core/ids.js';
import { volumeTreeName } from '../../src/ledger/volumes.js';
import { versionParts } from '../../src/prompts/versionParts.js';
import { eventsOf, Sandbox } from '../tools/ledgerFixture.js';
import { temporaryFolder } from '../tools/temporary.js';
import { ourAnswer, type Answer } from './ourVerifier.js';
import { pythonAnswers } from './pythonVerifier.js';
import { numbers } from './random.js';

const ledgers = 12;
const acts = 100;
const people = ['a', 'b', 'c'].map((digit) => digit.repeat(32)) as PersonId[];
const prompts = ['1', '2'].map((digit) => digit.repeat(32)) as PromptId[];
const path = (prompt: PromptId): string => `prompts/${prompt[0]}.prompt.md`;
const policy =
  '{"people":{"ana":{"emails":["p0@x.example"]}},"roles":{"r":["ana"]},"redaction":{"roles":["r"]},"environments":{"a":{},"b":{"after":"a","breakGlass":{"review":"1d"}}}}';

/** Ledgers of several volumes with reviews and deployments of every kind, among them such that refer to nothing that fits. */
describe('two verifiers on random reviews and deployments', function () {
  this.timeout(120_000);
  const folder = temporaryFolder('agreement');
  after(() => folder.remove());

  it('agree, and on what sealed volumes say of those before them', async () => {
    const files: string[] = [];
    const types = new Map<string, number>();
    let volumes = 0;
    let removed = 0;
    for (let seed = 1; seed <= ledgers; seed++) {
      const file = join(folder.path, String(seed), 'ledger.sqlite');
      const made = await make(seed, file);
      files.push(file);
      volumes += made.volumes;
      removed += made.removed;
      for (const type of made.types) types.set(type, (types.get(type) ?? 0) + 1);
    }
    for (const [v, checks] of [thirdShapeChecks, fourthShapeChecks].entries())
      for (const type of Object.keys(checks))
        assert.ok((types.get(`${type} ${v + 3}`) ?? 0) > ledgers, `${type} ${v + 3}`);
    assert.ok(volumes >= ledgers && removed >= ledgers / 2, `${volumes} ${removed}`);
    const ours: Answer[] = [];
    for (const file of files) ours.push(await ourAnswer(file));
    const theirs = await pythonAnswers(files);
    for (const [i, one] of ours.entries()) {
      assert.deepEqual(theirs[i], one, files[i]);
      assert.deepEqual(one.errors, [], files[i]);
    }
  });
});

async function make(
  seed: number,
  file: string,
): Promise<{ types: readonly string[]; volumes: number; removed: number }> {
  const draw = numbers(seed);
  const box = new Sandbox();
  try {
    const store = await box.open({ sealBytes: 40_000 });
    store.create();
    const add = (draft: Omit<EventDraft, 'identity'>, text?: string): Promise<unknown> =>
      store.transact((tx) => {
        if (text !== undefined) tx.putContent(Buffer.from(text));
        tx.append({ ...draft, identity: 'git' } as EventDraft);
      });
    await add({ type: 'ledger.created', who: people[0]!, refs: {}, body: {} });
    for (const [i, person] of people.entries()) {
      const body = { name: `P${i}`, email: `p${i}@x.example` };
      await add({ type: 'person.declared', who: person, refs: { person }, body });
    }
    const none = { allowedSigners: null, mailmap: null, codeowners: null, commit: null };
    const body = { policy, ...none, source: 'working-tree' } as const;
    const refs = { policy: digestOf(policy) };
    await add({ type: 'policy.adopted', who: people[0]!, refs, body });
    for (const prompt of prompts) {
      const registered = { path: path(prompt), format: 'vscode-prompt' };
      await add({
        type: 'prompt.registered',
        who: people[0]!,
        prompt,
        refs: {},
        body: registered,
      });
    }
    const redacted = new Set<EventId>();
    for (let at = 0; at < acts; at++) {
      const { draft, text } = anyAct(draw, eventsOf(store), at);
      if (draft.type === 'redacted') redacted.add(draft.refs.target as EventId);
      await add(draft, text);
    }
    const { open, volumes } = await store.contents();
    mkdirSync(join(dirname(file), 'volumes'), { recursive: true });
    writeFileSync(file, open);
    for (const [i, { read }] of volumes.entries())
      writeFileSync(join(dirname(file), volumeTreeName(i + 1)), await read());
    const events = eventsOf(store);
    const types = events.map(({ type, header }) => `${type} ${header.v}`);
    const removed = events.filter((e) => redacted.has(e.id) && e.bodyText === null).length;
    return { types, volumes: volumes.length, removed };
  } finally {
    box.clean();
  }
}

function anyAct(
  draw: (below: number) => number,
  events: ReturnType<typeof eventsOf>,
  at: number,
): { draft: EventDraft; text?: string } {
  const pick = <T>(all: readonly T[]): T => all[draw(all.length)]!;
  const who = pick(people);
  const prompt = pick(prompts);
  const all = (type: string) => events.filter((event) => event.type === type);
  // Now and then one of another type or another prompt: it changes nothing.
  const some = (type: string): EventId => {
    const found = draw(8) === 0 ? events : all(type);
    return pick(found.length > 0 ? found : events).id;
  };
  const common = { who, prompt, identity: 'git' } as const;
  const version = some('version.proposed');
  const act = draw(13);
  if (act === 7) {
    const target = some(draw(2) === 0 ? 'review.commented' : 'deployment.reviewed');
    const by = draw(3) === 0 ? who : people[0]!;
    const draft: EventDraft = {
      ...{ type: 'redacted', who: by, identity: 'git' },
      refs: { target },
      body: { reason: 'a number' },
    };
    return { draft };
  }
  if (act <= 1 || all('version.proposed').length === 0) {
    const text = `---\nmodel: m${draw(3)}\ntools: [t${draw(2)}]\n---\nText ${draw(6)} of ${at}.\n`;
    const digest = digestOf(text);
    const read = pick<VersionParts | null>([versionParts(path(prompt), Buffer.from(text)), null]);
    const v3 = { commit: draw(3) === 0 ? 'd'.repeat(40) : null, parts: read };
    const refs = { digest, revision: some('revision.saved'), number: 1 + draw(9) };
    const body = { path: path(prompt), note: 'why '.repeat(draw(200)) };
    const more = draw(4) === 0 ? {} : v3;
    return {
      draft: { ...common, type: 'version.proposed', refs: { ...refs, ...more }, body },
      text,
    };
  }
  const note = draw(2) === 0 ? null : 'n '.repeat(draw(300));
  const proposal = all('version.proposed').find(({ id }) => id === version);
  const { digest } = (proposal?.header as { refs?: { digest: Digest } } | undefined)?.refs ?? {
    digest: digestOf(''),
  };
  if (act >= 8)
    return { draft: anyDeployment({ draw, pick, some, common, version, digest, note }) };
  if (act === 2) {
    const persons = people.slice(draw(3));
    return {
      draft: { ...common, type: 'review.requested', refs: { version, persons }, body: { note } },
    };
  }
  if (act === 3) {
    const thread = draw(2) === 0 ? null : some('review.commented');
    const line = draw(2) === 0 ? null : 1 + draw(9);
    const body = { text: 'A comment.', line, endLine: line === null ? null : line + draw(3) };
    return {
      draft: { ...common, type: 'review.commented', refs: { version, thread }, body },
    };
  }
  if (act === 4) {
    const refs = { thread: some('review.commented'), resolved: draw(2) === 0 };
    return { draft: { ...common, type: 'review.resolved', refs, body: { note } } };
  }
  const refs = {
    ...{ version, digest, policy: digestOf(policy) },
    decision: pick(['approved', 'changes-requested', 'rejected'] as const),
    ...(draw(3) === 0 ? {} : { envs: pick([null, [], ['a'], ['a', 'b']]) }),
  };
  return {
    draft: {
      ...common,
      ...{ type: 'review.decided', refs, body: { meaning: 'I read it.', reason: note } },
    },
  };
}

interface Drawing {
  /** Of the version, so that most of them count. */
  readonly digest: Digest;
  readonly draw: (below: number) => number;
  readonly pick: <T>(all: readonly T[]) => T;
  /** The id of an event of a type, or now and then of another. */
  readonly some: (type: string) => EventId;
  readonly common: { readonly who: PersonId; readonly prompt: PromptId; readonly identity: 'git' };
  readonly version: EventId;
  readonly note: string | null;
}

/** A deployment, its end, its review, a refusal or an export; half of them with what `v` 4 adds. */
function anyDeployment(drawing: Drawing): EventDraft {
  const { draw, pick, some, common, version, digest, note } = drawing;
  const isFourth = draw(2) === 0;
  const orNull = <T>(value: T): T | null => (draw(2) === 0 ? null : value);
  const deployment = some('deployment.recorded');
  const env = pick(['a', 'b']);
  const policyOf = { version, policy: digestOf(policy) };
  const act = draw(6);
  if (act <= 1) {
    return {
      ...{ ...common, type: 'deployment.recorded' },
      refs: {
        ...{ ...policyOf, digest, env, breakGlass: draw(2) === 0 },
        outcome: pick(['succeeded', 'succeeded', 'failed'] as const),
        previous: orNull(deployment),
        rollbackOf: orNull(deployment),
        ...(isFourth ? { promotedFrom: orNull(some('deployment.recorded')) } : {}),
      },
      body: {
        ...{ note, reference: null },
        ...(isFourth ? { release: orNull('1.0'), pipeline: orNull('run 7') } : {}),
      },
    };
  }
  if (act === 2)
    return {
      ...{ ...common, type: 'deployment.reviewed' },
      refs: { deployment, outcome: pick(['accepted', 'objected'] as const) },
      body: { findings: note ?? '' },
    };
  if (act === 3)
    return {
      ...{ ...common, type: 'deployment.ended' },
      refs: { deployment },
      body: { reason: 'over' },
    };
  if (act === 4)
    return {
      ...{ ...common, type: 'attempt.denied' },
      refs: {
        ...{ ...policyOf, env: orNull(env), decision: null },
        attempted: isFourth ? 'deployment.ended' : 'deployment.recorded',
        ...(isFourth ? { deployment: orNull(deployment) } : {}),
      },
      body: { reasons: [] },
    };
  return {
    ...{ who: common.who, identity: 'git', type: 'trail.exported' },
    refs: isFourth ? { sums: digestOf('sums') } : {},
    body: { scope: 'all', ...(isFourth ? { files: draw(9), rows: draw(900) } : {}) },
  };
}
