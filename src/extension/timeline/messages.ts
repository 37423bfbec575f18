import { isEventId, isRandomId } from '../../core/ids.js';
import type { EventId, PromptId } from '../../core/ids.js';
import { eventGroups } from '../../core/eventGroups.js';
import type { EventGroup, TimelineFilter, TimelineRequest } from '../../webview/protocol.js';

const longestText = 500;
const mostPages = 16;
const kinds: ReadonlySet<string> = new Set<TimelineRequest['kind']>([
  'ready',
  'rows',
  'detail',
  'step',
  'verify',
  'review',
  'diff',
  'redact',
  'copyProof',
  'takeBack',
  'copyId',
]);

type Fields = Readonly<Record<string, unknown>>;

/** Reads a message of the page, which is hostile input; null when any part of it is not as agreed. */
export function parseRequest(value: unknown): TimelineRequest | null {
  if (!isFields(value) || !isCount(value['id']) || !isKind(value['kind'])) {
    return null;
  }
  const { id, kind } = value as { id: number; kind: TimelineRequest['kind'] };
  switch (kind) {
    case 'ready':
      return withFilter(value, (filter) =>
        withLocate(value, (locate) => ({ id, kind, filter, locate })),
      );
    case 'rows': {
      const pages = pagesOf(value['pages']);
      return pages === null
        ? null
        : withFilter(value, (filter) =>
            withLocate(value, (locate) => ({ id, kind, filter, pages, locate })),
          );
    }
    case 'step': {
      const { event, direction } = value;
      return isEventId(event) && (direction === 'older' || direction === 'newer')
        ? withFilter(value, (filter) => ({ id, kind, filter, event, direction }))
        : null;
    }
    case 'detail':
    case 'diff':
    case 'redact':
    case 'copyProof':
    case 'copyId':
      return isEventId(value['event']) ? { id, kind, event: value['event'] } : null;
    case 'takeBack': {
      const { event, what } = value;
      return isEventId(event) && (what === 'decision' || what === 'version')
        ? { id, kind, event, what }
        : null;
    }
    case 'verify':
      return typeof value['full'] === 'boolean' ? { id, kind, full: value['full'] } : null;
    case 'review':
      return isFindingKey(value['key']) ? { id, kind, key: value['key'] } : null;
  }
}

function withFilter(
  value: Fields,
  make: (filter: TimelineFilter) => TimelineRequest | null,
): TimelineRequest | null {
  const filter = value['filter'];
  if (!isFields(filter)) {
    return null;
  }
  const { text, prompt, groups } = filter;
  if (typeof text !== 'string' || text.length > longestText || !isPrompt(prompt)) {
    return null;
  }
  if (!Array.isArray(groups) || groups.length > eventGroups.length) {
    return null;
  }
  return groups.every(isGroup) ? make({ text, prompt, groups: [...new Set(groups)] }) : null;
}

function withLocate(
  value: Fields,
  make: (locate: EventId | null) => TimelineRequest,
): TimelineRequest | null {
  const locate = value['locate'];
  return locate === null || isEventId(locate) ? make(locate) : null;
}

function pagesOf(value: unknown): number[] | null {
  return Array.isArray(value) && value.length <= mostPages && value.every(isCount)
    ? [...new Set(value)]
    : null;
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** As `findingKey` makes them. */
function isFindingKey(value: unknown): value is string {
  return typeof value === 'string' && /^[0-9a-f]{16}$/.test(value);
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function isKind(value: unknown): value is TimelineRequest['kind'] {
  return typeof value === 'string' && kinds.has(value);
}

function isPrompt(value: unknown): value is PromptId | null {
  return value === null || isRandomId(value);
}

function isGroup(value: unknown): value is EventGroup {
  return (eventGroups as readonly unknown[]).includes(value);
}
