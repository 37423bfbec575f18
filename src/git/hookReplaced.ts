import { rmdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { keptFolder } from './hookBlock.js';
import { keptAt, move, readHook } from './hookFile.js';
import type { HookName } from './hooksApi.js';

/** The names under which other programs call the hooks that were there before them. */
export const namesOf = (hook: HookName): readonly string[] => [
  hook,
  `${hook}.legacy`,
  `${hook}.old`,
];

/**
 * Takes out of our folder a hook that was kept there and that nothing calls any more, because another program put its
 * own in the place of the one that called it. It stays beside the hooks, under a name that git does not run; gives
 * where, or null where there is none.
 */
export async function leaveReplaced(folder: string, hook: HookName): Promise<string | null> {
  const file = join(folder, hook);
  const kept = keptAt(file, hook);
  if ((await readHook(kept)).kind === 'none') return null;
  // Then the kept one is called from what takes this place.
  if ((await readHook(file)).kind === 'none') return null;
  for (const name of namesOf(hook)) {
    const { text } = await readHook(join(folder, name));
    if (text?.includes(`${keptFolder}/${hook}`) === true) return null;
  }
  const to = await freeName(`${file}.before-prompt-audit`);
  await move(kept, to, 'higher');
  await rmdir(dirname(kept)).catch(() => undefined);
  return to;
}

export const replacedAdvice = (file: string): string =>
  `Another program had put its own hook in the place of the one that was kept here. That one is at ${file} now; nothing runs it.`;

async function freeName(name: string): Promise<string> {
  let free = name;
  for (let i = 2; (await readHook(free)).kind !== 'none'; i++) free = `${name}-${i}`;
  return free;
}
