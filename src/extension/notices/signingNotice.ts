import { l10n, window } from 'vscode';
import type { SigningProblem } from '../../trail/signApi.js';
import { Disposable } from '../base/disposable.js';
import type { Log } from '../base/log.js';
import type { Sessions } from '../session/sessions.js';
import type { TrailSession } from '../session/trailSession.js';
import type { TerminalCommand } from '../terminalCommand.js';
import { showError } from './showError.js';

/** Says once what kept an act from being signed, and offers the way that can ask for a passphrase. */
export class SigningNotice extends Disposable {
  private readonly told = new WeakMap<TrailSession, string>();

  constructor(
    private readonly sessions: Sessions,
    private readonly terminal: TerminalCommand,
    private readonly log: Log,
  ) {
    super();
    this._register(sessions.onDidChange(() => this.look()));
  }

  private look(): void {
    for (const session of this.sessions.all) {
      const { state } = session;
      const problem = state.kind === 'ready' ? state.status.signingProblem : undefined;
      const known = problem === undefined ? '' : `${problem.code} ${problem.message}`;
      if (known !== '' && this.told.get(session) !== known) {
        const text = l10n.t('Recorded, but not signed: {0}', problem!.message);
        void this.offer(session, problem!, text).catch((error: unknown) =>
          showError(this.log, 'sign', error),
        );
      }
      if (state.kind === 'ready') {
        this.told.set(session, known);
      }
    }
  }

  /** Says what is wrong, with a button for what helps. */
  async offer(session: TrailSession, problem: SigningProblem, text: string): Promise<void> {
    this.log.warn(`[sign] ${problem.code}: ${problem.message} ${problem.remedy}`);
    if (problem.code !== 'signing.notSetUp') {
      const run = l10n.t('Sign in Terminal');
      if ((await window.showWarningMessage(text, run)) === run) {
        this.terminal.run(session.root, 'sign');
      }
      return;
    }
    const setup = await session.requireTrail().signingSetup();
    const isMissing = setup.key !== null && !setup.enrolled;
    const add = l10n.t('Add My Key');
    const show = l10n.t('Show Setup in Terminal');
    const answer = await window.showWarningMessage(text, isMissing ? add : show);
    if (answer === show) {
      this.terminal.run(session.root, 'sign --setup');
    } else if (answer === add) {
      await addKey(session);
    }
  }
}

/** Adds the person's key to the file, and opens it: to commit it is up to them. */
async function addKey(session: TrailSession): Promise<void> {
  const { file } = await session.requireTrail().enroll();
  await window.showTextDocument(session.location.uriOf(file));
  void window.showInformationMessage(
    l10n.t(
      'Your key is in {0}. Commit it and have it merged; signatures count from then on.',
      file,
    ),
  );
}
