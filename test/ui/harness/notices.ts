import type { Locator, Page } from 'playwright-core';

/** Notifications at the corner, and modal dialogs. */
export class Notices {
  readonly dialog: Locator;

  constructor(private readonly page: Page) {
    this.dialog = page.locator('.monaco-dialog-box');
  }

  /** A notification with this text. */
  notification(text: string | RegExp): Locator {
    return this.page
      .locator('.notifications-toasts .notification-list-item')
      .filter({ hasText: text })
      .first();
  }

  /** Waits for a notification. Returns its message. */
  async waitFor(text: string | RegExp): Promise<string> {
    const found = this.notification(text);
    await found.waitFor();
    return (await found.locator('.notification-list-item-message').innerText()).trim();
  }

  /** Messages of all notifications on the screen. */
  messages(): Promise<string[]> {
    return this.page
      .locator('.notifications-toasts .notification-list-item-message')
      .allInnerTexts();
  }

  /** Waits for a notification and presses a button of it. */
  async press(text: string | RegExp, button: string): Promise<void> {
    await this.notification(text).getByRole('button', { name: button, exact: true }).click();
  }

  /** Waits for a modal dialog with this text, and presses a button of it. Returns its whole text. */
  async confirm(text: string | RegExp, button: string): Promise<string> {
    const dialog = this.dialog.filter({ hasText: text });
    await dialog.waitFor();
    const said = await dialog.innerText();
    await dialog.getByRole('button', { name: button, exact: true }).click();
    await dialog.waitFor({ state: 'hidden' });
    return said;
  }
}
