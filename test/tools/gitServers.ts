import { HttpGitServer } from './gitHttpServer.js';
import { SshGitServer } from './gitSshServer.js';

/** How a bare repository is reached. */
export const transports = ['file', 'ssh', 'http'] as const;
export type Transport = (typeof transports)[number];

/** A server on 127.0.0.1 for the bare repositories below one folder. */
export interface GitServer {
  /** The port on which it listens; null for plain files. */
  readonly port: number | null;
  /** The address of a repository below the folder, `/`-separated; through another port, as of a proxy. */
  url(repository: string, port?: number): string;
  /** What `git config` has to say in a clone so that git can log in: pairs of name and value. */
  readonly settings: readonly (readonly [string, string])[];
  /** Waits until everything that runs for a client has ended. */
  settled(): Promise<void>;
  /** Ends it, and every process that it started. */
  stop(): Promise<void>;
}

/**
 * Starts a server for the bare repositories below a folder. Fails where the programs for it are missing.
 * It lives in this process: whoever waits for git with execFileSync meanwhile waits for ever.
 */
export async function serveGit(transport: Transport, folder: string): Promise<GitServer> {
  switch (transport) {
    case 'file':
      return plainFiles(folder);
    case 'ssh':
      return await SshGitServer.start(folder);
    case 'http':
      return await HttpGitServer.start(folder);
  }
}

function plainFiles(folder: string): GitServer {
  return {
    port: null,
    url: (repository) => `file://${folder}/${repository}`,
    settings: [],
    settled: () => Promise.resolve(),
    stop: () => Promise.resolve(),
  };
}
