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

  /** Waits for a choice and takes it. */
  async pick(name: string | RegExp): Promise<void> {
    await this.option(name).first().click();
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
