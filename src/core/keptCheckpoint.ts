/**
 * A checkpoint as a person kept it, with the ends of lines that the format wants: mail makes CR LF of a newline,
 * and drops the last one or adds some. Nothing else is forgiven.
 */
export function keptCheckpoint(text: string): string {
  const lines = text.replaceAll('\r\n', '\n');
  let end = lines.length;
  while (end > 0 && lines[end - 1] === '\n') end--;
  return `${lines.slice(0, end)}\n`;
}
