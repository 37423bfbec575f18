import type { Event, Uri } from 'vscode';

/** The part of the interface of VS Code's git extension that is used here; any of it may be missing. */
export interface GitExtension {
  readonly enabled?: boolean;
  readonly onDidChangeEnablement?: Event<boolean>;
  /** Throws while git is turned off in the settings. */
  getAPI(version: 1): GitApi;
}

export interface GitApi {
  /** `env` is no documented part: what VS Code gives its own git, so that it can sign in. */
  readonly git?: { readonly env?: Readonly<Record<string, string>> };
  readonly onDidOpenRepository: Event<GitApiRepository>;
  getRepository(uri: Uri): GitApiRepository | null;
}

export interface GitApiRepository {
  readonly rootUri: Uri;
  readonly state: {
    readonly HEAD: { readonly upstream?: GitApiUpstream } | undefined;
    readonly remotes: readonly { readonly name: string; readonly fetchUrl?: string }[];
    readonly onDidChange: Event<void>;
  };
  fetch(options: { readonly remote: string; readonly ref: string }): Promise<void>;
}

export interface GitApiUpstream {
  readonly remote: string;
  readonly name: string;
  /** Absent before the upstream has been fetched. */
  readonly commit?: string;
}
