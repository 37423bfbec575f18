// npm start: builds the extension, makes the demo workspace and opens it in VS Code.
//   npm start -- --reset       makes the demo anew        --keep      keeps it without asking
//   npm start -- --no-open     only builds and makes it   --server    VS Code in the browser
//   npm start -- --port 8080   where the server listens
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline/promises';
import { parseArgs } from 'node:util';
import { demoFolder, demoIsThere, demoWorkspace, makeDemo } from './demo.mjs';
import {
  canDownloadDesktop,
  downloadDesktop,
  installedDesktop,
  openInDesktop,
} from './lib/desktop.mjs';
import { quietSettings } from './lib/editorSettings.mjs';
import { ensureInstalled } from './lib/install.mjs';
import { root } from './lib/project.mjs';
import { newestVsCode } from './lib/suites.mjs';
import { installExtension, installServer, startServer } from './lib/vscodeServer.mjs';
import { packVsix } from './lib/vsix.mjs';

const { values } = parseArgs({
  options: {
    reset: { type: 'boolean', default: false },
    keep: { type: 'boolean', default: false },
    'no-open': { type: 'boolean', default: false },
    server: { type: 'boolean', default: false },
    port: { type: 'string' },
  },
});

/** A range, so that a second start finds a place beside the first. */
const defaultPorts = '7411-7431';

const firstSteps = `
What to do first (you are Ravi, the reviewer):
  1. Click the icon "Prompt Audit" in the bar at the left.
  2. Under "Needs Review" click a version: the editor shows what changed since the last approval.
  3. Approve it, or ask for changes, with the buttons of its row.
  4. Run "Prompt Audit: Open Timeline" (F1) to see who changed, approved and released what.
`;

async function main() {
  say('1/4 Checking the dependencies');
  await ensureInstalled();
  say('2/4 Building the extension and the command line');
  const { buildProduct } = await import('../esbuild.mjs');
  await buildProduct({ production: true });
  say('3/4 Making the demo workspace');
  const { made } = await makeDemo({ reset: await wantsReset() });
  if (!made) console.log('The demo is kept as it was; to make it anew: npm start -- --reset');
  if (values['no-open']) return console.log(`The demo is in ${demoWorkspace}`);
  say('4/4 Opening VS Code');
  if (!values.server && (await openedInDesktop())) return;
  await openInServer();
}

async function wantsReset() {
  if (values.reset || values.keep || !demoIsThere()) return values.reset;
  if (!process.stdin.isTTY || !process.stdout.isTTY) return false;
  const reader = createInterface({ input: process.stdin, output: process.stdout });
  const answer = await reader.question('There is a demo already. Keep it, or make it anew? [K/a] ');
  reader.close();
  return /^a/iu.test(answer.trim());
}

async function openedInDesktop() {
  const program = installedDesktop() ?? (await downloadedDesktop());
  if (program === null) return false;
  await openInDesktop(program, demoWorkspace, path.join(demoFolder, 'desktop'));
  console.log(`VS Code opens ${demoWorkspace}\n${firstSteps}`);
  return true;
}

async function downloadedDesktop() {
  if (!(await canDownloadDesktop())) return null;
  console.log('Downloading VS Code (once) …');
  return downloadDesktop();
}

async function openInServer() {
  console.log('No desktop VS Code here, so VS Code runs in your browser.');
  const server = await installServer(newestVsCode);
  const home = path.join(demoFolder, 'server');
  // Only once, so that what was set in the demo stays.
  const isNew = !existsSync(path.join(home, 'user/User/settings.json'));
  mkdirSync(home, { recursive: true });
  await installWhenChanged(server, home);
  const running = await startServer({
    server,
    home,
    port: values.port ?? defaultPorts,
    ...(isNew ? { settings: quietSettings } : {}),
  });
  const address = new URL(running.url);
  address.searchParams.set('folder', demoWorkspace);
  console.log(`\nOpen this address in a browser:\n\n  ${address.href}\n${firstSteps}`);
  console.log('Ctrl+C ends it.');
}

/** Packing and installing takes seconds, so it is only done when the build is another one. */
async function installWhenChanged(server, home) {
  const vsix = path.join(demoFolder, 'demo.vsix');
  const mark = path.join(home, 'installed.txt');
  const hash = createHash('sha256');
  for (const file of [
    'package.json',
    'dist/extension.js',
    'dist/cli.js',
    'dist/webview/timeline.js',
  ])
    hash.update(readFileSync(path.join(root, file)));
  const digest = hash.digest('hex');
  if (existsSync(mark) && readFileSync(mark, 'utf8') === digest) return;
  console.log('Installing the extension into it …');
  await packVsix(vsix);
  await installExtension(server, home, vsix);
  writeFileSync(mark, digest);
}

function say(step) {
  console.log(`\n── ${step}`);
}

try {
  await main();
} catch (error) {
  // esbuild has printed its own messages with the places.
  if (!error.errors) console.error(`\n${error.message}`);
  process.exitCode = 1;
}
