import { printable } from './printable.js';
import type { Colour, Paint } from './style.js';
import { widthOf } from './width.js';

/** A cell is any text; it is made safe to print here. */
export type Cell = string | { readonly text: string; readonly colour: Colour };

/** Rows in columns that line up, two spaces between them, no space at line ends, a newline after each. */
export function table(
  rows: readonly (readonly Cell[])[],
  options: { paint: Paint; head?: readonly string[]; indent?: number },
): string {
  const head = options.head?.map((text): Cell => ({ text, colour: 'bold' }));
  const all = head === undefined || rows.length === 0 ? rows : [head, ...rows];
  const cells = all.map((row) => row.map(measured));
  const widths: number[] = [];
  for (const row of cells) {
    row.forEach((cell, column) => {
      widths[column] = Math.max(widths[column] ?? 0, cell.width);
    });
  }
  const indent = ' '.repeat(options.indent ?? 0);
  return cells
    .map(
      (row) =>
        `${indent}${row.map((cell, i) => padded(cell, widths[i] ?? 0, options.paint)).join('  ')}`,
    )
    .map((line) => `${line.trimEnd()}\n`)
    .join('');
}

interface Measured {
  readonly text: string;
  readonly colour: Colour | undefined;
  readonly width: number;
}

function measured(cell: Cell): Measured {
  const text = printable(typeof cell === 'string' ? cell : cell.text);
  return { text, colour: typeof cell === 'string' ? undefined : cell.colour, width: widthOf(text) };
}

function padded(cell: Measured, width: number, paint: Paint): string {
  const text = cell.colour === undefined ? cell.text : paint(cell.colour, cell.text);
  return text + ' '.repeat(width - cell.width);
}
