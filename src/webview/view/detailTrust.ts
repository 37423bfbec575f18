import { html, nothing } from 'lit';
import type { TemplateResult } from 'lit';
import { fill } from '../fill.js';
import type { SignatureNote, TimelineDetail } from '../protocol.js';
import type { ViewContext } from './context.js';
import { fact } from './fact.js';
import { icon, timeAgo, userText } from './parts.js';
import type { Piece } from './parts.js';

/** What an act rests on, and the signatures of an event with the keys that made them. */
export function trustFacts(view: ViewContext, detail: TimelineDetail): Piece[] {
  const words = view.strings.detail;
  const { trust, signatures } = detail;
  return [
    trust.length === 0
      ? nothing
      : fact(
          words.trust,
          html`<ul>
            ${trust.map((level) => html`<li><strong>${level}</strong> ${words.levels[level]}</li>`)}
          </ul>`,
        ),
    signatures.length === 0
      ? nothing
      : fact(
          words.signature,
          html`<ul class="signatures">
            ${signatures.map((one) => signatureItem(view, one))}
          </ul>`,
        ),
  ];
}

function signatureItem(
  { strings, times, state }: ViewContext,
  { status, keyType, fingerprint, principals, at }: SignatureNote,
): TemplateResult {
  const words = strings.detail;
  const look = status === 'good' ? icon('key', 'tone-good') : icon('warning', 'tone-warn');
  const key = [keyType, fingerprint].filter((part) => part !== null).join(' ');
  const [before = '', after = ''] = words.attached.split('{0}');
  return html`<li>
    ${look} ${words.signatures[status]}
    ${key === '' ? nothing : html`<code class="long block">${userText(key)}</code>`}
    <span class="quiet-text block"
      >${
        principals === null ? nothing : html`${userText(fill(words.principals, principals))} · `
      }${before}${timeAgo(at, times, state.now)}${after}</span
    >
  </li>`;
}
