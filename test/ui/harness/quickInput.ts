import type { Locator, Page } from 'playwright-core';
import { startsWithWords } from './names.js';

/** The box at the top of the window: command palette, quick picks and input boxes. */
export class QuickInput {
  readonly widget: Locator;
  private readonly box: Locator;

  constructor(private readonly page: Page) {
    this.widget = page.locator('.quick-input-widget:visible');
    this.box = this.widget.locator('.quick-input-box input');
  }

  /** The choices whose accessible name starts with these words. */
  option(name: string | RegExp): Locator {
    return this.widget.getByRole('option', {
      name: typeof name === 'string' ? startsWithWords(name) : name,
    });
  }

  /** Runs a command by its title in the palette, such as `Prompt Audit: Open Timeline`. */
  async runCommand(title: string): Promise<void> {
    const deadline = Date.now() + 30_000;
    for (;;) {
      await this.page.keyboard.press('F1');
      const option = this.option(title).first();
      try {
        // The box of the command before may still be closing, and take this key for its own.
        await this.box.fill(`>${title}`, { timeout: 3000 });
        await option.waitFor({ timeout: 3000 });
        await option.click();
        return;
      } catch (error) {
        if (Date.now() > deadline) throw error;
        // The palette does not follow while it is open, and extensions may still be starting.
        if (await this.widget.isVisible()) await this.page.keyboard.press('Escape');
      }
    }
  }

  /** Waits for an input box that shows `about` (title, prompt or placeholder) and answers it. */
  async answer(about: string | RegExp, text: string): Promise<void> {
    await this.waitFor(about);
    await this.box.fill(text);
    await this.page.keyboard.press('Enter');
  }

  /** Writes into the open box without leaving it. */
  async type(text: string): Promise<void> {
    await this.box.fill(text);
  }

  /** Waits until a text stands in the open box: a dialogue for files writes its own first. */
  async waitForValue(text: RegExp): Promise<void> {
    const box = await this.box.elementHandle();
    await this.page.waitForFunction(
      ([input, source]) => new RegExp(source, 'u').test((input as HTMLInputElement).value),
      [box, text.source] as const,
    );
  }

  /** Leaves the open box with what is written or ticked. */
  async accept(): Promise<void> {
    await this.page.keyboard.press('Enter');
  }

  /** Presses a button in the title of the open box. */
  async button(name: string): Promise<void> {
    await this.widget.getByRole('button', { name }).click();
  }

  /** Waits for a choice and takes it. */
  async pick(name: string | RegExp): Promise<void> {
    await this.option(name).first().click();
  }

  /** Ticks a choice of those of which several can be taken. */
  async tick(name: string | RegExp): Promise<void> {
    const known = typeof name === 'string' ? startsWithWords(name) : name;
    await this.widget.getByRole('checkbox', { name: known }).first().click();
  }

  /** The labels of the choices that can be ticked. */
  async boxes(): Promise<string[]> {
    const found = this.widget.locator('.quick-input-list').getByRole('checkbox');
    await found.first().waitFor();
    const names = await found.evaluateAll((rows) =>
      rows.map((row) => (row.getAttribute('aria-label') ?? '').split(',')[0] ?? ''),
    );
    // A row and the box in it are both called so.
    return [...new Set(names)];
  }

  /** The accessible names of the choices that are on the screen. */
  async options(): Promise<string[]> {
    const found = this.widget.getByRole('option');
    await found.first().waitFor();
    return found.evaluateAll((rows) => rows.map((row) => row.getAttribute('aria-label') ?? ''));
  }

  /** Waits until the box is open and shows this text as title, prompt, message or placeholder. */
  async waitFor(about: string | RegExp): Promise<void> {
    const asText = this.widget.getByText(about).first();
    await asText.or(this.widget.getByPlaceholder(about).first()).first().waitFor();
  }

  async escape(): Promise<void> {
    await this.page.keyboard.press('Escape');
    await this.widget.waitFor({ state: 'hidden' });
  }
}
