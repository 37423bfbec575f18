import { html } from 'lit';
import type { TemplateResult } from 'lit';
import type { Piece } from './parts.js';

/** One pair of a list of facts. */
export function fact(label: string, value: Piece): TemplateResult {
  return html`<div class="fact">
    <dt>${label}</dt>
    <dd>${value}</dd>
  </div>`;
}
