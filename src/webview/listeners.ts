import type { Store } from './app.js';
import type { Commands } from './commands.js';
import { commandOf } from './keys.js';
import type { KeyPress } from './keys.js';

type Place = Parameters<Commands['key']>[1];

/** Listens on the root, once: rows come and go, the root stays. */
export function listenTo(root: HTMLElement, store: Store, commands: Commands): void {
  root.addEventListener(
    'scroll',
    (event) => {
      const list = event.target;
      if (list instanceof HTMLElement && list.id === 'events') {
        store.dispatch({ type: 'scrolled', top: list.scrollTop });
      }
    },
    { capture: true, passive: true },
  );
  root.addEventListener('click', (event) => {
    const row = (event.target as Element).closest<HTMLElement>('[data-ordinal]');
    if (row !== null) {
      commands.clickRow(Number(row.dataset['ordinal']));
    }
  });
  document.addEventListener('keydown', (event) => {
    const focused = document.activeElement;
    const command = commandOf({
      key: event.key,
      modified: isModified(event),
      focus: focusOf(focused),
    });
    if (command !== null && !event.isComposing) {
      event.preventDefault();
      commands.key(command, placeOf(focused));
    }
  });
}

/** Many keyboards write brackets and slashes with AltGr or Option: those are no shortcuts. */
function isModified(event: KeyboardEvent): boolean {
  const writes = event.getModifierState('AltGraph') || '[]/'.includes(event.key);
  return event.metaKey || (!writes && (event.ctrlKey || event.altKey));
}

function focusOf(element: Element | null): KeyPress['focus'] {
  if (element?.id === 'events') {
    return 'list';
  }
  if (element instanceof HTMLInputElement) {
    return 'text';
  }
  return element instanceof HTMLSelectElement ? 'select' : 'other';
}

function placeOf(element: Element | null): Place {
  if (element instanceof HTMLInputElement) {
    return 'text';
  }
  if (element?.closest('#findings, #badge')) {
    return 'findings';
  }
  if (element?.closest('#detail')) {
    return 'detail';
  }
  return element?.id === 'events' ? 'list' : 'other';
}
