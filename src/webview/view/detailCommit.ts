import { html, nothing } from 'lit';
import { fill } from '../fill.js';
import type { TimelineDetail } from '../protocol.js';
import { visibleLine } from '../visibleText.js';
import type { ViewContext } from './context.js';
import { fact } from './fact.js';
import { userText, type Piece } from './parts.js';

/** What git claims of the commit that an event was read from. */
export function commitFacts(view: ViewContext, { commit }: TimelineDetail): Piece[] {
  if (commit === undefined) return [];
  const words = view.strings.detail;
  const authors = [commit.author, ...commit.coAuthors].filter((name) => name !== null);
  const when =
    commit.authoredAt === null
      ? nothing
      : html`<span class="quiet-text block"
          >${visibleLine(fill(words.authored, view.times.full(commit.authoredAt)))}</span
        >`;
  const signed = commit.signed === null ? nothing : words.commitSigned[commit.signed];
  return [
    fact(
      words.commit,
      html`<code class="long">${commit.id}</code><span class="quiet-text block">${signed}</span>`,
    ),
    authors.length === 0 ? nothing : fact(words.author, html`${names(authors)}${when}`),
    commit.committer === null ? nothing : fact(words.committer, userText(commit.committer)),
    commit.agents.length === 0 ? nothing : fact(words.agents, names(commit.agents)),
  ];
}

function names(all: readonly string[]): Piece {
  return html`${all.map((name, at) => html`${at === 0 ? nothing : ', '}${userText(name)}`)}`;
}
