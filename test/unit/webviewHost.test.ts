import assert from 'node:assert/strict';
import { PromptAuditError } from '../../src/core/errors.js';
import type { EventId, PromptId } from '../../src/core/ids.js';
import type { EventRow, Finding } from '../../src/core/rows.js';
import type { AnswerHost } from '../../src/extension/timeline/answers.js';
import { TimelineAnswers } from '../../src/extension/timeline/answers.js';
import { groupOf } from '../../src/extension/timeline/groups.js';
import { timelineHtml } from '../../src/extension/timeline/html.js';
import { parseRequest } from '../../src/extension/timeline/messages.js';
import type { TimelineSource } from '../../src/extension/timeline/source.js';
import type { HostMessage, RowsResult, TimelineRequest } from '../../src/webview/protocol.js';

const idOf = (seq: number): EventId => seq.toString(16).padStart(64, '0') as EventId;
const promptA = 'a'.repeat(32) as PromptId;
const types = ['revision.saved', 'version.proposed', 'review.decided', 'future.type'];

function eventRow(seq: number): EventRow {
  return {
    seq,
    id: idOf(seq),
    type: types[seq % types.length] ?? '',
    at: '2026-11-21T05:12:33.123Z',
    utcOffset: 0,
    who: { id: 'b'.repeat(32) as EventRow['who']['id'], name: 'Anna Author', email: null },
    prompt: seq % 2 === 0 ? promptA : null,
    path: null,
    version: null,
    digest: null,
    env: null,
    refs: {},
    parents: seq > 1 ? [idOf(seq - 1)] : [],
    note: 'n'.repeat(1 << 20),
    summary: 'saved a revision',
    synced: true,
  };
}

const rows = Array.from({ length: 450 }, (_, index) => eventRow(index + 1));
const finding: Finding = {
  code: 'x',
  severity: 'error',
  seq: 12,
  event: null,
  message: 'broken',
  expected: null,
  found: null,
  remedy: 'restore',
};

function sourceWith(changes: Partial<TimelineSource> = {}): TimelineSource {
  return {
    rows: ({ text, prompt }) =>
      rows.filter((row) => (prompt === null || row.prompt === prompt) && row.id.startsWith(text)),
    detail: (id) => {
      const row = rows.find((candidate) => candidate.id === id);
      return row === undefined
        ? null
        : {
            row,
            headerText: '{}',
            bodyText: null,
            children: [],
            tool: null,
            identity: null,
            version: null,
            diff: null,
            reasons: [],
          };
    },
    prompts: () => [{ id: promptA, path: 'a.prompt.md' }],
    verification: () => ({
      ledger: null,
      checked: 450,
      findings: [finding],
      intact: false,
      brokenAt: 12,
    }),
    verifyNow: () => Promise.reject(new Error('boom')),
    openDiff: () => Promise.resolve(),
    onDidChange: () => ({ dispose: () => undefined }),
    ...changes,
  };
}

const host: AnswerHost = {
  words: { locale: 'en', strings: {} as AnswerHost['words']['strings'] },
  unexpected: { message: 'unknown error', remedy: 'try again' },
  copy: () => Promise.resolve(),
  takeReveal: () => null,
  onError: () => undefined,
};
const noFilter = { text: '', prompt: null, groups: [] } as const;

async function ask(request: TimelineRequest, source = sourceWith()): Promise<HostMessage> {
  return new TimelineAnswers(source, host).reply(request);
}

async function result<T>(request: TimelineRequest, source?: TimelineSource): Promise<T> {
  const reply = await ask(request, source);
  assert.ok(reply.kind === 'reply' && reply.ok);
  return reply.result as T;
}

describe('timeline host: messages', () => {
  it('accepts what the page sends', () => {
    const event = idOf(3);
    const good: TimelineRequest[] = [
      { kind: 'ready', id: 1, filter: noFilter, locate: null },
      {
        kind: 'rows',
        id: 2,
        filter: { text: 'x', prompt: promptA, groups: ['edits'] },
        pages: [1, 2],
        locate: event,
      },
      { kind: 'detail', id: 3, event },
      { kind: 'step', id: 4, filter: noFilter, event, direction: 'older' },
      { kind: 'verify', id: 5 },
      { kind: 'diff', id: 6, event },
      { kind: 'copyId', id: 7, event },
    ];
    for (const request of good) {
      assert.deepEqual(parseRequest(structuredClone(request)), request);
    }
  });

  it('refuses everything else', () => {
    const rowsOf = (change: object): object => ({
      kind: 'rows',
      id: 1,
      filter: noFilter,
      pages: [],
      locate: null,
      ...change,
    });
    const bad: unknown[] = [
      null,
      [],
      'verify',
      { kind: 'verify' },
      { kind: 'verify', id: -1 },
      { kind: 'verify', id: 1.5 },
      { kind: 'toString', id: 1 },
      { kind: '__proto__', id: 1 },
      { kind: 'diff', id: 1, event: '../../etc/passwd' },
      { kind: 'diff', id: 1, event: idOf(1).toUpperCase().replace('0', 'G') },
      { kind: 'copyId', id: 1, event: ['a'] },
      { kind: 'step', id: 1, filter: noFilter, event: idOf(1), direction: 'sideways' },
      rowsOf({ pages: [-1] }),
      rowsOf({ pages: Array.from({ length: 17 }, (_, index) => index) }),
      rowsOf({ pages: 'all' }),
      rowsOf({ locate: undefined }),
      rowsOf({ filter: null }),
      rowsOf({ filter: { ...noFilter, text: 'x'.repeat(501) } }),
      rowsOf({ filter: { ...noFilter, prompt: 'a.md' } }),
      rowsOf({ filter: { ...noFilter, groups: ['__proto__'] } }),
    ];
    for (const message of bad) {
      assert.equal(parseRequest(message), null, JSON.stringify(message));
    }
  });

  it('keeps no members that were not agreed', () => {
    const parsed = parseRequest({ kind: 'verify', id: 1, evil: true });
    assert.deepEqual(parsed, { kind: 'verify', id: 1 });
  });
});

