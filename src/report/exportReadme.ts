import { printable } from '../core/printable.js';
import { limits } from './limits.js';

export interface ReadmeFacts {
  readonly scope: string;
  readonly command: string;
  readonly tool: string;
  readonly generatedAt: string;
  readonly ledger: string;
  readonly size: number;
  readonly root: string;
  readonly included: number;
  readonly files: readonly { readonly name: string; readonly text: string }[];
  readonly caveats: readonly string[];
}

/** README.txt of an export: what it is, what is in it, and how to check it without our program. */
export function exportReadme(facts: ReadmeFacts): string {
  const { size, root, included } = facts;
  const part =
    included === size
      ? `All ${size} events of the ledger are in it: the whole chain.`
      : `${included} of the ${size} events of the ledger are in it. The others are there by the hashes of their leaves only: so each event can be shown to stand at its place, and none can be added or left out unseen; what the others say is not here.`;
  const lines = [
    'EXPORT OF A PROMPT AUDIT TRAIL',
    '',
    `Scope:        ${printable(facts.scope)}`,
    `Made by:      ${printable(facts.tool)}`,
    `At:           ${facts.generatedAt} (UTC)`,
    `Command:      ${printable(facts.command)}`,
    `Ledger:       ${facts.ledger}`,
    `Ledger head:  ${size} events, root ${root}`,
    '',
    part,
    '',
    'WHAT IS IN IT',
    '',
    ...facts.files.flatMap(({ name, text }) =>
      wrapped(`${name.padEnd(22)}${text}`, ' '.repeat(22)),
    ),
    '',
    'HOW TO CHECK IT',
    '',
    ...[
      '1. Nothing was changed since: "sha256sum --check SHA256SUMS" in this folder. The SHA-256 of SHA256SUMS itself stands in the ledger, in the event trail.exported that follows the ledger head above; ask somebody with a clone for "prompt-audit log --json", or read it in the next export.',
      '2. It fits together: "python3 check.py". It reads all of it again with Python alone: events against their ids, texts against their digests, leaves against the root. It is short: read it first, or write your own.',
      '3. It is the ledger that others have: compare the head with "prompt-audit checkpoint" in another clone, or check a copy of the ledger branch by the project\'s verify.py, which shares no code with the program that made this: "python3 verify.py --min SIZE:ROOT FOLDER" with the size and the root above.',
      '4. The tables say what the events say: take a sample. An event by hand: the text of "header" in events.jsonl, as UTF-8 bytes without a newline, has the SHA-256 "id".',
    ].flatMap((text) => wrapped(text, '   ')),
    '',
    'HOW TO READ IT',
    '',
    ...[
      "Tables are CSV by RFC 4180: UTF-8, a header line, lines that end with CRLF. Times are UTC. A cell that a spreadsheet would run as a formula has a ' in front; characters that hide or turn round text stand as \\u{...}. The exact texts are in events.jsonl. What each column means stands in the .schema.json beside the table.",
      'Files above 24 MB go on in a second one: events-002.jsonl, and so on.',
      ...facts.caveats.map(printable),
    ].flatMap((text) => wrapped(`- ${text}`, '  ')),
    '',
    'WHAT IT DOES NOT PROVE',
    '',
    ...limits.flatMap((text) => wrapped(`- ${text}`, '  ')),
    '',
  ];
  return lines.join('\n');
}

/** Lines of at most 100 characters. */
function wrapped(text: string, indent: string): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > 100) {
      lines.push(line);
      line = indent + word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line];
}
