import { activeDeployments } from '../core/activeRows.js';
import type { Digest, EventId, PersonId, PromptId } from '../core/ids.js';
import { adoptionInScope } from '../core/policyInScope.js';
import { everything, type LedgerState, type PromptRecord } from '../core/state.js';
import type { LedgerTransaction } from '../ledger/transaction.js';
import type { KeptFile } from './importFeed.js';

/** What a tag did to one prompt. */
export type TagStep =
  | {
      readonly kind: 'deployed';
      readonly prompt: PromptId;
      readonly file: KeptFile;
      readonly digest: Digest;
    }
  /** `commit`: of the tag that had deployed it. */
  | { readonly kind: 'ended'; readonly prompt: PromptId; readonly commit: string };

/** Where an imported deployment stands that a later tag leaves out, unless its end is recorded. */
export function toEnd(
  state: LedgerState,
  env: string,
  { prompt: id, commit }: TagStep & { kind: 'ended' },
): EventId | undefined {
  const prompt = state.prompt(id);
  return prompt?.deployments.find(
    (d) =>
      d.env === env &&
      d.event.header.refs.commit === commit &&
      !prompt.ended.some((end) => end.event.header.refs.deployment === d.event.id),
  )?.id;
}

/** Turns steps of tags into events of one transaction, each with those before it in mind. */
export class TagRecorder {
  versions = 0;
  deployments = 0;
  readonly caveats: string[] = [];
  readonly #state: LedgerState;
  readonly #env: string;
  readonly #who: PersonId;
  /** What this transaction made: versions by prompt and digest, deployments by prompt and commit. */
  readonly #versions = new Map<string, EventId>();
  readonly #deployments = new Map<string, EventId>();
  readonly #numbers = new Map<PromptId, number>();
  /** What is deployed by now, where this transaction changed it. */
  readonly #active = new Map<PromptId, EventId | null>();

  constructor(
    private readonly tx: LedgerTransaction,
    { state, env, who }: { state: LedgerState; env: string; who: PersonId },
  ) {
    this.#state = state;
    this.#env = env;
    this.#who = who;
  }

  record(
    step: TagStep,
    { ref, commit, at }: { readonly ref: string; readonly commit: string; readonly at: string },
    texts: ReadonlyMap<string, Uint8Array>,
  ): void {
    const name = ref.slice('refs/tags/'.length);
    const prompt = this.#state.prompt(step.prompt);
    if (prompt === undefined) return;
    const common = { who: this.#who, prompt: prompt.id, identity: 'git' } as const;
    if (step.kind === 'ended') {
      const deployment =
        this.#deployments.get(`${prompt.id} ${step.commit}`) ?? toEnd(this.#state, this.#env, step);
      if (deployment === undefined) return;
      const refs = { deployment, commit, claimedAt: at };
      const body = { reason: `Not in tag ${name}` };
      this.tx.append({ ...common, type: 'deployment.ended', refs, body });
      this.#active.set(prompt.id, null);
      return;
    }
    const { digest, file } = step;
    const version = this.#version(prompt, step, { name, commit, text: texts.get(file.blob)! });
    if (version === null) return;
    const policy = adoptionInScope(this.#state, everything)!.event.header.refs.policy;
    const made = this.#active.get(prompt.id);
    const previous = made === undefined ? activeIn(prompt, this.#env) : made;
    const event = this.tx.append({
      ...common,
      type: 'deployment.recorded',
      refs: {
        ...{ version, digest, policy, env: this.#env, outcome: 'succeeded', breakGlass: false },
        ...{ previous, rollbackOf: null, commit, claimedAt: at },
      },
      body: { note: `Imported from tag ${name}`, reference: null },
    });
    this.#active.set(prompt.id, event.id);
    this.#deployments.set(`${prompt.id} ${commit}`, event.id);
    this.deployments++;
  }

  /** The version with these bytes; a new one where there is none. */
  #version(
    prompt: PromptRecord,
    { digest, file: { path } }: TagStep & { kind: 'deployed' },
    { name, commit, text }: { name: string; commit: string; text: Uint8Array },
  ): EventId | null {
    const key = `${prompt.id} ${digest}`;
    const known =
      this.#versions.get(key) ??
      prompt.versions.findLast((v) => v.event.header.refs.digest === digest)?.event.id;
    if (known !== undefined) return known;
    const revision = prompt.revisions.find((r) => r.digest === digest);
    if (revision === undefined) {
      this.caveats.push(`${path} of tag ${name} was left out: the trail has no revision of it.`);
      return null;
    }
    this.tx.putContent(text);
    const number = (this.#numbers.get(prompt.id) ?? prompt.versions.length) + 1;
    const event = this.tx.append({
      ...{ type: 'version.proposed', who: this.#who, prompt: prompt.id, identity: 'git' },
      refs: { digest, revision: revision.id, number, commit },
      body: { path, note: `Imported from tag ${name}` },
    });
    this.versions++;
    this.#versions.set(key, event.id);
    this.#numbers.set(prompt.id, number);
    return event.id;
  }
}

const activeIn = (prompt: PromptRecord, env: string): EventId | null =>
  activeDeployments(prompt).find((deployment) => deployment.env === env)?.id ?? null;
