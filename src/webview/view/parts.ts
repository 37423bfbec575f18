import { html, nothing } from 'lit';
import type { TemplateResult } from 'lit';
import type { Icon } from '../icons.js';
import type { Times } from '../times.js';
import { visibleLine } from '../visibleText.js';

export type Piece = TemplateResult | typeof nothing;

/** A codicon; what it means is said in text beside it. */
export function icon(name: string, extra = ''): TemplateResult {
  return html`<span class="codicon codicon-${name} ${extra}" aria-hidden="true"></span>`;
}

export function toned(look: Icon): TemplateResult {
  return icon(look.name, `tone-${look.tone}`);
}

/** Text of a person or a file: unseen characters made visible, its direction kept to itself. */
export function userText(text: string, className = ''): TemplateResult {
  return html`<bdi class=${className}>${visibleLine(text)}</bdi>`;
}

/** "2 hours ago", with the whole time for readers and on hover. */
export function timeAgo(at: string, times: Times, now: number): TemplateResult {
  const full = visibleLine(times.full(at));
  return html`<time datetime=${at} aria-label=${full} title=${full}
    >${visibleLine(times.relative(at, now))}</time
  >`;
}

export interface ButtonInput {
  readonly icon: string;
  readonly label: string;
  readonly run: () => void;
  readonly shortcut?: string;
  readonly disabled?: boolean;
}

/** A button with an icon alone. */
export function iconButton(input: ButtonInput): TemplateResult {
  return html`<button
    type="button"
    class="icon-button"
    aria-label=${input.label}
    title=${titleOf(input)}
    aria-keyshortcuts=${input.shortcut ?? nothing}
    ?disabled=${input.disabled ?? false}
    @click=${input.run}
  >
    ${icon(input.icon)}
  </button>`;
}

/** A button with an icon and words. */
export function textButton(
  input: ButtonInput & { readonly kind: 'primary' | 'secondary' },
): TemplateResult {
  return html`<button
    type="button"
    class="button ${input.kind}"
    title=${titleOf(input)}
    aria-keyshortcuts=${input.shortcut ?? nothing}
    ?disabled=${input.disabled ?? false}
    @click=${input.run}
  >
    ${icon(input.icon)}<span>${input.label}</span>
  </button>`;
}

function titleOf(input: ButtonInput): string {
  return input.shortcut === undefined ? input.label : `${input.label} (${input.shortcut})`;
}
