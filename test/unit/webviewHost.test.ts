import assert from 'node:assert/strict';
import { unreadableReport } from '../../src/core/verifyReport.js';
import { PromptAuditError } from '../../src/core/errors.js';
import { eventGroups } from '../../src/core/eventGroups.js';
import { noReviews, reported } from '../../src/core/findingReviews.js';
import type { EventId, PromptId } from '../../src/core/ids.js';
import type {
  EventRow,
  Finding,
  SignatureRow,
  VerdictOutcome,
  VerifyReport,
} from '../../src/core/rows.js';
import type { AnswerHost } from '../../src/extension/timeline/answers.js';
import { TimelineAnswers } from '../../src/extension/timeline/answers.js';
import { timelineHtml } from '../../src/extension/timeline/html.js';
import { parseRequest } from '../../src/extension/timeline/messages.js';
import type { TimelineSource } from '../../src/extension/timeline/source.js';
import type { PageQuery, PageResult } from '../../src/trail/pageApi.js';
import type {
  HostMessage,
  RowsResult,
  TimelineDetail,
  TimelineRequest,
} from '../../src/webview/protocol.js';

const idOf = (seq: number): EventId => seq.toString(16).padStart(64, '0') as EventId;
const promptA = 'a'.repeat(32) as PromptId;

function eventRow(seq: number): EventRow {
  return {
    seq,
    id: idOf(seq),
    type: 'revision.saved',
    at: '2026-11-21T05:12:33.123Z',
    utcOffset: 0,
    who: { id: 'b'.repeat(32) as EventRow['who']['id'], name: 'Anna Author', email: null },
    prompt: promptA,
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

const counts = Object.fromEntries(eventGroups.map((group) => [group, 0])) as PageResult['counts'];
const found: PageResult = {
  total: 450,
  matching: 450,
  counts,
  pages: [{ page: 2, rows: [eventRow(401)] }],
  located: null,
  complete: true,
};
const finding: Finding = {
  code: 'x',
  severity: 'error',
  seq: 12,
  event: idOf(12),
  message: 'broken',
  expected: null,
  found: null,
  remedy: 'restore',
};

function sourceWith(changes: Partial<TimelineSource> = {}): TimelineSource {
  return {
    page: async () => found,
    step: async () => null,
    rows: async (ids) => ids.map((id) => (id === idOf(2) ? eventRow(2) : null)),
    detail: async (id) => ({
      row: { ...eventRow(3), id },
      headerText: '{}',
      bodyText: null,
      children: [idOf(4)],
      tool: null,
      identity: null,
      version: null,
      diff: null,
      reasons: [],
    }),
    prompts: () => [{ id: promptA, path: 'a.prompt.md' }],
    verification: () => ({
      ...unreadableReport(finding),
      checked: 450,
      omitted: 9,
      brokenAt: 12,
    }),
    hasRemote: () => true,
    verifyNow: () => Promise.reject(new Error('boom')),
    openDiff: () => Promise.resolve(),
    onDidChange: () => ({ dispose: () => undefined }),
    ...changes,
  };
}

/** Searches that end when they are told to, or when they are cancelled. */
function slowSource(): { source: TimelineSource; asked: PageQuery[]; end: (() => void)[] } {
  const asked: PageQuery[] = [];
  const end: (() => void)[] = [];
  const page = async (query: PageQuery): Promise<PageResult> => {
    asked.push(query);
    await new Promise<void>((resolve) => end.push(resolve));
    if (query.watch?.isCancelled?.() === true)
      throw new PromptAuditError({ code: 'cancelled', message: 'Cancelled.', remedy: '' });
    return found;
  };
  return { source: sourceWith({ page }), asked, end };
}

const host: AnswerHost = {
  words: { locale: 'en', strings: {} as AnswerHost['words']['strings'] },
  basis: () => ({ structure: 's', completeness: 'c', authenticity: 'a', order: 'o' }),
  trace: () => null,
  unexpected: { message: 'unknown error', remedy: 'try again' },
  copy: () => Promise.resolve(),
  takeReveal: () => null,
  searched: () => undefined,
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
      { kind: 'verify', id: 5, full: true },
      { kind: 'diff', id: 6, event },
      { kind: 'copyId', id: 7, event },
      { kind: 'copyProof', id: 8, event },
      { kind: 'review', id: 9, key: '0123456789abcdef' },
      { kind: 'takeBack', id: 10, event, what: 'decision' },
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
      { kind: 'verify', id: 1 },
      { kind: 'verify', id: -1, full: true },
      { kind: 'verify', id: 1.5, full: true },
      { kind: 'verify', id: 1, full: 'yes' },
      { kind: 'review', id: 1, key: idOf(1) },
      { kind: 'review', id: 1, key: '--full' },
      { kind: 'toString', id: 1 },
      { kind: '__proto__', id: 1 },
      { kind: 'diff', id: 1, event: '../../etc/passwd' },
      { kind: 'diff', id: 1, event: idOf(1).toUpperCase().replace('0', 'G') },
      { kind: 'copyId', id: 1, event: ['a'] },
      { kind: 'copyProof', id: 1, event: 'a' },
      { kind: 'takeBack', id: 1, event: idOf(1), what: 'ledger' },
      { kind: 'takeBack', id: 1, event: 'a', what: 'version' },
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
    const parsed = parseRequest({ kind: 'verify', id: 1, full: false, evil: true });
    assert.deepEqual(parsed, { kind: 'verify', id: 1, full: false });
  });
});

