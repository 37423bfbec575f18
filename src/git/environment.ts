import type { SimpleGitOptions } from 'simple-git';

type Unsafe = NonNullable<SimpleGitOptions['unsafe']>;

/**
 * Variables of git that the user may rely on: who they are, their configuration, how hosts are reached.
 * All others go: a hook of git sets GIT_DIR and GIT_INDEX_FILE, and traces would mix with messages.
 */
const keptVariable =
  /^GIT_(AUTHOR_NAME|AUTHOR_EMAIL|CONFIG_(GLOBAL|SYSTEM|NOSYSTEM|PARAMETERS|COUNT|KEY_\d+|VALUE_\d+)|SSH|SSH_COMMAND|SSH_VARIANT|SSL_\w+|HTTP_\w+|PROXY_\w+|ALLOW_PROTOCOL|PROTOCOL\w*|CEILING_DIRECTORIES|DISCOVERY_ACROSS_FILESYSTEM|EXEC_PATH|ATTR_\w+|LFS_\w+)$/i;

/** Not git's own, but simple-git guards them and nothing here needs them. */
const guardedVariable = /^(EDITOR|VISUAL|PAGER|PREFIX|SSH_ASKPASS)$/i;

/**
 * With an empty GIT_ASKPASS git asks no program, with the next variable no terminal, ssh fails at once. git takes
 * the program for ssh where it has none of its own, and that one opens a window mostly.
 */
const neverAsk = {
  GIT_ASKPASS: '',
  GIT_TERMINAL_PROMPT: '0',
  GCM_INTERACTIVE: 'never',
  SSH_ASKPASS: 'false',
  SSH_ASKPASS_REQUIRE: 'force',
};

/** The environment of one git process: the user's without what would redirect it, and never a question. */
export function gitEnvironment(
  ambient: NodeJS.ProcessEnv,
  extra: Readonly<Record<string, string>> = {},
): NodeJS.ProcessEnv {
  const kept = Object.entries(ambient).filter(([name]) =>
    /^GIT_/i.test(name) ? keptVariable.test(name) : !guardedVariable.test(name),
  );
  return {
    ...Object.fromEntries(kept),
    ...neverAsk,
    LC_ALL: 'C',
    LANGUAGE: '',
    GIT_OPTIONAL_LOCKS: '0',
    GIT_NO_REPLACE_OBJECTS: '1',
    GIT_LITERAL_PATHSPECS: '1',
    ...extra,
  };
}

/** As `env`, but git may ask the program that the user named for its questions: in `ambient`, or in its configuration. */
export function withUsersAskPass(
  env: NodeJS.ProcessEnv,
  ambient: NodeJS.ProcessEnv,
): NodeJS.ProcessEnv {
  const asking = { ...env };
  // An empty one would hide that of the configuration.
  delete asking['GIT_ASKPASS'];
  const program = ambient['GIT_ASKPASS'];
  return program === undefined ? asking : { ...asking, GIT_ASKPASS: program };
}

/** Nothing is fetched because it is read. Before 2.44 git knows only how to have no way to fetch. */
export const neverLazy = { GIT_NO_LAZY_FETCH: '1', GIT_ALLOW_PROTOCOL: 'none' };

/** An environment in which git has these settings besides those that it names already. */
export function withSettings(
  env: NodeJS.ProcessEnv,
  settings: readonly (readonly [key: string, value: string])[],
): NodeJS.ProcessEnv {
  if (settings.length === 0) return env;
  const first = Number(env['GIT_CONFIG_COUNT'] ?? 0) || 0;
  const added: NodeJS.ProcessEnv = { GIT_CONFIG_COUNT: String(first + settings.length) };
  for (const [i, [key, value]] of settings.entries()) {
    added[`GIT_CONFIG_KEY_${first + i}`] = key;
    added[`GIT_CONFIG_VALUE_${first + i}`] = value;
  }
  return { ...env, ...added };
}

/** The names that simple-git must let through: it drops or refuses variables of git that are not named. */
export function guardedNames(environment: NodeJS.ProcessEnv): string[] {
  return Object.keys(environment).filter(
    (name) => /^GIT_/i.test(name) || guardedVariable.test(name),
  );
}

/**
 * What simple-git's guard lets pass. It protects programs that hand on options of strangers; here every
 * option is a constant of this folder, and the environment is the user's own.
 */
export function permissions(environment: NodeJS.ProcessEnv): Unsafe {
  const ours: Unsafe = {
    allowUnsafeAskPass: true,
    allowUnsafeConfigPaths: true,
    allowUnsafeExec: true,
    allowUnsafeFsMonitor: true,
    allowUnsafeHooksPath: true,
    allowUnsafeProtocolOverride: true,
    allowUnsafeSshCommand: true,
    allowUnsafeConfigEnvCount: true,
    allowUnsafeGitProxy: true,
  };
  return environment['GIT_CONFIG_COUNT'] === undefined ? ours : { ...ours, ...usersConfiguration };
}

/** CI passes credentials and rewritten addresses in GIT_CONFIG_KEY_n; simple-git judges each key. */
const usersConfiguration: Unsafe = {
  allowUnsafeAlias: true,
  allowUnsafeCommandBinaries: true,
  allowUnsafeCredentialHelper: true,
  allowUnsafeDiffExternal: true,
  allowUnsafeDiffTextConv: true,
  allowUnsafeEditor: true,
  allowUnsafeFilter: true,
  allowUnsafeGpgProgram: true,
  allowUnsafeInclude: true,
  allowUnsafeMergeDriver: true,
  allowUnsafePack: true,
  allowUnsafePager: true,
  allowUnsafeSubmodule: true,
  allowUnsafeTemplateDir: true,
  allowUnsafeUrlRewrite: true,
};
