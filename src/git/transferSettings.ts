import { remoteConfig, type Setting } from './remoteConfig.js';

/** What git's configuration says of one remote, as far as an exchange needs it. */
export interface TransferSettings {
  /** The variables of ssh that asks nothing; none where the user has an ssh command of their own. */
  readonly ssh: Readonly<Record<string, string>>;
  /** Objects that git may leave at this remote until somebody reads them. */
  readonly isPartial: boolean;
  /**
   * The remote again under a name of ours, for pushes: with one address, and without what would push other
   * refs or move the user's tracking branch. Null where the remote has no address in the configuration.
   */
  readonly pushRemote: PushRemote | null;
}

export interface PushRemote {
  readonly name: string;
  readonly settings: readonly Setting[];
  /** It is pushed to by another address than it is read from: of the same repository, or of another. */
  readonly splits: boolean;
}

/** No remote of anybody has this name. */
const pushName = 'prompt-audit--push';
/** How a remote is reached, in lower case as git prints names. */
const wayThere = /^(proxy|proxyauthmethod|receivepack|uploadpack|vcs|serveroption)$/;

/** `config`: as read a moment ago; otherwise it is read. Throws `git.failed`. */
export async function transferSettings(
  root: string,
  remote: string,
  config?: readonly Setting[],
): Promise<TransferSettings> {
  const settings = config ?? (await remoteConfig(root));
  const prefix = `remote.${remote}.`;
  const own = settings
    .filter(([key]) => key.startsWith(prefix) && !key.slice(prefix.length).includes('.'))
    .map(([key, value]): Setting => [key.slice(prefix.length), value]);
  const ssh = settings.findLast(([key]) => key === 'core.sshcommand')?.[1].trim() ?? '';
  const ownSsh = [process.env['GIT_SSH'], process.env['GIT_SSH_COMMAND']].some(
    (value) => value !== undefined,
  );
  return {
    ssh: ssh === '' && !ownSsh ? { GIT_SSH_COMMAND: 'ssh -o BatchMode=yes' } : {},
    isPartial: own.some(([key]) => key === 'promisor' || key === 'partialclonefilter'),
    pushRemote: pushRemoteOf(own),
  };
}

function pushRemoteOf(own: readonly Setting[]): PushRemote | null {
  const valuesOf = (name: string): readonly string[] =>
    own.flatMap(([key, value]) => (key === name && value !== '' ? [value] : []));
  const [url] = valuesOf('url');
  if (url === undefined) return null;
  const pushUrls = valuesOf('pushurl');
  // Several addresses mean several copies; the ledger has one remote, and that is where it is read.
  const pushUrl = pushUrls.includes(url) ? url : pushUrls[0];
  const base = `remote.${pushName}.`;
  return {
    name: pushName,
    splits: pushUrl !== undefined && pushUrl !== url,
    settings: [
      [`${base}url`, url],
      ...(pushUrl === undefined ? [] : [[`${base}pushurl`, pushUrl] as const]),
      ...own
        .filter(([key]) => wayThere.test(key))
        .map(([key, value]): Setting => [base + key, value]),
    ],
  };
}
