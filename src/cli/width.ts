const invisible = /\p{Mn}|\p{Me}|\u200c|\u200d/u;
const wide =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Emoji_Presentation}/u;

/** Columns that a terminal gives to `text`, which has no control characters. */
export function widthOf(text: string): number {
  let width = 0;
  for (const character of text) {
    if (!invisible.test(character)) width += wide.test(character) ? 2 : 1;
  }
  return width;
}
