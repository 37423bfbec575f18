import { spawn } from 'node:child_process';
import { accessSync, constants, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { cacheFolder } from './cache.mjs';
import { quietSettings } from './editorSettings.mjs';
import { root } from './project.mjs';

const downloadHost = 'https://update.code.visualstudio.com/api/releases/stable';

/** Whether a window can be shown here. */
export function hasDisplay() {
  if (process.platform !== 'linux') return true;
  return Boolean(process.env['DISPLAY'] || process.env['WAYLAND_DISPLAY']);
}

/** Whether the desktop program can run here and be downloaded; asks its host for 3 seconds at most. */
export async function canDownloadDesktop() {
  if (!hasDisplay()) return false;
  try {
    const answer = await fetch(downloadHost, { method: 'HEAD', signal: AbortSignal.timeout(3000) });
    return answer.ok;
  } catch {
    return false;
  }
}

/** Where downloaded desktop programs are kept. */
export function desktopCache() {
  return path.join(cacheFolder(), 'vscode-desktop');
}

/** The program `code` on the PATH; null where there is none that can open a window here. */
export function installedDesktop() {
  // In a terminal of a remote VS Code, `code` only talks to that window.
  if (!hasDisplay() || process.env['VSCODE_IPC_HOOK_CLI']) return null;
  const name = process.platform === 'win32' ? 'code.cmd' : 'code';
  const folders = (process.env['PATH'] ?? '').split(path.delimiter).filter((one) => one !== '');
  return folders.map((folder) => path.join(folder, name)).find(isProgram) ?? null;
}

/** Downloads the desktop program where it is not in the cache. Returns its path. */
export async function downloadDesktop(version = 'stable') {
  const { downloadAndUnzipVSCode } = await import('@vscode/test-electron');
  return downloadAndUnzipVSCode({ version, cachePath: desktopCache() });
}

/** Opens a folder in a desktop VS Code with this project's extension and a profile under `home`. */
export async function openInDesktop(program, folder, home) {
  const settings = path.join(home, 'user', 'User', 'settings.json');
  if (!existsSync(settings)) {
    mkdirSync(path.dirname(settings), { recursive: true });
    writeFileSync(settings, JSON.stringify(quietSettings, null, 2));
  }
  const args = [
    '--new-window',
    '--disable-workspace-trust',
    '--skip-welcome',
    `--extensionDevelopmentPath=${root}`,
    `--user-data-dir=${path.join(home, 'user')}`,
    `--extensions-dir=${path.join(home, 'ext')}`,
    ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
    folder,
  ];
  // A .cmd file can't be started without the command processor.
  const isScript = program.endsWith('.cmd');
  const child = isScript
    ? spawn(process.env['ComSpec'] ?? 'cmd.exe', ['/d', '/c', program, ...args], options())
    : spawn(program, args, options());
  await new Promise((resolve, reject) => {
    child.once('spawn', resolve);
    child.once('error', reject);
  });
  child.unref();
}

function options() {
  return { cwd: root, detached: true, stdio: 'ignore' };
}

function isProgram(file) {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
