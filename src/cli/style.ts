export type Colour = 'bold' | 'dim' | 'red' | 'green' | 'yellow';

const codes: Readonly<Record<Colour, readonly [number, number]>> = {
  bold: [1, 22],
  dim: [2, 22],
  red: [31, 39],
  green: [32, 39],
  yellow: [33, 39],
};

/** `text` in a colour where colours are shown, else as it is. */
export type Paint = (colour: Colour, text: string) => string;

/** Gives the function that colours text; without `colours` it changes nothing. */
export function painter(colours: boolean): Paint {
  return (colour, text) => {
    if (!colours || text === '') return text;
    const [on, off] = codes[colour];
    return `\u001b[${on}m${text}\u001b[${off}m`;
  };
}
