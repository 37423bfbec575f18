/** Parts a line into the note and the first web address in it: people type both into one box. */
export function splitNote(line: string): { note?: string; reference?: string } {
  const reference = /https?:\/\/\S+/.exec(line)?.[0];
  const note = (reference === undefined ? line : line.replace(reference, ' '))
    .replace(/\s+/g, ' ')
    .trim();
  return {
    ...(note === '' ? {} : { note }),
    ...(reference === undefined ? {} : { reference }),
  };
}
