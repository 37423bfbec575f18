import { AsyncLocalStorage } from 'node:async_hooks';

/** A way to log in to a remote where git alone cannot: programs of the editor that may ask its user. */
export interface Login {
  /** Variables of git that name those programs; all others are ignored. */
  readonly env: Readonly<Record<string, string>>;
}

/** Variables by which an editor offers its sign-in to git and ssh. */
const loginVariable =
  /^(GIT_ASKPASS|SSH_ASKPASS|SSH_ASKPASS_REQUIRE|VSCODE_GIT_(ASKPASS_\w+|IPC_HANDLE))$/;

/** Milliseconds that somebody may take to answer. */
const patience = 5 * 60_000;

interface CurrentLogin extends Login {
  /** A credential helper that remembers the answers for as long as `work` runs; null where there is none. */
  readonly memory: string | null;
}

const current = new AsyncLocalStorage<CurrentLogin>();

/** While `work` runs, its git may ask through this login when it talks to a remote. */
export function runWithLogin<T>(login: CurrentLogin, work: () => Promise<T>): Promise<T> {
  return current.run(login, work);
}

/**
 * What a run of git that talks to a remote gets besides its own variables `own`, where somebody may be asked
 * now; null where nobody may. `timeout` in milliseconds.
 */
export function loginNow(own: Readonly<Record<string, string>> = {}): {
  readonly env: Readonly<Record<string, string>>;
  readonly config: readonly string[];
  readonly timeout: number;
} | null {
  const login = current.getStore();
  if (login === undefined) return null;
  const named = Object.entries(login.env).filter(([name]) => loginVariable.test(name));
  // In batch mode, which is our command, ssh would ask no program either.
  const ssh = own['GIT_SSH_COMMAND'] === undefined ? {} : { GIT_SSH_COMMAND: 'ssh' };
  return {
    env: { GCM_INTERACTIVE: 'auto', ...ssh, ...Object.fromEntries(named) },
    config: [
      'credential.interactive=true',
      ...(login.memory === null ? [] : [`credential.helper=${login.memory}`]),
    ],
    timeout: patience,
  };
}

/** Signs that a host wants to know who asks, and that git could not say. */
const loginWanted =
  /Authentication failed|could not read (Username|Password)|terminal prompts disabled|Permission denied \([^)]*publickey|error: 401\b|Host key verification failed|HTTP Basic: Access denied/i;

/** Whether a failed exchange may succeed once somebody has logged in. `stderr`: what git printed. */
export function wantsLogin(stderr: string): boolean {
  return loginWanted.test(stderr);
}
