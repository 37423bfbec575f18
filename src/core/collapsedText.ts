import { linesOf, type LineRange } from './lineMap.js';

/** A text in which all white space, ends of lines too, counts as one space. */
export class CollapsedText {
  readonly text: string;
  /** Where in `text` each line that has words begins, ascending, and its number. */
  readonly #starts: number[] = [];
  readonly #lines: number[] = [];

  /** `anyCase`: for finding words in whatever case. */
  constructor(given: string, { anyCase = false }: { readonly anyCase?: boolean } = {}) {
    const pieces: string[] = [];
    let at = 0;
    for (const [index, line] of linesOf(given).entries()) {
      const collapsed = (anyCase ? line.toLowerCase() : line).replace(/\s+/gu, ' ').trim();
      if (collapsed === '') continue;
      this.#starts.push(at);
      this.#lines.push(index + 1);
      pieces.push(collapsed);
      at += collapsed.length + 1;
    }
    this.text = pieces.join(' ');
  }

  /** The lines of each place where `part` stands, which was collapsed the same way; none for an empty one. */
  placesOf(part: CollapsedText): readonly LineRange[] {
    const places: LineRange[] = [];
    const { length } = part.text;
    if (length === 0) return places;
    for (let at = this.text.indexOf(part.text); at !== -1;) {
      places.push({ line: this.#lineAt(at), endLine: this.#lineAt(at + length - 1) });
      at = this.text.indexOf(part.text, at + length);
    }
    return places;
  }

  /** The number of the line that holds the character at `index`. */
  #lineAt(index: number): number {
    let [low, high] = [0, this.#starts.length - 1];
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if (this.#starts[middle]! <= index) low = middle;
      else high = middle - 1;
    }
    return this.#lines[low] ?? 1;
  }
}
