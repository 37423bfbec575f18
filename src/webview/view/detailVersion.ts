import { html, nothing } from 'lit';
import { fill } from '../fill.js';
import { iconOf } from '../icons.js';
import type { TimelineDetail } from '../protocol.js';
import type { ViewContext } from './context.js';
import { icon, timeAgo, toned, userText } from './parts.js';
import type { Piece } from './parts.js';

/** The state of the version that the event is about, and who decided what on it. */
export function versionPart(view: ViewContext, { version }: TimelineDetail): Piece {
  if (version === null) {
    return nothing;
  }
  const { strings, times, state, number } = view;
  const approvals = fill(strings.detail.approvals, number(version.given), number(version.required));
  return html`<h3>${strings.detail.version} ${userText(version.label)}</h3>
    <p>
      <span class="chip">${strings.states[version.state]}</span>
      <span class="quiet-text">${approvals}</span>
    </p>
    ${
      version.decisions.length === 0
        ? nothing
        : html`<ul class="decisions" aria-label=${strings.detail.decisions}>
            ${version.decisions.map(
              ({ by, decision, at, reason, signed, meaning, envs, revoked = false }) =>
                html`<li>
                  ${
                    revoked
                      ? icon('circle-slash', 'tone-quiet')
                      : toned(iconOf('review.decided', decision))
                  }
                  <span
                    >${userText(by)} · ${strings.decisions[decision]} ·
                    <span class="quiet-text">${timeAgo(at, times, state.now)}</span>
                    ${revoked ? html`· <strong>${strings.detail.revoked}</strong>` : nothing}
                    ${meaning === undefined ? nothing : html`· ${userText(meaning)}`}
                    ${
                      envs === undefined
                        ? nothing
                        : html`· ${userText(fill(strings.detail.onlyFor, envs.join(', ')))}`
                    }
                    ${signed ? html`· ${icon('key', 'tone-good')} ${strings.detail.signed}` : nothing}
                    ${reason === null ? nothing : html`<span class="block">${userText(reason)}</span>`}
                  </span>
                </li>`,
            )}
          </ul>`
    }`;
}
