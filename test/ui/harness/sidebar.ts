import type { Locator, Page } from 'playwright-core';
import { startsWithWords } from './names.js';

/** The activity bar and the tree views beside it. Views are named by their titles. */
export class Sidebar {
  constructor(private readonly page: Page) {}

  /** The entry of a view container in the activity bar; its name carries the badge's text. */
  container(title: string): Locator {
    return this.page.locator('.activitybar').getByRole('tab', { name: startsWithWords(title) });
  }

  async openContainer(title: string): Promise<void> {
    const tab = this.container(title);
    await tab.waitFor();
    if ((await tab.getAttribute('aria-selected')) !== 'true') await tab.click();
  }

  /** A view's frame with header, toolbar and content. */
  view(title: string): Locator {
    const header = this.header(title);
    return this.page.locator('.split-view-view > .pane').filter({ has: header });
  }

  /** Opens a folded view. */
  async expand(title: string): Promise<void> {
    const header = this.header(title);
    await header.waitFor();
    if ((await header.getAttribute('aria-expanded')) === 'false') await header.click();
  }

  /** The rows of a tree view, on the screen now. */
  rows(title: string): Locator {
    return this.page.getByRole('tree', { name: startsWithWords(title) }).getByRole('treeitem');
  }

  /** The row whose accessible name has this text or matches. */
  row(title: string, name: string | RegExp): Locator {
    return this.page
      .getByRole('tree', { name: startsWithWords(title) })
      .getByRole('treeitem', { name })
      .first();
  }

  /** Accessible names of the rows, top to bottom. */
  async rowNames(title: string): Promise<string[]> {
    await this.rows(title).first().waitFor();
    const found = await this.rows(title).evaluateAll((rows) =>
      rows.map((row) => ({
        top: row.getBoundingClientRect().top,
        name: row.getAttribute('aria-label') ?? row.textContent ?? '',
      })),
    );
    return found.sort((a, b) => a.top - b.top).map((row) => row.name.trim());
  }

  /** Unfolds a row of a tree. */
  async expandRow(title: string, name: string | RegExp): Promise<void> {
    const row = this.row(title, name);
    await row.waitFor();
    if ((await row.getAttribute('aria-expanded')) === 'false')
      await row.locator('.monaco-tl-twistie').click();
  }

  /** Clicks an action that a row shows when the pointer is over it. */
  async rowAction(title: string, name: string | RegExp, action: string | RegExp): Promise<void> {
    const row = this.row(title, name);
    await row.hover();
    await row.getByRole('button', { name: action }).click();
  }

  /** Text and buttons of an empty view. */
  welcome(title: string): Locator {
    return this.view(title).locator('.welcome-view-content');
  }

  private header(title: string): Locator {
    return this.page
      .locator('.pane-header')
      .and(this.page.getByRole('button', { name: new RegExp(`^${escapeName(title)}`, 'iu') }));
  }
}

function escapeName(title: string): string {
  return title.replace(/[.*+?^${}()|[\]\\]/gu, '\\$&');
}
