import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { PromptAuditError, isPromptAuditError } from '../../src/core/errors.js';
import type { Digest, EventId, LedgerId } from '../../src/core/ids.js';
import type { Progress } from '../../src/core/watch.js';
import { report } from '../../src/core/watch.js';
import type { EventDetail, StampedStatus, Trail } from '../../src/trail/api.js';
import type { PageResult } from '../../src/trail/pageApi.js';
import { workerChannel } from '../../src/worker/channel.js';
import { WorkerLink } from '../../src/worker/link.js';
import { split } from '../../src/worker/parts.js';
import { RemoteEngine } from '../../src/worker/trailProxy.js';
import { temporaryFolder } from '../tools/temporary.js';
import { folderOptions, WorkerPair } from '../tools/workerPair.js';

const digest = `sha256:${'0'.repeat(64)}` as Digest;
const point = { id: 'd'.repeat(32) as LedgerId, size: 7, root: '0'.repeat(64) };
const query = {
  filter: { text: 'a', prompt: null, groups: [] },
  pages: [],
  locate: null,
} as const;

async function failure(promise: Promise<unknown>): Promise<PromptAuditError> {
  const error: unknown = await promise.then(
    () => assert.fail('it was expected to fail'),
    (failed: unknown) => failed,
  );
  assert.ok(isPromptAuditError(error), String(error));
  return error;
}

