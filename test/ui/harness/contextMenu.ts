import type { Locator, Page } from 'playwright-core';

/** The context menu that is open. */
export function contextMenu(page: Page): Locator {
  return page.locator('.context-view .monaco-menu:visible');
}

/** Takes an item of the open context menu, which ignores clicks in its first moments. */
export async function choose(page: Page, name: string): Promise<void> {
  const menu = contextMenu(page);
  const isGone = (): Promise<boolean> =>
    menu.waitFor({ state: 'hidden', timeout: 2_000 }).then(
      () => true,
      () => false,
    );
  do await menu.getByRole('menuitem', { name }).click();
  while (!(await isGone()));
}
