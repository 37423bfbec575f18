import { isMoreCoAuthors } from './agentNames.js';
import type { EventOf } from './event.js';
import type { LedgerState } from './state.js';

/** More names are counted. */
const shownNames = 3;

/** "recorded a revision that Ana committed in 3f9c21d with Mia and Claude". */
export function observedSummary(
  state: LedgerState,
  { header, body }: EventOf<'revision.observed'>,
): string {
  const { author, coAuthors = [] } = header.refs;
  const agents = body?.agents ?? [];
  const programs = agents.filter((one) => !isMoreCoAuthors(one));
  const others = [...coAuthors.map((id) => state.persons.ref(id).name), ...programs];
  const more = agents.find(isMoreCoAuthors);
  const left = more === undefined ? '' : ` (and ${more}, whom the event has no room for)`;
  const verb = body?.origin === 'imported' ? 'imported' : 'recorded';
  const commit = body === null ? '' : ` in ${body.commit.slice(0, 7)}`;
  const who = state.persons.ref(author).name;
  return `${verb} a revision that ${who} committed${commit}${withOthers(others)}${left}`;
}

/** Who moved the file, and from where; a move without a commit is by who recorded it. */
export function movedSummary(
  state: LedgerState,
  { header, body }: EventOf<'prompt.moved'>,
): string {
  const { author } = header.refs;
  const from = body === null ? '' : ` from ${body.from}`;
  if (author === undefined) return 'moved the prompt';
  return author === null
    ? `moved the file${from}`
    : `recorded that ${state.persons.ref(author).name} moved the file${from}${inCommit(body?.commit)}`;
}

export function removedSummary(
  state: LedgerState,
  { header, body }: EventOf<'prompt.removed'>,
): string {
  const { author } = header.refs;
  return author === null
    ? 'deleted the file'
    : `recorded that ${state.persons.ref(author).name} deleted the file${inCommit(body?.commit)}`;
}

function inCommit(commit: string | null | undefined): string {
  return commit == null ? '' : ` in ${commit.slice(0, 7)}`;
}

function withOthers(names: readonly string[]): string {
  if (names.length === 0) return '';
  const shown = names.slice(0, shownNames);
  const left = names.length - shown.length;
  if (left > 0) return ` with ${shown.join(', ')} and ${left} more`;
  const last = shown.pop()!;
  return ` with ${shown.length === 0 ? last : `${shown.join(', ')} and ${last}`}`;
}
