/** What a key asks for, wherever the focus is outside a text field. */
export type KeyCommand =
  | { readonly do: 'move'; readonly by: number | 'page-up' | 'page-down' | 'first' | 'last' }
  | { readonly do: 'open' | 'diff' | 'copy' | 'filter' | 'back' | 'older' | 'newer' };

export interface KeyPress {
  readonly key: string;
  readonly modified: boolean;
  /** Where the focus is. Fields and selects use letters and arrows themselves. */
  readonly focus: 'list' | 'text' | 'select' | 'other';
}

const anywhere: ReadonlyMap<string, KeyCommand> = new Map<string, KeyCommand>([
  ['d', { do: 'diff' }],
  ['c', { do: 'copy' }],
  ['/', { do: 'filter' }],
  ['[', { do: 'older' }],
  [']', { do: 'newer' }],
  ['Escape', { do: 'back' }],
]);

const inList: ReadonlyMap<string, KeyCommand> = new Map<string, KeyCommand>([
  ['ArrowDown', { do: 'move', by: 1 }],
  ['ArrowUp', { do: 'move', by: -1 }],
  ['PageDown', { do: 'move', by: 'page-down' }],
  ['PageUp', { do: 'move', by: 'page-up' }],
  ['Home', { do: 'move', by: 'first' }],
  ['End', { do: 'move', by: 'last' }],
  ['Enter', { do: 'open' }],
  [' ', { do: 'open' }],
]);

/** The command of a key press; null leaves the key to the browser and to VS Code. */
export function commandOf(press: KeyPress): KeyCommand | null {
  if (press.modified) {
    return null;
  }
  if (press.focus === 'text' && press.key === 'ArrowDown') {
    return { do: 'move', by: 0 };
  }
  if (press.focus === 'text' || press.focus === 'select') {
    return press.key === 'Escape' ? { do: 'back' } : null;
  }
  const found = press.focus === 'list' ? inList.get(press.key) : undefined;
  return found ?? anywhere.get(press.key) ?? null;
}