describe('timeline host: answers', () => {
  it('sends the newest rows, with counts and cut notes', async () => {
    const answer = await result<RowsResult>({
      kind: 'rows',
      id: 1,
      filter: noFilter,
      pages: [],
      locate: null,
    });
    assert.equal(answer.matching, 450);
    assert.deepEqual(
      answer.pages.map(({ page }) => page),
      [2, 1],
    );
    assert.equal(answer.counts.edits + answer.counts.versions, 225);
    assert.ok((answer.pages[0]?.rows[0]?.note?.length ?? 0) < 400);
  });

  it('filters by group, unknown types under other, and locates', async () => {
    const filter = { ...noFilter, groups: ['other'] } as const;
    const request = { kind: 'rows', id: 1, filter, pages: [0, 9999], locate: idOf(7) } as const;
    const answer = await result<RowsResult>(request);
    assert.equal(groupOf('future.type'), 'other');
    assert.equal(groupOf('constructor'), 'other');
    assert.equal(answer.total, 450);
    assert.equal(answer.matching, 112);
    assert.equal(answer.located, 1);
    assert.deepEqual(
      answer.pages.map(({ page }) => page),
      [0],
    );
  });

  it('asks the source once per filter and change', async () => {
    let calls = 0;
    const source = sourceWith({
      rows: () => {
        calls += 1;
        return rows;
      },
    });
    const answers = new TimelineAnswers(source, host);
    const request = { kind: 'rows', id: 1, filter: noFilter, pages: [0], locate: null } as const;
    await answers.reply(request);
    await answers.reply({ ...request, pages: [1] });
    assert.equal(calls, 1);
    answers.clear();
    await answers.reply(request);
    assert.equal(calls, 2);
  });

  it('steps among the events of one prompt', async () => {
    const step = { kind: 'step', id: 1, filter: noFilter, event: idOf(4) } as const;
    assert.equal(await result({ ...step, direction: 'older' }), idOf(2));
    assert.equal(await result({ ...step, direction: 'newer' }), idOf(6));
    assert.equal(await result({ ...step, event: idOf(450), direction: 'newer' }), null);
    assert.equal(await result({ ...step, event: idOf(3), direction: 'newer' }), null);
  });

  it('names the event of a finding that knows only its position', () => {
    const { verification } = new TimelineAnswers(sourceWith(), host).summary();
    assert.ok(verification.state === 'broken');
    assert.equal(verification.findings[0]?.event, idOf(12));
  });

  it('says that an event has no text to compare', async () => {
    assert.equal(await result({ kind: 'diff', id: 1, event: idOf(1) }), false);
  });

  it('tells our errors as they are, others in general words', async () => {
    const own = new PromptAuditError({
      code: 'ledger.damaged',
      message: 'The ledger is damaged.',
      remedy: 'Run verify.',
    });
    const fail = (error: Error): TimelineSource =>
      sourceWith({
        rows: () => {
          throw error;
        },
      });
    const request = { kind: 'rows', id: 1, filter: noFilter, pages: [], locate: null } as const;
    const told = await ask(request, fail(own));
    assert.ok(told.kind === 'reply' && !told.ok);
    assert.deepEqual(told.problem, { message: own.message, remedy: own.remedy });
    const other = await ask({ kind: 'verify', id: 2 });
    assert.ok(other.kind === 'reply' && !other.ok);
    assert.deepEqual(other.problem, host.unexpected);
    const first = await result<{ rows: object }>(
      { kind: 'ready', id: 1, filter: noFilter, locate: null },
      fail(own),
    );
    assert.deepEqual(first.rows, { problem: told.problem });
  });
});

describe('timeline host: page', () => {
  const input = {
    cspSource: 'https://source.example',
    script: 'https://source.example/timeline.js',
    styles: ['https://source.example/a.css'],
    language: 'en',
    title: '"><script>alert(1)</script>',
    loading: 'Loading',
  };

  it('has a policy without exceptions, and a new nonce each time', () => {
    const html = timelineHtml(input);
    const nonce = /script-src 'nonce-([\w-]{22})'/u.exec(html)?.[1];
    assert.ok(nonce !== undefined && html.includes(`<script nonce="${nonce}"`));
    assert.ok(html.includes("default-src 'none'"));
    assert.ok(!html.includes('unsafe'));
    assert.ok(!/\sstyle=|\son\w+=/u.test(html));
    assert.ok(!timelineHtml(input).includes(nonce));
  });

  it('escapes what it is given', () => {
    assert.ok(!timelineHtml(input).includes('<script>alert'));
  });
});
