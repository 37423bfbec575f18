import type { EventId } from './protocol.js';
import type { EventGroup, TimelineFilter } from './protocol.js';

/** What survives closing the page: where the reader was, never what was read. */
export interface SavedState {
  readonly v: 1;
  readonly filter: TimelineFilter;
  /** The event whose detail was open. */
  readonly open: EventId | null;
  /** The first row in sight; null at the top of the list. */
  readonly top: EventId | null;
}

export const allGroups: readonly EventGroup[] = [
  'edits',
  'versions',
  'decisions',
  'deployments',
  'refusals',
  'people',
  'other',
];

export const noFilter: TimelineFilter = { text: '', prompt: null, groups: [] };

export function isFiltered(filter: TimelineFilter): boolean {
  return filter.text.trim() !== '' || filter.prompt !== null || filter.groups.length > 0;
}

/** Reads a state of any age; what another version wrote is dropped whole. */
export function readSavedState(value: unknown): SavedState {
  const saved = value as Partial<SavedState> | null | undefined;
  if (typeof saved !== 'object' || saved === null || saved.v !== 1) {
    return { v: 1, filter: noFilter, open: null, top: null };
  }
  const { text, prompt, groups } = saved.filter ?? noFilter;
  return {
    v: 1,
    filter: {
      text: typeof text === 'string' ? text : '',
      prompt: isHex(prompt, 32) ? prompt : null,
      groups: Array.isArray(groups) ? allGroups.filter((group) => groups.includes(group)) : [],
    },
    open: isHex(saved.open, 64) ? (saved.open as EventId) : null,
    top: isHex(saved.top, 64) ? (saved.top as EventId) : null,
  };
}

function isHex(value: unknown, length: number): boolean {
  return typeof value === 'string' && value.length === length && /^[0-9a-f]+$/.test(value);
}
