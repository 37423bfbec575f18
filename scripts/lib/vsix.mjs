import { statSync } from 'node:fs';
import path from 'node:path';
import { root, run, tool } from './project.mjs';

const limit = 1.5 * 1024 * 1024;

/** Packs what dist/ holds now. Throws when vsce fails or the file is above 1.5 MB. */
export async function packVsix(file) {
  const out = path.resolve(root, file);
  const { status, output } = await run(
    process.execPath,
    [
      tool('@vscode/vsce', 'vsce'),
      'package',
      // What the extension needs of its dependencies is in its bundles.
      '--no-dependencies',
      // The README's pictures are packed too.
      '--no-rewrite-relative-links',
      `--out=${out}`,
    ],
    { capture: true },
  );
  if (status !== 0) throw new Error(`vsce could not pack the extension:\n${output.trim()}`);
  const { size } = statSync(out);
  if (size > limit) throw new Error(`${file} has ${size} bytes, its limit is ${limit}.`);
  return { file: out, size, output };
}
