import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Platform } from './platform.js';

/** Folders whose own names this process made durable. */
const durable = new WeakMap<Platform, Set<string>>();

/**
 * Makes a folder where there is none, so that a power cut does not take it away with all that is
 * in it. Throws as the system does.
 */
export async function ensureFolder(
  folder: string,
  platform: Platform,
  options: { readonly mode?: number } = {},
): Promise<void> {
  const made = await mkdir(folder, { recursive: true, ...options });
  // Who made it may have ended before it was durable, so each process looks after it once.
  const known = durable.get(platform) ?? new Set();
  durable.set(platform, known);
  if (made === undefined && known.has(folder)) return;
  known.delete(folder);
  for (let at = folder; ; at = dirname(at)) {
    await platform.syncFolder(dirname(at));
    if (at === (made ?? folder) || at === dirname(at)) break;
  }
  known.add(folder);
}
