import { isPromptAuditError } from '../../core/errors.js';
import type { Explanation } from '../../core/explainRows.js';
import type { EventId } from '../../core/ids.js';
import type { EventRow, PersonRef, VerifyReport } from '../../core/rows.js';
import type { EventDetail } from '../../trail/api.js';
import type {
  HostMessage,
  Problem,
  ReadyResult,
  RowsResult,
  Summary,
  TimelineDetail,
  TimelineFilter,
  TimelineRequest,
  VerdictTrace,
} from '../../webview/protocol.js';
import { isJudged } from '../verdict/ruleGroups.js';
import { toDetail, toLink, toRow } from './project.js';
import { toVerification, type VerdictBasis } from './projectVerdicts.js';
import { Search } from './search.js';
import type { TimelineSource } from './source.js';

const mostLinks = 20;
const mostPrompts = 5000;

/** What answers need of VS Code. */
export interface AnswerHost {
  readonly words: Pick<ReadyResult, 'locale' | 'strings'>;
  /** What each verdict rests on, in words. */
  basis(report: VerifyReport): VerdictBasis;
  /** A verdict rule by rule, in words; null where nothing judges such an event. */
  trace(explanation: Explanation): VerdictTrace | null;
  /** Said of an error that is none of ours. */
  readonly unexpected: Problem;
  copy(text: string): PromiseLike<void>;
  /** Takes the event that `show` asked for, once. */
  takeReveal(): EventId | null;
  /** A search, of which the page has the newest matches, came to its end. */
  searched(problem: Problem | null): void;
  onError(error: unknown): void;
}

/** Answers the requests of one page. */
export class TimelineAnswers {
  private search: Search | null = null;
  private lastSummary: Summary = { prompts: [], verification: { state: 'unknown' } };

  constructor(
    private readonly source: TimelineSource,
    private readonly host: AnswerHost,
  ) {}

  /** Ends what is under way: the page is gone. */
  stop(): void {
    this.search?.stop();
    this.search = null;
  }

  /** The reply to a request; never rejects. */
  async reply(request: TimelineRequest): Promise<HostMessage> {
    const { id } = request;
    try {
      return { kind: 'reply', id, ok: true, result: await this.answer(request) };
    } catch (error) {
      return { kind: 'reply', id, ok: false, problem: this.problemOf(error) };
    }
  }

  /** The summary; the last one when the ledger can't be read now. The rows' reply will say why. */
  summary(): Summary {
    try {
      const prompts = this.source.prompts().slice(0, mostPrompts);
      const report = this.source.verification();
      const verification = toVerification(report, report && this.host.basis(report));
      this.lastSummary = { prompts, verification };
    } catch (error) {
      this.host.onError(error);
    }
    return this.lastSummary;
  }

  private answer(request: TimelineRequest): unknown {
    switch (request.kind) {
      case 'ready':
        return this.ready(request);
      case 'rows':
        return this.rows(request.filter, request.pages, request.locate);
      case 'detail':
        return this.detail(request.event);
      case 'step': {
        const { filter, event: from, direction } = request;
        return this.searching(filter, (watch) =>
          this.source.step({ filter, from, direction, watch }),
        );
      }
      case 'verify':
        return this.source.verifyNow(request.full).then(() => this.summary());
      case 'review':
        return Promise.resolve(this.source.review?.(request.key)).then(() => null);
      case 'diff':
        return this.diff(request.event);
      case 'redact':
        return Promise.resolve(this.source.redact?.(request.event)).then(() => null);
      case 'takeBack':
        return Promise.resolve(this.source.takeBack?.(request.event, request.what)).then(
          () => null,
        );
      case 'copyProof':
        return Promise.resolve(this.source.copyProof?.(request.event)).then(() => null);
      case 'copyId':
        return Promise.resolve(this.host.copy(request.event)).then(() => null);
    }
  }

  private async ready(request: Extract<TimelineRequest, { kind: 'ready' }>): Promise<ReadyResult> {
    let rows: ReadyResult['rows'];
    try {
      rows = await this.rows(request.filter, [], request.locate);
    } catch (error) {
      const problem = this.problemOf(error);
      if (problem === null) {
        throw error;
      }
      rows = { problem };
    }
    const summary = this.summary();
    return { ...this.host.words, summary, rows, reveal: this.host.takeReveal() };
  }

