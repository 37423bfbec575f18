import { html, nothing } from 'lit';
import type { TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
import type { PromptId } from '../protocol.js';
import { fill } from '../fill.js';
import type { EventGroup } from '../protocol.js';
import { allGroups, isFiltered } from '../savedState.js';
import { visibleLine } from '../visibleText.js';
import { verifyBadge } from './badge.js';
import type { ViewContext } from './context.js';
import { icon, iconButton } from './parts.js';

/** The filters, how many events they leave, and the badge. */
export function filterBar(view: ViewContext): TemplateResult {
  const { strings, ui, state } = view;
  return html`<header class="bar">
    <div class="bar-row" role="search" aria-label=${strings.bar.label}>
      ${searchField(view)} ${promptSelect(view)} ${verifyBadge(view)}
    </div>
    <div class="bar-row chips-row">
      <div class="chips" role="group" aria-label=${strings.bar.kinds}>
        ${allGroups.map((group) => groupChip(view, group))}
      </div>
      <span class="count ${state.filtering ? 'pending' : ''}">${countText(view)}</span>
      ${
        isFiltered(state.filter)
          ? html`<button type="button" class="link" @click=${() => ui.resetFilter()}>
              ${strings.bar.reset}
            </button>`
          : nothing
      }
    </div>
  </header>`;
}

/** "34 of 1,204 events". */
export function countText({ state, strings, number }: ViewContext): string {
  if (!state.loaded) {
    return '';
  }
  if (!state.complete && state.problem === null) {
    return fill(strings.bar.searching, number(state.matching));
  }
  if (isFiltered(state.filter)) {
    return fill(strings.bar.someEvents, number(state.matching), number(state.total));
  }
  return state.total === 1 ? strings.bar.oneEvent : fill(strings.bar.events, number(state.total));
}

function searchField({ state, strings, ui }: ViewContext): TemplateResult {
  return html`<div class="search">
    ${icon('search')}
    <input
      id="filter-text"
      type="text"
      spellcheck="false"
      autocomplete="off"
      maxlength="500"
      aria-label=${strings.bar.search}
      aria-keyshortcuts="/"
      placeholder=${strings.bar.placeholder}
      .value=${live(state.filter.text)}
      @input=${(event: Event) => ui.setFilter({ text: (event.target as HTMLInputElement).value })}
    />
    ${
      state.filter.text === ''
        ? nothing
        : iconButton({
            icon: 'close',
            label: strings.bar.clear,
            run: () => {
              ui.setFilter({ text: '' });
              document.getElementById('filter-text')?.focus();
            },
          })
    }
  </div>`;
}

function promptSelect({ state, strings, ui }: ViewContext): TemplateResult {
  const change = (event: Event): void => {
    const { value } = event.target as HTMLSelectElement;
    ui.setFilter({ prompt: value === '' ? null : (value as PromptId) });
  };
  return html`<div class="select">
    <select
      id="filter-prompt"
      aria-label=${strings.bar.prompt}
      .value=${live(state.filter.prompt ?? '')}
      @change=${change}
    >
      <option value="" ?selected=${state.filter.prompt === null}>${strings.bar.allPrompts}</option>
      ${state.summary.prompts.map(
        ({ id, path }) =>
          html`<option value=${id} ?selected=${id === state.filter.prompt}>
            ${visibleLine(path)}
          </option>`,
      )}
    </select>
    ${icon('chevron-down')}
  </div>`;
}

function groupChip({ state, strings, ui, number }: ViewContext, group: EventGroup): TemplateResult {
  const { groups } = state.filter;
  const pressed = groups.includes(group);
  const next = pressed ? groups.filter((other) => other !== group) : [...groups, group];
  return html`<button
    type="button"
    class="chip-button"
    aria-pressed=${pressed ? 'true' : 'false'}
    @click=${() => ui.setFilter({ groups: next })}
  >
    ${strings.groups[group]}<span class="chip-count">${number(state.counts[group])}</span>
  </button>`;
}
