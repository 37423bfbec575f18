import type { FrameLocator, Locator, Page } from 'playwright-core';
import type { QuickInput } from './quickInput.js';
import { startsWithWords } from './names.js';

/** Text editors, diff editors and webviews. */
export class Editor {
  constructor(
    private readonly page: Page,
    private readonly quick: QuickInput,
  ) {}

  /** The tab of an open editor; names of diffs carry both sides. */
  tab(name: string | RegExp): Locator {
    return this.page
      .locator('.tabs-container')
      .getByRole('tab', { name: typeof name === 'string' ? startsWithWords(name) : name })
      .first();
  }

  /** Opens a file by its path in the workspace. */
  async open(file: string): Promise<void> {
    await this.page.keyboard.press('ControlOrMeta+p');
    await this.page.locator('.quick-input-widget:visible input').first().fill(file);
    const base = file.split('/').at(-1) ?? file;
    await this.quick.option(base).first().click();
    // A diff of the same file may still be the active editor for a moment.
    const name = new RegExp(`^${base.replace(/[.*+?^${}()|[\]\\]/gu, '\\$&')}(?! \\()`, 'u');
    const tabs = this.page.locator('.tabs-container');
    await tabs.getByRole('tab', { name, selected: true }).first().waitFor();
  }

  /** Adds text at the end of the active editor, as typed; does not save. */
  async append(text: string): Promise<void> {
    const editor = this.page.locator('.editor-instance .monaco-editor:visible').first();
    await editor.locator('.view-lines').first().click();
    await this.page.keyboard.press('ControlOrMeta+End');
    await this.page.keyboard.insertText(text);
  }

  /** Puts the cursor of the active editor before a character; both count from 1. */
  async goTo(line: number, column: number): Promise<void> {
    await this.page.keyboard.press('Control+g');
    await this.page.locator('.quick-input-widget:visible input').first().fill(`:${line}:${column}`);
    await this.page.keyboard.press('Enter');
    await this.page.locator('.quick-input-widget').first().waitFor({ state: 'hidden' });
    await this.page
      .locator('.statusbar-item')
      .getByRole('button', { name: `Ln ${line}, Col ${column}` })
      .waitFor();
  }

  /** Asks for the completions at the cursor, of which one has this name. Returns all accessible names. */
  async suggestions(name: string | RegExp): Promise<string[]> {
    const rows = this.page.locator('.suggest-widget:visible').getByRole('option');
    await this.page.keyboard.press('Control+Space');
    await rows.filter({ hasText: name }).first().waitFor();
    return rows.evaluateAll((all) => all.map((row) => row.getAttribute('aria-label') ?? ''));
  }

  /** Gives the text editor on the screen the focus. */
  async focus(): Promise<void> {
    await this.page.keyboard.press('ControlOrMeta+1');
  }

  /** Takes the quick fix at the cursor that has this title. */
  async quickFix(title: string | RegExp): Promise<void> {
    await this.page.keyboard.press('ControlOrMeta+.');
    const menu = this.page.locator('.action-widget:visible');
    await menu.getByRole('option', { name: title }).first().click();
  }

  /** Shows what there is to know of the word at the cursor. */
  async hover(): Promise<Locator> {
    await this.page.keyboard.press('Control+k');
    await this.page.keyboard.press('Control+i');
    return this.page.locator('.monaco-hover:visible .monaco-hover-content').first();
  }

  /** Saves the active editor and waits until its tab is clean. */
  async save(): Promise<void> {
    await this.page.keyboard.press('ControlOrMeta+s');
    await this.page.locator('.tabs-container .tab.active:not(.dirty)').first().waitFor();
  }

  /** The inner page of the webview on the screen. */
  webview(): FrameLocator {
    return this.page
      .frameLocator('iframe.webview >> visible=true')
      .frameLocator('iframe#active-frame');
  }

  /** Both sides of the diff on the screen, lines joined; only what is scrolled into view. */
  async diffTexts(): Promise<{ before: string; after: string }> {
    const diff = this.page.locator('.monaco-diff-editor:visible').first();
    await diff.locator('.editor.modified .view-line').first().waitFor();
    const side = async (name: string): Promise<string> =>
      (await diff.locator(`.editor.${name} .view-lines`).first().innerText()).replace(
        /\u00a0/gu,
        ' ',
      );
    return { before: await side('original'), after: await side('modified') };
  }
}
