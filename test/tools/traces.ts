import { readFileSync, readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { encodeContent } from '../../src/ledger/contentCodec.js';

/** The files under these folders that hold a text in any form in which a ledger stores it. */
export function tracesOf(
  folders: readonly string[],
  words: string,
  whole: readonly string[] = [],
): string[] {
  const forms = [words, ...whole].flatMap((text) => formsOf(text));
  return folders.flatMap((folder) =>
    filesIn(folder)
      .filter((file) => {
        const bytes = readFileSync(file);
        return file.includes(words) || forms.some((form) => bytes.includes(form));
      })
      .map((file) => relative(folder, file)),
  );
}

/** As it is, as JSON, as its stored encoding, and these as base64 at each of the three alignments. */
function formsOf(text: string): Buffer[] {
  const plain = Buffer.from(text);
  const stored = Buffer.from(encodeContent(plain).bytes);
  const json = Buffer.from(JSON.stringify(text).slice(1, -1));
  const utf16 = Buffer.from(text, 'utf16le');
  return [plain, json, stored, utf16]
    .flatMap((form) => slicesOf(form))
    .flatMap((form) => [form, ...base64Of(form)]);
}

/** Pages of a database cut a long value into pieces, so parts of it count, too. */
function slicesOf(form: Buffer): Buffer[] {
  const length = 40;
  if (form.length < 2 * length) return [form];
  const starts = [length / 2, Math.floor(form.length / 2), form.length - length];
  return starts.map((at) => form.subarray(at, at + length));
}

/** Only the middle is certain: the ends depend on the neighbours. */
function base64Of(form: Buffer): Buffer[] {
  return [0, 1, 2].map((shift) => {
    const text = Buffer.concat([Buffer.alloc(shift), form]).toString('base64');
    return Buffer.from(text.slice(4, Math.floor(text.length / 4) * 4 - 4));
  });
}

function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}
