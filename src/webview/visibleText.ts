/**
 * Characters that change how text looks or reads without being seen: control characters, bidi
 * overrides and isolates, zero-width spaces, line separators, and the tag block in which
 * instructions to a model can be hidden. Joiners and direction marks stay: honest text needs them.
 */
const unseen =
  // eslint-disable-next-line no-control-regex
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u180e\u200b\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}]/gu;

/** Text of several lines with every unseen character written as `⟨U+202E⟩`. */
export function visibleText(text: string): string {
  return text.replaceAll('\r\n', '\n').replace(unseen, nameOf);
}

/** As visibleText, on one line. */
export function visibleLine(text: string): string {
  return visibleText(text.replace(/[\r\n\t]+/g, ' '));
}

function nameOf(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  return `⟨U+${code.toString(16).toUpperCase().padStart(4, '0')}⟩`;
}
