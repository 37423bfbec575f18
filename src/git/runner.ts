import { simpleGit, type SimpleGit, type SimpleGitOptions } from 'simple-git';
import { isPromptAuditError } from '../core/errors.js';
import { gitError } from './gitErrors.js';

/** How one call of git differs from the others. */
export interface GitCall {
  readonly env?: Readonly<Record<string, string>>;
  /** Milliseconds without any output after which git is ended. */
  readonly timeout?: number;
}

const quietTimeout = 30_000;

const noSuchObject =
  /needed a single revision|does not exist in|exists on disk, but not in|invalid object name|unknown revision/i;

/** Variables for git that are taken over from the user's environment or set by our calls. */
const allowedEnvironment = [
  'GIT_ASKPASS',
  'GIT_AUTHOR_DATE',
  'GIT_AUTHOR_EMAIL',
  'GIT_AUTHOR_NAME',
  'GIT_CEILING_DIRECTORIES',
  'GIT_COMMITTER_DATE',
  'GIT_COMMITTER_EMAIL',
  'GIT_COMMITTER_NAME',
  'GIT_CONFIG_GLOBAL',
  'GIT_CONFIG_NOSYSTEM',
  'GIT_INDEX_FILE',
  'GIT_OBJECT_DIRECTORY',
  'GIT_OPTIONAL_LOCKS',
  'GIT_SSH',
  'GIT_SSH_COMMAND',
  'GIT_SSL_CAINFO',
  'GIT_SSL_CAPATH',
  'GIT_TERMINAL_PROMPT',
  'SSH_ASKPASS',
  'SSH_ASKPASS_REQUIRE',
];

/** Taken from the user's environment only for a call that sets them: git sets them for its hooks. */
const neverInherited = ['GIT_INDEX_FILE', 'GIT_OBJECT_DIRECTORY', 'GIT_OPTIONAL_LOCKS'];

/** simple-git refuses these, and no call of ours needs them. */
const uselessNames = ['EDITOR', 'VISUAL', 'PAGER', 'PREFIX'];

/**
 * Runs git in one folder: no shell, no pager, no hook, no prompt, English messages, at most two at once.
 * All failures are PromptAuditError.
 */
export class GitRunner {
  readonly #folder: string;
  readonly #options: Partial<SimpleGitOptions>;

  constructor(folder: string, binary = 'git') {
    this.#folder = folder;
    this.#options = {
      baseDir: folder,
      binary,
      maxConcurrentProcesses: 2,
      // By default simple-git goes on 50 ms after the exit, whether the pipes are drained or not.
      completion: { onClose: true, onExit: false },
      allowEnvironment: allowedEnvironment,
      config: ['core.hooksPath=/dev/null', 'core.fsmonitor=false', 'core.quotePath=false'],
      unsafe: {
        // Each of these turns a program of the user's configuration off, or hands on what the user set.
        allowUnsafeHooksPath: true,
        allowUnsafeFsMonitor: true,
        allowUnsafeSshCommand: true,
        allowUnsafeAskPass: true,
        allowUnsafeConfigPaths: true,
      },
    };
  }

  /** What git prints, as text. Where git fails without a message this is the empty text. */
  async text(args: readonly string[], call: GitCall = {}): Promise<string> {
    try {
      return await this.#git(call).raw([...args]);
    } catch (error) {
      throw gitError(error, this.#folder);
    }
  }

  /** The id of the object that a revision names; null where there is none. */
  async object(revision: string): Promise<string | null> {
    try {
      return (
        (await this.text(['rev-parse', '--verify', '--end-of-options', revision])).trim() || null
      );
    } catch (error) {
      if (isPromptAuditError(error, 'git.failed') && noSuchObject.test(error.message)) return null;
      throw error;
    }
  }

  /** The bytes of a blob. */
  async blob(id: string): Promise<Uint8Array> {
    try {
      return (await this.#git({}).binaryCatFile(['blob', id])) as Buffer;
    } catch (error) {
      throw gitError(error, this.#folder);
    }
  }

  #git(call: GitCall): SimpleGit {
    const block = call.timeout ?? quietTimeout;
    return simpleGit({ ...this.#options, timeout: { block } }).env({
      ...inheritedEnvironment(),
      LC_ALL: 'C',
      GIT_TERMINAL_PROMPT: '0',
      GIT_OPTIONAL_LOCKS: '0',
      ...call.env,
    });
  }
}

function inheritedEnvironment(): Record<string, string> {
  const inherited: Record<string, string> = {};
  for (const [name, value] of Object.entries(process.env)) {
    const upper = name.toUpperCase();
    const isGits = upper.startsWith('GIT');
    const wanted = isGits
      ? allowedEnvironment.includes(upper) && !neverInherited.includes(upper)
      : !uselessNames.includes(upper);
    if (value !== undefined && wanted) inherited[name] = value;
  }
  return inherited;
}
