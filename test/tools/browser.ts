import { chromium, type Browser } from 'playwright-core';
import { ensureChromium } from '../../scripts/lib/chromium.mjs';

let browser: Promise<Browser> | null = null;

/** One Chromium for all tests of a process; headless, unless PROMPT_AUDIT_SHOW is set. */
export function sharedBrowser(): Promise<Browser> {
  browser ??= launch();
  return browser;
}

/** To be called in the last `after`, else the process does not end. */
export async function closeBrowser(): Promise<void> {
  const open = browser;
  browser = null;
  await (await open)?.close();
}

async function launch(): Promise<Browser> {
  return chromium.launch({
    executablePath: await ensureChromium(),
    headless: !process.env['PROMPT_AUDIT_SHOW'],
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}