describe('trail behind a worker', () => {
  let pair: WorkerPair;
  const open = (trail: Partial<Trail>): Promise<Trail> => {
    pair = new WorkerPair(trail);
    return pair.engine.openTrail(folderOptions);
  };
  afterEach(() => pair.clean());

  it('answers what the trail answers, and knows its root', async () => {
    const trail = await open({ point: async () => point, detail: async () => null });
    assert.deepEqual([trail.root, trail.git], ['/repo', true]);
    assert.deepEqual(await trail.point(), point);
    assert.equal(await trail.detail('f'.repeat(64) as EventId), null);
    assert.equal(pair.started, 1);
  });

  it('keeps undefined members, dates, maps and bytes as they are', async () => {
    const odd = { a: undefined, at: new Date(0), map: new Map([['x', [1]]]) };
    const whole = Buffer.from('0123456789');
    const trail = await open({
      detail: async () => odd as unknown as EventDetail,
      content: async () => whole.subarray(2, 5),
    });
    const got: unknown = await trail.detail('f'.repeat(64) as EventId);
    assert.deepEqual(got, odd);
    assert.ok('a' in (got as object));
    const bytes = await trail.content(digest);
    assert.deepEqual([...bytes], [...Buffer.from('234')]);
    assert.equal(bytes.buffer.byteLength, 3, 'nothing but the text crosses');
    assert.equal(whole.toString(), '0123456789');
  });

  it('checks a proof with no trail open', async () => {
    pair = new WorkerPair();
    const report = await pair.engine.checkProof({ proof: 'no proof' });
    assert.deepEqual([report.holds, report.problems[0]?.code], [false, 'proof.unreadable']);
    assert.equal(await pair.engine.proofStart('no proof'), null);
    assert.deepEqual(pair.opened, []);
  });

  it('looks at the hooks of git with no trail open', async () => {
    pair = new WorkerPair();
    await assert.rejects(pair.engine.hooks('/', { kind: 'status' }), { code: 'git.failed' });
    assert.deepEqual(pair.opened, []);
  });

  it('gives errors with code, remedy and reasons, and bugs without a stack', async () => {
    const refusal = new PromptAuditError({
      code: 'decision.refused',
      message: 'You cannot approve it.',
      remedy: 'Ask somebody else.',
      reasons: ['approver.contributed'],
    });
    const trail = await open({ decide: () => Promise.reject(refusal) });
    const input = { target: 'a', decision: 'approved', identity: 'git' } as const;
    const error = await failure(trail.decide(input));
    const { code, message, remedy, reasons } = error;
    assert.deepEqual(
      { code, message, remedy, reasons: [...reasons] },
      {
        code: refusal.code,
        message: refusal.message,
        remedy: refusal.remedy,
        reasons: ['approver.contributed'],
      },
    );
    const bug = await failure(pair.engine.initTrail(folderOptions, { preset: 'team' }));
    assert.equal(bug.code, 'engine.failed');
    assert.match(bug.message, /\(TypeError: x is\)/);
    assert.doesNotMatch(`${bug.message}${bug.remedy}`, /\bat |\.ts|\.js/);
  });

  it('fails for what cannot be cloned, on either side, and goes on', async () => {
    const trail = await open({
      status: async () => ({ f: () => 1 }) as never,
      point: async () => point,
    });
    assert.equal((await failure(trail.status())).code, 'engine.failed');
    const call = trail.propose({ path: (() => 1) as unknown as string, note: '' });
    assert.equal((await failure(call)).code, 'engine.failed');
    assert.deepEqual(await trail.point(), point);
  });

  it('sends long lists in parts, between which the host does other things', async () => {
    const rows = Array.from({ length: 950 }, (_, seq) => ({ seq }));
    const status = { prompts: rows, reviews: rows.slice(0, 3), ledger: point, active: [] };
    const odd = { stamp: 's', status } as unknown as StampedStatus;
    const trail = await open({
      statusSince: async () => odd,
      log: async () => rows as never,
      detail: async () => null,
    });
    assert.deepEqual(await Promise.all([trail.statusSince(null), trail.log()]), [odd, rows]);
    assert.equal(await trail.detail('f'.repeat(64) as EventId), null);
    assert.equal(status.prompts.length, 950, 'the worker keeps its own');
    assert.deepEqual(
      split(odd).parts.map(({ path: at, rows: part }) => [at.join('.'), part.length]),
      [...Array.from({ length: 9 }, () => ['status.prompts', 100]), ['status.prompts', 50]],
    );
  });

  it('passes warnings on for as long as the trail is open', async () => {
    pair = new WorkerPair({
      fold: async () => pair.opened[0]!.warn?.('set aside'),
      close: async () => undefined,
    });
    const told: string[] = [];
    const trail = await pair.engine.openTrail({ ...folderOptions, warn: (m) => told.push(m) });
    await trail.fold();
    await trail.fold();
    assert.deepEqual(told, ['set aside', 'set aside']);
    await trail.close();
  });

  it('starts calls in their order, and gives late answers to whom they belong', async () => {
    const order: string[] = [];
    const ends = new Map<string, () => void>();
    const trail = await open({
      tracks: async (file) => {
        order.push(file);
        await new Promise<void>((resolve) => ends.set(file, resolve));
        return file === 'b';
      },
      point: async () => point,
    });
    const [a, b] = [trail.tracks('a'), trail.tracks('b')];
    await trail.point();
    assert.deepEqual(order, ['a', 'b']);
    ends.get('b')!();
    assert.equal(await b, true);
    ends.get('a')!();
    assert.equal(await a, false);
  });

  it('tells progress, a few times a second, and stops at the next look', async () => {
    const seen: Progress[] = [];
    let cancel = false;
    const rounds = 1e9;
    const trail = await open({
      page: async ({ watch }): Promise<PageResult> => {
        // As a search does: it gives others a turn, so that messages can pass in this one thread.
        for (let done = 0; done < rounds; done++) {
          report(watch, { what: 'search', done, total: rounds });
          await new Promise((resolve) => setImmediate(resolve));
        }
        return assert.fail('it was not cancelled');
      },
    });
    const watch = {
      progress: (progress: Progress) => {
        seen.push(progress);
        cancel = seen.length >= 2;
      },
      isCancelled: () => cancel,
    };
    assert.equal((await failure(trail.page({ ...query, watch }))).code, 'cancelled');
    assert.equal(seen[0]?.done, 0);
    assert.ok((seen[1]?.done ?? 0) > 1, 'most of the progress stays on the other side');
  });

  it('cancels at once what a newer call takes the place of', async () => {
    const began: string[] = [];
    const trail = await open({
      page: async ({ filter, watch }) => {
        began.push(filter.text);
        await new Promise((resolve) => setImmediate(resolve));
        report(watch, { what: 'search', done: 0, total: null });
        return { matching: 3 } as PageResult;
      },
    });
    let over = false;
    const old = trail.page({ ...query, watch: { isCancelled: () => over } });
    over = true;
    const filter = { ...query.filter, text: 'ab' };
    const next = trail.page({ ...query, filter, watch: { isCancelled: () => false } });
    assert.equal((await failure(old)).code, 'cancelled');
    assert.equal((await next).matching, 3);
    assert.deepEqual(began, ['a', 'ab']);
  });

  it('fails what is under way when the worker ends, and opens the trail again in the next one', async () => {
    let hang = true;
    const trail = await open({
      refresh: () => (hang ? new Promise<boolean>(() => undefined) : Promise.resolve(true)),
      point: async () => point,
    });
    const [one, other] = [trail.refresh(), trail.refresh()];
    await trail.point();
    pair.crash('out of memory');
    for (const call of [one, other]) {
      const { code, message } = await failure(call);
      assert.equal(code, 'engine.failed');
      assert.match(message, /out of memory/);
    }
    hang = false;
    assert.deepEqual(await Promise.all([trail.refresh(), trail.point()]), [true, point]);
    assert.equal(pair.started, 2);
    assert.deepEqual(
      pair.opened.map(({ folder }) => folder),
      ['/repo', '/repo'],
    );
  });

  it('cancels what looks long at a trail that is closed', async () => {
    const trail = await open({
      verify: async ({ watch } = {}) => {
        for (;;) {
          report(watch, { what: 'verify', done: 0, total: null });
          await new Promise((resolve) => setImmediate(resolve));
        }
      },
      close: async () => undefined,
    });
    const verifying = failure(trail.verify({ watch: { isCancelled: () => false } }));
    await trail.close();
    assert.equal((await verifying).code, 'cancelled');
  });

  it('starts no worker only to close a trail', async () => {
    const trail = await open({ close: async () => undefined });
    pair.crash('exit status 1');
    await trail.close();
    assert.equal(pair.started, 1);
  });

  it('tries again to open a trail that could not be opened', async () => {
    let broken = true;
    const trail = await open({
      point: async () => point,
    });
    const { opened } = pair;
    const push = opened.push.bind(opened);
    opened.push = (...all) => {
      if (broken) throw new PromptAuditError({ code: 'disk.failed', message: 'm', remedy: 'r' });
      return push(...all);
    };
    pair.crash('exit status 1');
    assert.equal((await failure(trail.point())).code, 'disk.failed');
    broken = false;
    assert.deepEqual(await trail.point(), point);
  });

  it('answers nothing any more when the window closes', async () => {
    const trail = await open({ refresh: () => new Promise<boolean>(() => undefined) });
    const call = trail.refresh();
    await pair.engine.end();
    assert.equal((await failure(call)).code, 'cancelled');
    assert.equal((await failure(trail.refresh())).code, 'cancelled');
    assert.equal(pair.started, 1);
  });
});

