export interface InstalledServer {
  readonly version: string;
  readonly node: string;
  readonly main: string;
}

export interface RunningServer {
  readonly port: number;
  readonly url: string;
  readonly output: () => string;
  readonly stop: () => Promise<void>;
}

export interface StartOptions {
  readonly server: InstalledServer;
  /** Folder for settings, extensions and logs. */
  readonly home: string;
  /** One, or a range such as `7411-7431`. Default: a free one. */
  readonly port?: number | string;
  /** False: VS Code's workspace trust is on, so folders open restricted. */
  readonly trust?: boolean;
  /** True: the server takes the extension under development from the address. */
  readonly driver?: boolean;
  /** The user's settings. Default: those that `home` has. */
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly env?: Readonly<Record<string, string>>;
}

export function installServer(
  version: string,
  log?: (message: string) => void,
): Promise<InstalledServer>;
export function startServer(options: StartOptions): Promise<RunningServer>;
export function installExtension(
  server: InstalledServer,
  home: string,
  vsix: string,
): Promise<void>;
