import { isPromptAuditError } from '../../core/errors.js';
import type { EventId } from '../../core/ids.js';
import type {
  HostMessage,
  Problem,
  ReadyResult,
  Summary,
  TimelineDetail,
  TimelineRequest,
} from '../../webview/protocol.js';
import { EventList } from './eventList.js';
import { toDetail, toLink, toVerification } from './project.js';
import type { TimelineSource } from './source.js';

const mostLinks = 20;
const mostPrompts = 5000;

/** What answers need of VS Code. */
export interface AnswerHost {
  readonly words: Pick<ReadyResult, 'locale' | 'strings'>;
  /** Said of an error that is none of ours. */
  readonly unexpected: Problem;
  copy(text: string): PromiseLike<void>;
  /** Takes the event that `show` asked for, once. */
  takeReveal(): EventId | null;
  onError(error: unknown): void;
}

/** Answers the requests of one page. */
export class TimelineAnswers {
  private readonly list: EventList;
  private lastSummary: Summary = { prompts: [], verification: { state: 'unknown' } };

  constructor(
    private readonly source: TimelineSource,
    private readonly host: AnswerHost,
  ) {
    this.list = new EventList(source);
  }

  /** Called when the ledger changed. */
  clear(): void {
    this.list.clear();
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
      const verification = toVerification(report, (seq) => this.list.eventAt(seq));
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
        return this.list.result(request.filter, request.pages, request.locate);
      case 'detail':
        return this.detail(request.event);
      case 'step':
        return this.list.step(request.filter, request.event, request.direction);
      case 'verify':
        return this.source.verifyNow().then(() => this.summary());
      case 'diff':
        return this.diff(request.event);
      case 'copyId':
        return Promise.resolve(this.host.copy(request.event)).then(() => null);
    }
  }

  private ready(request: Extract<TimelineRequest, { kind: 'ready' }>): ReadyResult {
    let rows: ReadyResult['rows'];
    try {
      rows = this.list.result(request.filter, [], request.locate);
    } catch (error) {
      rows = { problem: this.problemOf(error) };
    }
    const summary = this.summary();
    return { ...this.host.words, summary, rows, reveal: this.host.takeReveal() };
  }

  private detail(event: EventId): TimelineDetail | null {
    const detail = this.source.detail(event);
    if (detail === null) {
      return null;
    }
    const link = (id: EventId): ReturnType<typeof toLink> => toLink(id, this.source.detail(id));
    return toDetail(detail, {
      parents: detail.row.parents.slice(0, mostLinks).map(link),
      children: detail.children.slice(0, mostLinks).map(link),
      moreChildren: Math.max(0, detail.children.length - mostLinks),
    });
  }

  private async diff(event: EventId): Promise<boolean> {
    if ((this.source.detail(event)?.diff ?? null) === null) {
      return false;
    }
    await this.source.openDiff(event);
    return true;
  }

  private problemOf(error: unknown): Problem {
    this.host.onError(error);
    return isPromptAuditError(error)
      ? { message: error.message, remedy: error.remedy }
      : this.host.unexpected;
  }
}
