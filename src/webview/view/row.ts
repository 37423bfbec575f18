import { html, nothing } from 'lit';
import type { TemplateResult } from 'lit';
import { iconOf } from '../icons.js';
import { mirror, rowAt } from '../pages.js';
import type { TimelineRow } from '../protocol.js';
import { openEvent } from '../state.js';
import { visibleLine } from '../visibleText.js';
import type { ViewContext } from './context.js';
import { timeAgo, toned, userText } from './parts.js';
import type { Piece } from './parts.js';
import { redactionLines } from './redactions.js';

/** The element id of a row; ordinals stay when newer events come. */
export function rowId(ordinal: number): string {
  return `event-${ordinal}`;
}

/** One event of the list, or its placeholder while its page is on the way. */
export function rowView(view: ViewContext, index: number): TemplateResult {
  const { state } = view;
  const ordinal = mirror(state.matching, index);
  const row = rowAt(state.pages, state.matching, index);
  if (row === undefined) {
    return html`<div
      id=${rowId(ordinal)}
      class="row waiting"
      role="option"
      aria-selected="false"
      aria-setsize=${state.matching}
      aria-posinset=${index + 1}
      aria-label=${view.strings.list.loading}
    ></div>`;
  }
  const open = openEvent(state) === row.id;
  const active = state.active?.ordinal === ordinal;
  const broken = isBroken(view, row);
  return html`<div
    id=${rowId(ordinal)}
    class="row ${open ? 'open' : ''} ${active ? 'active' : ''} ${broken ? 'broken' : ''}"
    role="option"
    data-ordinal=${ordinal}
    data-event=${row.id}
    aria-selected=${open ? 'true' : 'false'}
    aria-setsize=${state.matching}
    aria-posinset=${index + 1}
    aria-label=${spoken(view, row, broken)}
  >
    <span class="rail"
      >${toned(broken ? { name: 'error', tone: 'bad' } : iconOf(row.type, row.variant))}</span
    >
    <span class="line sentence">
      ${userText(row.who, 'person')} ${userText(row.summary, 'summary')} ${chips(view, row)}
    </span>
    <span class="when">${timeAgo(row.at, view.times, state.now)}</span>
    <span class="line about">
      ${row.path === null ? nothing : userText(row.path, 'path')}
      ${row.note === null ? nothing : userText(row.note, 'note')}
      ${redactionLines(view, row).map((text) => userText(text, 'note'))}
    </span>
    <code class="id">${row.id.slice(0, 7)}</code>
  </div>`;
}

function chips({ strings }: ViewContext, row: TimelineRow): Piece[] {
  const special = row.variant === 'break-glass' || row.variant === 'failed' ? row.variant : null;
  return [
    row.env === null ? nothing : html`<span class="chip">${userText(row.env)}</span>`,
    special === null
      ? nothing
      : html`<span class="chip chip-bad">${strings.variants[special]}</span>`,
    row.synced ? nothing : html`<span class="chip chip-quiet">${strings.list.provisional}</span>`,
  ];
}

/** The row in one sentence with full words, for screen readers. */
function spoken(view: ViewContext, row: TimelineRow, broken: boolean): string {
  const { strings, times } = view;
  const parts = [
    broken ? strings.list.broken : null,
    `${row.who} ${row.summary}`,
    row.path,
    row.env,
    row.note,
    ...redactionLines(view, row),
    row.synced ? null : strings.list.provisional,
    times.full(row.at),
  ];
  return visibleLine(parts.filter((part) => part !== null).join(', '));
}

function isBroken({ state }: ViewContext, row: TimelineRow): boolean {
  const verdict = state.summary.verification;
  if (verdict.state !== 'broken') {
    return false;
  }
  return verdict.findings.some(({ severity, event, seq }) => {
    return severity === 'error' && (event === null ? seq === row.seq : event === row.id);
  });
}
