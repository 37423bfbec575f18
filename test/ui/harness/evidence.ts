import type { Context } from 'mocha';
import type { Workbench } from './workbench.js';

/** For `afterEach`: keeps a picture of every open window when the test failed. */
export async function keepEvidence(
  context: Context,
  windows: readonly (Workbench | undefined)[],
): Promise<void> {
  const test = context.currentTest;
  if (test?.state !== 'failed') return;
  for (const [index, window] of windows.entries())
    await window?.screenshot(`failed ${test.fullTitle()} ${index + 1}`);
}
