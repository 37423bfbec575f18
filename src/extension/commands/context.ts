import type { Uri } from 'vscode';
import type { SelectionTexts } from '../identify/selectionText.js';
import type { Log } from '../base/log.js';
import type { SigningNotice } from '../notices/signingNotice.js';
import type { SaveRecorder } from '../saveRecorder.js';
import type { Sessions } from '../session/sessions.js';
import type { Syncer } from '../session/syncer.js';
import type { HooksApi, ProofApi, QuestionsApi } from '../session/trailApi.js';
import type { LedgerFindings } from '../status/ledgerFindings.js';
import type { ReviewTalk } from '../talk/reviewTalk.js';
import type { TimelineOpener } from '../timelineOpener.js';

/** What command handlers work with. */
export interface CommandContext {
  readonly sessions: Sessions;
  readonly log: Log;
  readonly saves: SaveRecorder;
  readonly findings: LedgerFindings;
  readonly timeline: TimelineOpener;
  readonly talk: ReviewTalk;
  readonly sync: Syncer;
  readonly signing: SigningNotice;
  readonly proofs: ProofApi;
  readonly hooks: HooksApi;
  readonly questions: QuestionsApi;
  readonly selections: SelectionTexts;
  /** The command line's script, which hooks of git start. */
  readonly cliFile: string;
  /** The folder of this extension. */
  readonly extensionUri: Uri;
}

/**
 * `argument`: a tree node, a file's address, or nothing when run from the palette. `selection`: all nodes
 * that were selected in the tree, if it was run from one.
 */
export type CommandHandler = (
  context: CommandContext,
  argument: unknown,
  selection?: unknown,
) => Promise<void> | void;