  private async rows(
    filter: TimelineFilter,
    pages: readonly number[],
    locate: EventId | null,
  ): Promise<RowsResult> {
    // Where an event stands is known only when the search is done.
    const partial = locate === null;
    const result = await this.searching(filter, (watch) =>
      this.source.page({ filter, pages, locate, partial, watch }),
    );
    if (!result.complete) {
      void this.finish(filter);
    }
    const shown = result.pages.map(({ page, rows }) => ({ page, rows: rows.map(toRow) }));
    return { ...result, pages: shown };
  }

  /** Goes on with a search of which the page has the newest matches, and says when it is done. */
  private async finish(filter: TimelineFilter): Promise<void> {
    const search = this.searchFor(filter);
    if (search.awaited) {
      return;
    }
    search.awaited = true;
    let problem: Problem | null = null;
    try {
      await this.source.page({ filter, pages: [], locate: null, watch: search });
    } catch (error) {
      problem = this.problemOf(error);
    }
    search.awaited = false;
    if (!search.superseded) {
      this.host.searched(problem);
    }
  }

  private async searching<T>(
    filter: TimelineFilter,
    work: (watch: Search) => Promise<T>,
  ): Promise<T> {
    const search = this.searchFor(filter);
    try {
      return await work(search);
    } catch (error) {
      throw search.explains(error) ? new Superseded() : error;
    }
  }

  private searchFor(filter: TimelineFilter): Search {
    if (this.search?.isAbout(filter) === true) {
      return this.search;
    }
    this.search?.stop();
    this.search = new Search(filter);
    return this.search;
  }

  private async detail(event: EventId): Promise<TimelineDetail | null> {
    const detail = await this.source.detail(event);
    if (detail === null) {
      return null;
    }
    const parents = detail.row.parents.slice(0, mostLinks);
    const children = detail.children.slice(0, mostLinks);
    const rows = await this.source.rows([...parents, ...children]);
    const links = [...parents, ...children].map((id, index) => toLink(id, rows[index] ?? null));
    const around = {
      parents: links.slice(0, parents.length),
      children: links.slice(parents.length),
      moreChildren: Math.max(0, detail.children.length - mostLinks),
    };
    const verdict = await this.verdict(detail.row);
    return {
      ...toDetail(detail, around, this.source.hasRemote()),
      ...(verdict === null ? {} : { verdict }),
      ...takenBack(detail, this.source.me?.() ?? null),
    };
  }

  /** The detail is of use without it, too. */
  private async verdict({ id, type }: EventRow): Promise<VerdictTrace | null> {
    if (!isJudged(type)) {
      return null;
    }
    try {
      const explanation = (await this.source.explain?.(id)) ?? null;
      return explanation && this.host.trace(explanation);
    } catch (error) {
      this.host.onError(error);
      return null;
    }
  }

  private async diff(event: EventId): Promise<boolean> {
    if (((await this.source.detail(event))?.diff ?? null) === null) {
      return false;
    }
    await this.source.openDiff(event);
    return true;
  }

  /** What the page says of an error; null when nobody waits for an answer any more. */
  private problemOf(error: unknown): Problem | null {
    if (error instanceof Superseded || isPromptAuditError(error, 'cancelled')) {
      return null;
    }
    this.host.onError(error);
    return isPromptAuditError(error)
      ? { message: error.message, remedy: error.remedy }
      : this.host.unexpected;
  }
}

/** An own decision that stands, or a version that nobody turned down. */
function takenBack(
  { row, version }: EventDetail,
  me: PersonRef | null,
): Pick<TimelineDetail, 'canTakeBack'> {
  if (version === null || me === null) {
    return {};
  }
  if (row.type === 'version.proposed') {
    return /^(waiting|approved|changes-requested)$/.test(version.state)
      ? { canTakeBack: 'version' }
      : {};
  }
  const decision = version.decisions.find(({ id }) => id === row.id);
  const stands = decision !== undefined && decision.revoked === undefined;
  const mine = row.who.id === me.id || (row.who.email !== null && row.who.email === me.email);
  return stands && mine ? { canTakeBack: 'decision' } : {};
}

/** Ends a request whose answer nobody waits for any more. */
class Superseded extends Error {}
