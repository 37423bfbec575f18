import { isDeepStrictEqual } from 'node:util';
import {
  window,
  workspace,
  type CommentController,
  type CommentThread,
  type Range,
  type TextDocument,
} from 'vscode';
import type { EventId } from '../../core/ids.js';
import type { PlacedThread, ThreadRow } from '../../core/talkRows.js';
import { coalesce } from '../base/coalesce.js';
import { Disposable } from '../base/disposable.js';
import { Idle } from '../base/idle.js';
import { logError, type Log } from '../base/log.js';
import { SerialQueue } from '../base/serial.js';
import { versionScheme } from '../review/versionUri.js';
import type { Sessions } from '../session/sessions.js';
import type { TrailSession } from '../session/trailSession.js';
import { leftSide, rightSides } from './diffSides.js';
import { talkPlaces, threadsAt, versionPlace, type TalkPlace } from './places.js';
import { createThread, talkController, updateThread } from './talkController.js';

/** Milliseconds without a key after which threads move to where their lines are now. */
const typingEnds = 400;

/** A thread of the trail, as a command gets it from the editor. */
export interface ThreadInTrail {
  readonly session: TrailSession;
  readonly thread: EventId;
}

/** Where somebody began a thread that the trail does not have yet. */
export interface BegunThread {
  readonly session: TrailSession;
  readonly version: EventId;
  /** Undefined: the whole version. */
  readonly range: Range | undefined;
}

interface ShownDocument {
  /** Of the place for which `rows` were asked for; empty: they must be asked for again. */
  stamp: string;
  rows: readonly PlacedThread[];
  /** What was drawn last. */
  drawn: readonly PlacedThread[];
  readonly threads: Map<EventId, CommentThread>;
}

/** Comments on lines of versions, in the native editors and in VS Code's list of comments. */
export class ReviewTalk extends Disposable {
  private controller: CommentController | null = null;
  private readonly documents = new Map<string, ShownDocument>();
  private readonly known = new WeakMap<CommentThread, ThreadInTrail>();
  private readonly work = new SerialQueue();
  private readonly refresh = coalesce(() =>
    this.work
      .run(() => this.show())
      .catch((error: unknown) => logError(this.log, 'comments', error)),
  );
  private readonly typing = this._register(new Idle(() => void this.refresh(), typingEnds));

  constructor(
    private readonly sessions: Sessions,
    private readonly log: Log,
  ) {
    super();
    this._register(sessions.onDidChange(() => void this.refresh()));
    this._register(window.tabGroups.onDidChangeTabs(() => void this.refresh()));
    this._register(workspace.onDidOpenTextDocument((document) => this.opened(document)));
    this._register(workspace.onDidCloseTextDocument((document) => this.opened(document)));
    this._register(
      workspace.onDidChangeTextDocument(({ document }) => {
        if (this.documents.has(document.uri.toString())) {
          this.typing.touch();
        }
      }),
    );
  }

  /** What a thread of the editor is in the trail; null for one that was only begun. */
  inTrail(thread: CommentThread): ThreadInTrail | null {
    return this.known.get(thread) ?? null;
  }

  /** Null where a thread stands on no version. */
  begunOn(thread: CommentThread): BegunThread | null {
    const place = versionPlace(this.sessions, thread.uri);
    return place && { session: place.session, version: place.version, range: thread.range };
  }

  /** Records what somebody says. A thread that they began becomes the recorded one, so that nothing flickers. */
  async say(
    session: TrailSession,
    record: () => Promise<ThreadRow>,
    begun: CommentThread | null = null,
  ): Promise<ThreadRow> {
    const said = await this.work.run(async () => {
      const row = await record();
      if (begun !== null) {
        this.known.set(begun, { session, thread: row.id });
        const document = this.documentAt(begun.uri.toString());
        document.threads.set(row.id, begun);
        document.stamp = '';
      }
      return row;
    });
    await this.refresh();
    return said;
  }

  override dispose(): void {
    super.dispose();
    this.controller?.dispose();
    this.documents.clear();
  }

  private opened({ uri }: TextDocument): void {
    if (uri.scheme === versionScheme || this.documents.has(uri.toString())) {
      void this.refresh();
    }
  }

  private documentAt(uri: string): ShownDocument {
    let document = this.documents.get(uri);
    if (document === undefined) {
      document = { stamp: '', rows: [], drawn: [], threads: new Map() };
      this.documents.set(uri, document);
    }
    return document;
  }

  private async show(): Promise<void> {
    if (this.isDisposed) {
      return;
    }
    const places = talkPlaces(this.sessions);
    if (places.length > 0) {
      this.controllerNow();
    }
    const open = new Set(places.map(({ uri }) => uri.toString()));
    for (const [uri, { threads }] of this.documents) {
      if (!open.has(uri)) {
        threads.forEach((thread) => thread.dispose());
        this.documents.delete(uri);
      }
    }
    for (const place of places) {
      try {
        await this.ask(place);
      } catch (error) {
        logError(this.log, 'comments', error);
      }
    }
    if (!this.isDisposed) {
      this.draw(places);
    }
  }

  private async ask(place: TalkPlace): Promise<void> {
    const document = this.documentAt(place.uri.toString());
    if (document.stamp !== place.stamp) {
      document.rows = await threadsAt(place);
      document.stamp = place.stamp;
    }
  }

  private draw(places: readonly TalkPlace[]): void {
    const sides = rightSides();
    for (const place of places) {
      const document = this.documentAt(place.uri.toString());
      const right = this.documents.get(sides.get(place.uri.toString()) ?? '');
      const rows = right === undefined ? document.rows : leftSide(document.rows, right.rows);
      const { drawn } = document;
      if (rows.length !== drawn.length || rows.some((row, at) => row !== drawn[at])) {
        this.drawOn(place, document, rows);
        document.drawn = rows;
      }
    }
  }

  private drawOn(
    place: TalkPlace,
    { threads, drawn }: ShownDocument,
    rows: readonly PlacedThread[],
  ): void {
    for (const [id, thread] of threads) {
      const row = rows.find((one) => one.id === id);
      // The editor does not move a thread from a line to the whole document, as a redaction asks for.
      const hasMoved = row?.place === null && thread.range !== undefined;
      if (row === undefined || hasMoved) {
        thread.dispose();
        threads.delete(id);
      }
    }
    for (const row of rows) {
      const thread = threads.get(row.id) ?? createThread(this.controllerNow(), place, row);
      const before = threads.has(row.id) ? drawn.find(({ id }) => id === row.id) : undefined;
      // Somebody may be writing an answer: what is as it was is left alone.
      if (before === undefined || !isDeepStrictEqual(row, before)) {
        updateThread(thread, place.session, row);
      }
      threads.set(row.id, thread);
      this.known.set(thread, { session: place.session, thread: row.id });
    }
  }

  /** VS Code lists its comments from the first controller on, so none is made before it has a use. */
  private controllerNow(): CommentController {
    return (this.controller ??= talkController(this.sessions));
  }
}
