import path from 'node:path';
import { canInstall, install, isProgram } from './programs.mjs';

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const otherPlaces = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe',
];

/** The program of a Chromium on this machine: $CHROMIUM, on the PATH or in a usual place; else null. */
export function findChromium() {
  const folders = [...(process.env['PATH'] ?? '').split(path.delimiter), '/usr/bin', '/snap/bin'];
  const candidates = names.flatMap((name) => folders.map((folder) => path.join(folder, name)));
  const chosen = process.env['CHROMIUM'];
  if (chosen) return chosen;
  return [...candidates, ...otherPlaces].find(isProgram) ?? null;
}

/** As findChromium, but installs Debian's package where that is possible. */
export async function ensureChromium(log = console.log) {
  const found = findChromium();
  if (found !== null) return found;
  if (canInstall()) {
    await install(['chromium', 'fonts-liberation'], log);
    const installed = findChromium();
    if (installed !== null) return installed;
  }
  throw new Error(
    'The tests in VS Code need Chromium, and there is none. Install it (on Debian and Ubuntu:' +
      ' sudo apt-get install chromium), or set CHROMIUM to the path of a Chrome or Chromium.',
  );
}
