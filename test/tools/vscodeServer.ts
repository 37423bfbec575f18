import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { quietSettings } from '../../scripts/lib/editorSettings.mjs';
import { installExtension, installServer, startServer } from '../../scripts/lib/vscodeServer.mjs';
import { gitEnvironment } from './git.js';
import { projectRoot } from './paths.js';
import { temporaryFolder } from './temporary.js';

export const newestVersion = '4.139.1';
export const oldestVersion = '4.100.3';

/** The .vsix that `npm test` packs before the suites that install it. */
export const packedExtension = path.join(projectRoot, 'dist-test', 'packed.vsix');

export interface ServerOptions {
  /** Of code-server: `4.139.1` is VS Code 1.139.1. Default: the newest. */
  readonly version?: string;
  /** Default true; false: folders open in restricted mode. */
  readonly trust?: boolean;
  /** The user's settings, on top of the quiet ones of the tests. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** A packed extension, installed before the start as users do it; default: this project's. */
  readonly vsix?: string;
  /** Installs nothing: the project is named in the address. No notifications are shown then. */
  readonly development?: boolean;
  readonly env?: Readonly<Record<string, string>>;
}

export interface VsCodeServer {
  readonly port: number;
  readonly url: string;
  /** Extensions, settings and logs of this server; gone after stop(). */
  readonly home: string;
  readonly output: () => string;
  /** Changes the user's settings; windows that are open follow when they are reloaded. */
  readonly applySettings: (settings: Readonly<Record<string, unknown>>) => void;
  /** Ends the server with all that it started, and removes its folder. */
  readonly stop: () => Promise<void>;
}

/** Starts a VS Code server of its own: a fresh profile, a free port, its own process group. */
export async function startVsCodeServer(options: ServerOptions = {}): Promise<VsCodeServer> {
  const server = await installServer(options.version ?? newestVersion);
  const home = temporaryFolder('vscode');
  const settings = {
    ...quietSettings,
    'files.autoSave': 'off',
    'workbench.colorTheme': 'Default Dark Modern',
    ...options.settings,
  };
  const applySettings = (more: Readonly<Record<string, unknown>>): void => {
    Object.assign(settings, more);
    const file = path.join(home.path, 'user', 'User', 'settings.json');
    writeFileSync(file, JSON.stringify(settings, null, 2));
  };
  try {
    const { vsix = packedExtension, development = false } = options;
    if (!development) await installExtension(server, home.path, vsix);
    const running = await startServer({
      server,
      home: home.path,
      trust: options.trust ?? true,
      driver: development,
      settings,
      env: { ...gitEnvironment, ...options.env },
    });
    const { port, url, output } = running;
    const stop = async (): Promise<void> => {
      await running.stop();
      home.remove();
    };
    return { port, url, home: home.path, output, applySettings, stop };
  } catch (error) {
    home.remove();
    throw error;
  }
}