const rowsRequest = { kind: 'rows', id: 1, filter: noFilter, pages: [], locate: null } as const;
const searchFor = (text: string, id: number): TimelineRequest => ({
  ...rowsRequest,
  id,
  filter: { ...noFilter, text },
});

describe('timeline host: answers', () => {
  it('sends rows with cut notes', async () => {
    const answer = await result<RowsResult>(rowsRequest);
    assert.equal(answer.matching, 450);
    assert.ok((answer.pages[0]?.rows[0]?.note?.length ?? 0) < 400);
  });

  it('drops a search when another text is looked for, without calling it an error', async () => {
    const { source, asked, end } = slowSource();
    const answers = new TimelineAnswers(source, host);
    const first = answers.reply(searchFor('a', 1));
    const same = answers.reply(searchFor('a ', 2));
    assert.equal(asked[1]?.watch?.isCancelled?.(), false);
    const second = answers.reply(searchFor('ab', 3));
    assert.equal(asked[0]?.watch?.isCancelled?.(), true);
    end.forEach((go) => go());
    for (const dropped of [await first, await same])
      assert.deepEqual(dropped, { ...dropped, ok: false, problem: null });
    const last = await second;
    assert.ok(last.kind === 'reply' && last.ok);
  });

  it('sends the newest matches at once, and says when the search is done', async () => {
    const queries: PageQuery[] = [];
    const page = async (query: PageQuery): Promise<PageResult> => {
      queries.push(query);
      return { ...found, complete: query.partial !== true };
    };
    let say: () => void = () => undefined;
    const done = new Promise<void>((resolve) => (say = resolve));
    const searched = (problem: unknown): void => (assert.equal(problem, null), say());
    const answers = new TimelineAnswers(sourceWith({ page }), { ...host, searched });
    const reply = await answers.reply(searchFor('a', 1));
    assert.ok(reply.kind === 'reply' && reply.ok);
    assert.equal((reply.result as RowsResult).complete, false);
    await done;
    assert.deepEqual(
      queries.map(({ partial }) => partial ?? false),
      [true, false],
    );
  });

  it('waits for the whole search where the place of an event is asked for', async () => {
    const queries: PageQuery[] = [];
    const page = async (query: PageQuery): Promise<PageResult> => (queries.push(query), found);
    await result({ ...rowsRequest, locate: idOf(7) }, sourceWith({ page }));
    assert.equal(queries[0]?.partial, false);
  });

  it('names the events around one, as far as they are known', async () => {
    const detail = await result<{ parents: object[]; children: object[] }>({
      kind: 'detail',
      id: 1,
      event: idOf(3),
    });
    assert.deepEqual(detail.parents, [{ id: idOf(2), label: 'Anna Author saved a revision' }]);
    assert.deepEqual(detail.children, [{ id: idOf(4), label: null }]);
  });

  it('counts findings that did not come along', () => {
    const { verification } = new TimelineAnswers(sourceWith(), host).summary();
    assert.ok(verification.state === 'broken');
    assert.equal(verification.findings[0]?.event, idOf(12));
    assert.equal(verification.findingCount, 10);
  });

  it('gives each verdict by itself, and counts only the warnings that nobody reviewed', () => {
    const by = eventRow(1).who;
    const at = '2026-11-21T05:12:33.123Z';
    const said = { event: idOf(9), by, at, disposition: 'ours', attended: true, signed: false };
    const reviewed = { ...said, notCounting: null };
    const own = { ...said, notCounting: 'same-person' } as const;
    const warning = reported({ ...finding, severity: 'warning' }, noReviews);
    const settled = reported({ ...finding, severity: 'warning' }, () => [reviewed, own]);
    const open = reported({ ...finding, severity: 'warning' }, () => [own]);
    const report: VerifyReport = {
      ...unreadableReport(finding),
      findings: [warning, settled, open],
      intact: true,
    };
    const source = sourceWith({ verification: () => report });
    const { verification } = new TimelineAnswers(source, host).summary();
    assert.ok(verification.state === 'intact');
    assert.equal(verification.warnings, 2);
    assert.deepEqual(verification.verdicts[0], {
      name: 'structure',
      outcome: 'broken',
      warnings: 0,
      reviewed: 0,
      basis: 's',
    });
    assert.deepEqual(verification.findings[1]?.reviewed, {
      by: 'Anna Author',
      at: reviewed.at,
      disposition: 'ours',
      earlier: 1,
      notCounting: null,
    });
    const [, one, other] = verification.findings;
    assert.deepEqual([one?.settled, other?.settled], [true, false]);
    assert.equal(other?.reviewed?.notCounting, 'same-person');
  });

  it('does not say that authenticity holds where acts are not signed', () => {
    const shown = (acts: number, signed: number, outcome: VerdictOutcome = 'holds'): unknown => {
      const report = unreadableReport(finding);
      const authenticity = { ...report.verdicts.authenticity, acts, signed, outcome };
      const verdicts = { ...report.verdicts, authenticity };
      const verification = (): VerifyReport => ({ ...report, verdicts });
      const summary = new TimelineAnswers(sourceWith({ verification }), host).summary();
      assert.ok(summary.verification.state !== 'unknown');
      return summary.verification.verdicts.find(({ name }) => name === 'authenticity')?.outcome;
    };
    assert.deepEqual(
      [shown(0, 0), shown(5, 0), shown(5, 2), shown(5, 5), shown(5, 0, 'doubtful')],
      ['unsigned', 'unsigned', 'partly', 'holds', 'doubtful'],
    );
  });

  it('hands a review and a verification on as they were asked for', async () => {
    const asked: unknown[] = [];
    const source = sourceWith({
      verifyNow: async (full) => (asked.push(full), unreadableReport(finding)),
      review: async (key) => void asked.push(key),
    });
    await ask({ kind: 'verify', id: 1, full: true }, source);
    await ask({ kind: 'verify', id: 2, full: false }, source);
    await ask({ kind: 'review', id: 3, key: '0123456789abcdef' }, source);
    assert.deepEqual(asked, [true, false, '0123456789abcdef']);
  });

  it('calls a verification that was cancelled no problem', async () => {
    const error = new PromptAuditError({ code: 'cancelled', message: 'Cancelled.', remedy: '' });
    const source = sourceWith({ verifyNow: () => Promise.reject(error) });
    const reply = await ask({ kind: 'verify', id: 1, full: true }, source);
    assert.deepEqual(reply, { kind: 'reply', id: 1, ok: false, problem: null });
  });

  it('says what an act rests on, and no more', async () => {
    const signature: SignatureRow = {
      status: 'good',
      event: idOf(8),
      at: '2026-11-21T05:12:33.123Z',
      fingerprint: 'SHA256:x',
      keyType: 'ssh-ed25519',
      principals: 'anna@x.example',
    };
    const plain = await sourceWith().detail(idOf(3));
    const trustOf = async (type: string, status: SignatureRow['status'], remote: boolean) => {
      const row = { ...eventRow(3), type };
      const detail = async () => ({ ...plain!, row, signatures: [{ ...signature, status }] });
      const source = sourceWith({ detail, hasRemote: () => remote });
      return (await result<TimelineDetail>({ kind: 'detail', id: 1, event: idOf(3) }, source))
        .trust;
    };
    assert.deepEqual(await trustOf('review.decided', 'good', true), ['L0', 'L1', 'L2']);
    assert.deepEqual(await trustOf('deployment.recorded', 'good', false), ['L0', 'L1']);
    assert.deepEqual(await trustOf('review.decided', 'other-person', true), ['L0', 'L2']);
    assert.deepEqual(await trustOf('revision.saved', 'good', true), []);
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
        page: () => Promise.reject(error),
      });
    const told = await ask(rowsRequest, fail(own));
    assert.ok(told.kind === 'reply' && !told.ok);
    assert.deepEqual(told.problem, { message: own.message, remedy: own.remedy });
    const other = await ask({ kind: 'verify', id: 2, full: false });
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
