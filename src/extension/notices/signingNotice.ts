import { l10n, window } from 'vscode';
import type { SigningProblem } from '../../trail/signApi.js';
import { Disposable } from '../base/disposable.js';
import type { Log } from '../base/log.js';
import type { Sessions } from '../session/sessions.js';
import type { TrailSession } from '../session/trailSession.js';
import type { TerminalCommand } from '../terminalCommand.js';
import { showError } from './showError.js';

/** What the button of the notice does. */
interface Help {
  readonly label: string;
  readonly run: () => void | Promise<void>;
}

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
        void this.offer(session, problem!, l10n.t('Recorded, but not signed: {0}')).catch(
          (error: unknown) => showError(this.log, 'sign', error),
        );
      }
      if (state.kind === 'ready') {
        this.told.set(session, known);
      }
    }
  }

  /** Says what is wrong and what to do, with a button for what helps. `words` has a `{0}` for it. */
  async offer(session: TrailSession, problem: SigningProblem, words = '{0}'): Promise<void> {
    const said = `${problem.message} ${problem.remedy}`;
    this.log.warn(`[sign] ${problem.code}: ${said}`);
    const help =
      problem.code === 'signing.notSetUp'
        ? await this.setupHelp(session)
        : {
            label: l10n.t('Sign in Terminal'),
            run: () => this.terminal.run(session.root, 'sign'),
          };
    const answer = await window.showWarningMessage(
      words.replace('{0}', () => said),
      help.label,
    );
    if (answer !== undefined) {
      await help.run();
    }
  }

  /** The next step of setting up: git's configuration, then the file with the keys of the team. */
  private async setupHelp(session: TrailSession): Promise<Help> {
    const { oneStep, key, enrolled } = await session.requireTrail().signingSetup();
    if (oneStep !== null) {
      return {
        label: l10n.t('Set Up in Terminal'),
        run: () => this.terminal.type(session.root, oneStep),
      };
    }
    return key !== null && !enrolled
      ? { label: l10n.t('Add My Key'), run: () => addKey(session) }
      : {
          label: l10n.t('Show Setup in Terminal'),
          run: () => this.terminal.run(session.root, 'sign --setup'),
        };
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
