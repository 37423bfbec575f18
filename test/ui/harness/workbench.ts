import { mkdirSync } from 'node:fs';
import path from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { workbenchUrl } from '../../tools/address.js';
import { sharedBrowser } from '../../tools/browser.js';
import { projectRoot } from '../../tools/paths.js';
import type { VsCodeServer } from '../../tools/vscodeServer.js';
import { Editor } from './editor.js';
import { startsWithWords } from './names.js';
import { Notices } from './notices.js';
import { QuickInput } from './quickInput.js';
import { Sidebar } from './sidebar.js';

export interface WorkbenchOptions {
  readonly server: VsCodeServer;
  /** The workspace, an absolute path. */
  readonly folder: string;
}

/** One window of VS Code in Chromium, with the parts of it that tests use. */
export class Workbench {
  readonly quick: QuickInput;
  readonly sidebar: Sidebar;
  readonly notices: Notices;
  readonly editor: Editor;

  constructor(
    readonly page: Page,
    readonly folder: string,
  ) {
    this.quick = new QuickInput(page);
    this.sidebar = new Sidebar(page);
    this.notices = new Notices(page);
    this.editor = new Editor(page, this.quick);
  }

  runCommand(title: string): Promise<void> {
    return this.quick.runCommand(title);
  }

  /** An entry of the status bar by the words that its accessible name starts with. */
  statusItem(name: string | RegExp): Locator {
    return this.page
      .locator('.statusbar-item')
      .getByRole('button', { name: typeof name === 'string' ? startsWithWords(name) : name })
      .first();
  }

  /** Opens the Problems view. Returns its rows. */
  async problems(): Promise<Locator> {
    await this.runCommand('View: Focus Problems');
    return this.page.locator('.markers-panel').getByRole('treeitem');
  }

  /** Keeps a picture in test-results/screenshots/, which CI keeps too. */
  async screenshot(name: string): Promise<string> {
    const folder = path.join(projectRoot, 'test-results', 'screenshots');
    mkdirSync(folder, { recursive: true });
    const file = path.join(folder, `${name.replace(/[^\p{L}\p{N}]+/gu, '-').slice(0, 120)}.png`);
    await this.page.screenshot({ path: file });
    return file;
  }

  async reload(): Promise<void> {
    await this.page.reload();
    await waitUntilShown(this.page);
  }

  /** Closes the window with its whole browser profile. */
  async close(): Promise<void> {
    await this.page.context().close();
  }
}

/** Opens a folder in a window with a browser profile of its own, and waits for the workbench. */
export async function openWorkbench(options: WorkbenchOptions): Promise<Workbench> {
  const { server, folder } = options;
  const browser = await sharedBrowser();
  const context = await browser.newContext({
    viewport: { width: 1280, height: 860 },
    permissions: ['clipboard-read', 'clipboard-write'],
  });
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  await page.goto(workbenchUrl(server.port, { folder }));
  await waitUntilShown(page);
  return new Workbench(page, folder);
}

async function waitUntilShown(page: Page): Promise<void> {
  await page
    .locator('.activitybar')
    .getByRole('tab', { name: /^Explorer/u })
    .waitFor({ timeout: 60_000 });
}
