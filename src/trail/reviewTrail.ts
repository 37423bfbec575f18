import type { VersionRow } from '../core/rows.js';
import type { EventId } from '../core/ids.js';
import type { Explanation } from '../core/explainRows.js';
import type { PlacedThread, ThreadRow } from '../core/talkRows.js';
import { versionRow } from '../core/versionRows.js';
import type { DecideInput, ProposeInput } from './api.js';
import type { TrailContext } from './context.js';
import { decide, decideAll } from './decide.js';
import { explain } from './explain.js';
import { PolicyTrail } from './policyTrail.js';
import { propose } from './propose.js';
import { requestReview } from './requestReview.js';
import { resolveVersion } from './resolveVersion.js';
import type {
  DecidedRow,
  DecideAllInput,
  RequestReviewInput,
  RevokeInput,
  WithdrawInput,
} from './reviewApi.js';
import { revoke } from './revoke.js';
import { comment, resolveThread } from './talk.js';
import type { CommentInput, ResolveThreadInput, ThreadsInput } from './talkApi.js';
import { threads } from './threads.js';
import { withdraw } from './withdraw.js';

/* eslint-disable @typescript-eslint/require-await -- what a read throws must become a rejection */

/** What people say about versions, and what comes of it. */
export abstract class ReviewTrail extends PolicyTrail {
  readonly #context: TrailContext;

  constructor(context: TrailContext) {
    super(context);
    this.#context = context;
  }

  /** See sharedAct. */
  protected abstract synced<T>(
    act: () => Promise<T>,
    reread?: (result: T) => T | Promise<T>,
  ): Promise<T>;

  propose(input: ProposeInput): Promise<VersionRow> {
    return this.synced(() => propose(this.#context, input), this.#again);
  }

  decide(input: DecideInput): Promise<VersionRow> {
    return this.synced(() => decide(this.#context, input), this.#again);
  }

  decideAll(input: DecideAllInput): Promise<readonly DecidedRow[]> {
    return this.synced(
      () => decideAll(this.#context, input),
      (rows) => rows.map((row) => ({ ...row, version: this.#again(row.version) })),
    );
  }

  requestReview(input: RequestReviewInput): Promise<VersionRow> {
    return this.synced(() => requestReview(this.#context, input), this.#again);
  }

  revoke(input: RevokeInput): Promise<VersionRow> {
    return this.synced(() => revoke(this.#context, input), this.#again);
  }

  withdraw(input: WithdrawInput): Promise<VersionRow> {
    return this.synced(() => withdraw(this.#context, input), this.#again);
  }

  comment(input: CommentInput): Promise<ThreadRow> {
    return this.synced(() => comment(this.#context, input));
  }

  resolveThread(input: ResolveThreadInput): Promise<ThreadRow> {
    return this.synced(() => resolveThread(this.#context, input));
  }

  threads(input: ThreadsInput): Promise<readonly PlacedThread[]> {
    return threads(this.#context, input);
  }

  async explain(event: EventId): Promise<Explanation | null> {
    return explain(this.#context, event);
  }

  readonly #again = ({ id }: VersionRow): VersionRow =>
    versionRow(this.#context.view, resolveVersion(this.#context, id, { forWriting: false }));
}
