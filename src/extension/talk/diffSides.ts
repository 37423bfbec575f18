import { TabInputText, TabInputTextDiff, window } from 'vscode';
import type { PlacedThread } from '../../core/talkRows.js';

/** The documents that some tab shows; null where a tab does not say what it shows, as one of several diffs. */
export function shownInTabs(): ReadonlySet<string> | null {
  const shown = new Set<string>();
  for (const input of tabInputs()) {
    if (input === undefined) {
      return null;
    }
    if (input instanceof TabInputText) {
      shown.add(input.uri.toString());
    } else if (input instanceof TabInputTextDiff) {
      shown.add(input.original.toString()).add(input.modified.toString());
    }
  }
  return shown;
}

/** For each document that only the left side of a diff shows: the document on the right. */
export function rightSides(): ReadonlyMap<string, string> {
  const sides = new Map<string, string>();
  const inputs = tabInputs();
  for (const input of inputs) {
    if (input instanceof TabInputTextDiff) {
      sides.set(input.original.toString(), input.modified.toString());
    }
  }
  for (const input of inputs) {
    if (input instanceof TabInputText) {
      sides.delete(input.uri.toString());
    }
  }
  return sides;
}

function tabInputs(): readonly unknown[] {
  return window.tabGroups.all.flatMap(({ tabs }) => tabs.map(({ input }) => input));
}

/**
 * The threads of the left side of a diff that say more there than on the right, where all of them stand: those whose
 * lines are on the left only. The right has them too, because a diff in one column shows none of the left.
 */
export function leftSide(
  threads: readonly PlacedThread[],
  right: readonly PlacedThread[],
): readonly PlacedThread[] {
  const places = new Map(right.map(({ id, place }) => [id, place]));
  return threads.filter(({ id }) => !places.has(id) || places.get(id)?.kept === false);
}
