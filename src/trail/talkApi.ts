import type { IdentityAssertion } from '../core/event.js';
import type { EventId } from '../core/ids.js';
import type { VersionName } from './api.js';

/** UTF-8 bytes of one comment. */
export const maxCommentBytes = 64 * 1024;

interface Said {
  readonly text: string;
  readonly identity: IdentityAssertion;
}

/** A first comment on a version. */
export interface NewComment extends Said {
  readonly target: VersionName | EventId;
  /** Of the version's text, from 1; left out: the whole version. */
  readonly line?: number;
  /** Last line; default: `line`. */
  readonly endLine?: number;
}

/** An answer. */
export interface CommentAnswer extends Said {
  /** The first comment of the thread, or any other of it. */
  readonly thread: EventId;
}

export type CommentInput = NewComment | CommentAnswer;

export interface ResolveThreadInput {
  /** The first comment of the thread, or any other of it. */
  readonly thread: EventId;
  /** False: open it again. */
  readonly resolved: boolean;
  readonly note?: string;
  readonly identity: IdentityAssertion;
}

export interface ThreadsInput {
  readonly target: VersionName | EventId;
  /** Only those that are not settled; `before`: of the versions before it only those. */
  readonly open?: boolean | 'before';
  /** The text in which places are meant. Default: that of the version. */
  readonly within?: 'working file' | { readonly text: string };
}
