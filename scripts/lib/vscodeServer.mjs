// VS Code's server build from npm: the real workbench and a real extension host, where the desktop
// program can't be downloaded. Pinned versions; installed once into the cache.
import { spawn } from 'node:child_process';
import { mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { cached, hasFiles, npmInstall } from './cache.mjs';
import { endGroup, endWithUs } from './project.mjs';

/** `searcher`: the package whose own install script would download the program for file searches. */
const builds = {
  '4.139.1': { node: 24, searcher: null },
  '4.100.3': { node: 20, searcher: '@vscode/ripgrep' },
};

const vscodeFolder = 'node_modules/code-server/lib/vscode';
const serverMain = `${vscodeFolder}/out/server-main.js`;

/**
 * Installs one version where it is not in the cache yet.
 * @returns {Promise<{ version: string, node: string, main: string }>} the programs to start
 */
export async function installServer(version, log = console.log) {
  const build = builds[version];
  if (build === undefined) throw new Error(`There is no server build ${version} to install.`);
  const modules = `${vscodeFolder}/node_modules`;
  const searchProgram = build.searcher === null ? [] : [`${modules}/${build.searcher}/bin/${rg}`];
  const isWhole = hasFiles(serverMain, `${modules}/vscode-textmate/package.json`, ...searchProgram);
  const folder = await cached(`code-server-${version}`, isWhole, async (target) => {
    log(`Installing the server build of VS Code (code-server ${version}) …`);
    writeFileSync(path.join(target, 'package.json'), '{"private":true}\n');
    await npmInstall(target, [`code-server@${version}`]);
    await npmInstall(path.join(target, vscodeFolder), ['--omit=dev']);
    // Modules are also looked up under the name that the desktop program packs them into.
    const packed = path.join(target, vscodeFolder, 'node_modules.asar');
    symlinkSync('node_modules', packed, 'junction');
    for (const place of searchProgram) await installSearch(target, path.join(target, place));
  });
  const node = await nodeProgram(build.node, log);
  return { version, node, main: path.join(folder, serverMain) };
}

const rg = process.platform === 'win32' ? 'rg.exe' : 'rg';

/** Brings ripgrep in from npm, where the newer builds have it from too. */
async function installSearch(target, place) {
  const scratch = path.join(target, 'ripgrep');
  mkdirSync(scratch);
  writeFileSync(path.join(scratch, 'package.json'), '{"private":true}\n');
  await npmInstall(scratch, ['@vscode/ripgrep-universal@1.18.0']);
  const programs = path.join(scratch, 'node_modules/@vscode/ripgrep-universal/bin');
  mkdirSync(path.dirname(place), { recursive: true });
  renameSync(path.join(programs, `${process.platform}-${process.arch}`, rg), place);
  rmSync(scratch, { recursive: true });
}

/** The server builds run under one major version of Node each. */
export async function nodeProgram(major, log) {
  if (Number(process.versions.node.split('.')[0]) === major) return process.execPath;
  const platform = process.platform === 'win32' ? 'win' : process.platform;
  const name = `node-${platform}-${process.arch}`;
  const program = `bin/node${process.platform === 'win32' ? '.exe' : ''}`;
  const places = [`node_modules/${name}/${program}`, `node_modules/node/${program}`];
  const isWhole = (folder) => places.some((place) => hasFiles(place)(folder));
  const folder = await cached(`node-${major}`, isWhole, async (target) => {
    log(`Installing Node ${major} for it …`);
    writeFileSync(path.join(target, 'package.json'), '{"private":true}\n');
    await npmInstall(target, [`${name}@${major}`]);
  });
  const place = places.find((one) => hasFiles(one)(folder)) ?? '';
  return path.join(folder, place);
}

/** Arguments that keep everything of a server under one folder. */
function homeArguments(home) {
  return [
    '--accept-server-license-terms',
    '--telemetry-level=off',
    `--server-data-dir=${home}`,
    `--extensions-dir=${path.join(home, 'ext')}`,
    `--user-data-dir=${path.join(home, 'user')}`,
  ];
}

/**
 * Starts a server on 127.0.0.1 and waits until it listens.
 * @param {{
 *   server: { node: string, main: string },
 *   home: string,              folder for settings, extensions and logs
 *   port?: number | string,    or a range such as 7411-7431; default: a free one
 *   trust?: boolean,           false: VS Code's workspace trust is on, so folders open restricted
 *   driver?: boolean,          true: take the extension under development from the address
 *   settings?: object,         the user's settings; default: those that home has
 *   env?: object,
 * }} options
 */
export async function startServer(options) {
  const { server, home, port = 0, trust = true, driver = false, settings, env = {} } = options;
  const userFolder = path.join(home, 'user', 'User');
  mkdirSync(userFolder, { recursive: true });
  mkdirSync(path.join(home, 'ext'), { recursive: true });
  if (settings !== undefined)
    writeFileSync(path.join(userFolder, 'settings.json'), JSON.stringify(settings, null, 2));
  const child = spawn(
    server.node,
    [
      server.main,
      '--host=127.0.0.1',
      `--port=${port}`,
      '--without-connection-token',
      ...homeArguments(home),
      ...(trust ? ['--disable-workspace-trust'] : []),
      ...(driver ? ['--enable-smoke-test-driver'] : []),
    ],
    {
      cwd: home,
      env: { ...cleanEnvironment(), ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: process.platform !== 'win32',
    },
  );
  const forget = endWithUs(child);
  const exited = new Promise((resolve) => child.once('exit', resolve));
  const { listening, output } = watchOutput(child, exited);
  const stop = async () => {
    endGroup(child);
    await exited;
    forget();
  };
  try {
    const actual = await listening;
    return { port: actual, url: `http://127.0.0.1:${actual}/`, output, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** The server prints its port when it listens, so nothing has to guess a free one. */
function watchOutput(child, exited) {
  const lines = [];
  const listening = new Promise((resolve, reject) => {
    const timer = setTimeout(
      () => reject(new Error(`VS Code's server did not start:\n${lines.join('\n')}`)),
      60_000,
    );
    const onLine = (line) => {
      lines.push(line);
      const found = /^Extension host agent listening on (\d+)/u.exec(line);
      if (found?.[1] === undefined) return;
      clearTimeout(timer);
      resolve(Number(found[1]));
    };
    createInterface({ input: child.stdout }).on('line', onLine);
    createInterface({ input: child.stderr }).on('line', onLine);
    child.once('error', reject);
    void exited.then((code) => {
      clearTimeout(timer);
      reject(new Error(`VS Code's server ended with ${code}:\n${lines.join('\n')}`));
    });
  });
  return { listening, output: () => lines.join('\n') };
}

/** Installs a packed extension as its users do. */
export async function installExtension(server, home, vsix) {
  const child = spawn(
    server.node,
    [server.main, ...homeArguments(home), `--install-extension=${vsix}`, '--force'],
    { cwd: home, env: cleanEnvironment(), stdio: ['ignore', 'pipe', 'pipe'] },
  );
  let output = '';
  child.stdout.on('data', (data) => (output += data));
  child.stderr.on('data', (data) => (output += data));
  const status = await new Promise((resolve) => child.once('close', resolve));
  if (status !== 0 || !output.includes('successfully installed'))
    throw new Error(`The extension could not be installed:\n${output}`);
}

/** A VS Code that was started from a terminal of VS Code must not talk to the outer one. */
function cleanEnvironment() {
  const foreign = /^(VSCODE_|ELECTRON_|NODE_OPTIONS$|npm_)/u;
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !foreign.test(name)));
}
