import { extensions, Uri, type Event } from 'vscode';
import type { SyncLogin } from '../../trail/syncApi.js';
import { logError, type Log } from '../base/log.js';
import type { GitApi, GitApiRepository, GitExtension } from './gitApi.js';

/** Hosts for which VS Code itself keeps the session, so that it answers git without a question. */
const knownHost = /^https:\/\/([^@/]*@)?([\w-]+\.)*(github\.com|ghe\.com)[:/]/i;

/** How the editor can help git to log in. */
export type SignIn =
  | { readonly kind: 'askpass'; readonly login: SyncLogin }
  /** VS Code's git fetches the ledger once, which leaves the answer with the user's credential helper. */
  | { readonly kind: 'fetch'; readonly run: () => Promise<void> };

/** VS Code's git extension, which may be turned off or not be there at all. */
export class EditorGit {
  private extension: Promise<GitExtension | null> | null = null;

  constructor(private readonly log: Log) {}

  /** Its interface; null where it has none now. The first call waits until it is active. */
  async api(): Promise<GitApi | null> {
    const extension = await (this.extension ??= this.load());
    if (extension === null || extension.enabled === false) {
      return null;
    }
    try {
      return extension.getAPI(1);
    } catch (error) {
      logError(this.log, 'git', error);
      return null;
    }
  }

  /** Tells when git is turned on or off in the settings; undefined where nobody would tell. */
  async enablement(): Promise<Event<boolean> | undefined> {
    return (await (this.extension ??= this.load()))?.onDidChangeEnablement;
  }

  async repository(root: string): Promise<GitApiRepository | null> {
    return (await this.api())?.getRepository(Uri.file(root)) ?? null;
  }

  /**
   * How git can be helped to log in to a remote (null: to the one that a clone would join); null where the
   * editor knows no way.
   */
  async signIn(root: string, ledgerRemote: string | null): Promise<SignIn | null> {
    const api = await this.api();
    if (api === null) {
      return null;
    }
    const repository = api.getRepository(Uri.file(root));
    const remote = ledgerRemote ?? firstRemote(repository);
    const env = api.git?.env;
    if (env !== undefined) {
      const url = repository?.state.remotes.find(({ name }) => name === remote)?.fetchUrl ?? '';
      // Without these the user has turned off that VS Code asks for git.
      return env['GIT_ASKPASS'] === undefined
        ? null
        : { kind: 'askpass', login: { env: textsOf(env), keep: knownHost.test(url) } };
    }
    if (repository === null || remote === null) {
      return null;
    }
    const ref = `+refs/heads/prompt-audit:refs/prompt-audit/remotes/${remote}/prompt-audit`;
    return { kind: 'fetch', run: () => repository.fetch({ remote, ref }) };
  }

  private async load(): Promise<GitExtension | null> {
    const found = extensions.getExtension<GitExtension>('vscode.git');
    if (found === undefined) {
      return null;
    }
    try {
      return await found.activate();
    } catch (error) {
      logError(this.log, 'git', error);
      return null;
    }
  }
}

/** The remote that a clone without a ledger asks first. */
function firstRemote(repository: GitApiRepository | null): string | null {
  const names = repository?.state.remotes.map(({ name }) => name) ?? [];
  return names.includes('origin') ? 'origin' : (names[0] ?? null);
}

/** A plain copy, which a worker can be sent. */
function textsOf(env: Readonly<Record<string, unknown>>): Record<string, string> {
  const texts = Object.entries(env).filter(([, value]) => typeof value === 'string');
  return Object.fromEntries(texts) as Record<string, string>;
}
