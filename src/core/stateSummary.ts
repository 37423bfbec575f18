import { activeDeployments } from './activeRows.js';
import { canonicalJson, type JsonValue } from './canonicalJson.js';
import type { LedgerState, PromptRecord, VersionRecord } from './state.js';

/**
 * What a ledger came to, as canonical JSON: for each prompt (by its id, aliases resolved) how many
 * revisions and versions it has, its newest version and the active ones with their decisions, and what is
 * active where. Says only what stands in headers, so that no redaction changes it (docs/LEDGER.md, "Volumes").
 */
export function stateSummary(state: LedgerState): string {
  const prompts = [...state.prompts.values()].map((prompt) => promptSummary(state, prompt));
  return canonicalJson({ events: state.size, prompts } as unknown as JsonValue);
}

function promptSummary(state: LedgerState, prompt: PromptRecord): object {
  const active = activeDeployments(prompt);
  // To look at each version would read each of their events.
  const shown = new Set(active.map(({ event }) => state.versions.get(event.header.refs.version)));
  shown.add(prompt.versions.at(-1));
  return {
    id: prompt.id,
    retired: prompt.retired,
    revisions: prompt.revisions.length,
    versions: prompt.versions.length,
    shown: [...shown]
      .filter((version) => version !== undefined)
      .sort((a, b) => a.number - b.number)
      .map(versionSummary),
    active: active.map(({ event: { id, header } }) => ({
      env: header.refs.env,
      deployment: id,
      version: header.refs.version,
    })),
  };
}

function versionSummary({ event, number, decisions }: VersionRecord): object {
  return {
    id: event.id,
    number,
    digest: event.header.refs.digest,
    decisions: decisions.map(({ event: { id, header } }) => ({
      id,
      who: header.who,
      decision: header.refs.decision,
    })),
  };
}