describe('thread of a worker', () => {
  const folder = temporaryFolder('worker');
  after(() => folder.remove());

  function engineOf(code: string): RemoteEngine {
    const file = path.join(folder.path, 'worker.js');
    writeFileSync(file, `const { parentPort } = require('node:worker_threads');\n${code}`);
    return new RemoteEngine(new WorkerLink(() => workerChannel(file)));
  }

  it('is told from its end why a call fails: exit or error', async () => {
    const ends: [string, RegExp][] = [
      ["parentPort.on('message', () => process.exit(3))", /exit status 3/],
      ["parentPort.on('message', () => { throw new Error('boom'); })", /boom/],
      ["throw new Error('at once')", /at once/],
      ['syntax error', /Unexpected identifier/],
    ];
    for (const [code, why] of ends) {
      const engine = engineOf(code);
      const { code: kind, message } = await failure(engine.siteOf('/repo'));
      assert.equal(kind, 'engine.failed');
      assert.match(message, why);
      await engine.end();
    }
  });

  it('is cancelled while it computes without listening', async () => {
    const engine = engineOf(`
      parentPort.on('message', ({ id, args, flag }) => {
        parentPort.postMessage({ kind: 'progress', id, progress: { what: 'open', done: 1, total: 2 } });
        const error = { code: 'cancelled', message: 'Cancelled.', remedy: '', reasons: [] };
        while (Atomics.load(new Int32Array(flag), 0) === 0);
        parentPort.postMessage({ kind: 'failed', id, error });
      });`);
    let cancel = false;
    const watch = { progress: () => (cancel = true), isCancelled: () => cancel };
    const error = await failure(engine.openTrail({ ...folderOptions, watch }));
    assert.equal(error.code, 'cancelled');
    await engine.end();
  });
});
