import picomatch from 'picomatch';
import { activeDeployments } from '../core/activeRows.js';
import type { Digest, PersonId, PromptId } from '../core/ids.js';
import { isRedacted } from '../core/redaction.js';
import type { DeploymentRecord, PromptRecord } from '../core/state.js';
import { environmentRule } from '../core/verdicts.js';
import type { CommitRef } from '../git/historyTips.js';
import { readObjects } from '../git/objects.js';
import type { LedgerTransaction } from '../ledger/transaction.js';
import type { TrailContext } from './context.js';
import { unknownEnvironment } from './deploy.js';
import type { KeptFile } from './importFeed.js';
import { maxPromptBytes } from './site.js';

/** The tags of an import, and what becomes of them. */
export interface TagPlan {
  readonly env: string;
  readonly tags: readonly CommitRef[];
}

/** What tags recorded, or would. */
export interface TagCounts {
  readonly versions: number;
  readonly deployments: number;
  readonly caveats: readonly string[];
}

/** What a tag did to one prompt. */
type TagStep =
  | {
      readonly kind: 'deployed';
      readonly prompt: PromptId;
      readonly file: KeptFile;
      readonly digest: Digest;
    }
  /** `commit`: of the tag that had deployed it. */
  | { readonly kind: 'ended'; readonly prompt: PromptId; readonly commit: string };

const tagFolder = 'refs/tags/';

/** The tags whose names one of the globs matches. Throws `environment.unknown`. */
export function tagPlan(
  context: TrailContext,
  refs: readonly CommitRef[],
  { tags = [], env }: { tags?: readonly string[]; env?: string },
): TagPlan | null {
  if (tags.length === 0 || env === undefined) return null;
  if (environmentRule(context.policy, env) === undefined) throw unknownEnvironment(context, env);
  const matches = picomatch([...tags], { dot: true });
  const chosen = refs.filter(
    ({ ref }) => ref.startsWith(tagFolder) && matches(ref.slice(tagFolder.length)),
  );
  return { env, tags: chosen };
}

/**
 * Makes deployments of tags, in the order of their commits: one where the bytes of a prompt are others than in the tag
 * before. Those that are recorded are left out, and prompts that were deployed to the environment here. `who` null:
 * only counts.
 */
export async function importTags(
  context: TrailContext,
  who: PersonId | null,
  plan: TagPlan,
  history: {
    readonly root: string;
    readonly ids: ReadonlySet<string>;
    readonly kept: ReadonlyMap<string, readonly KeptFile[]>;
  },
): Promise<TagCounts> {
  const places = new Map([...history.ids].map((id, at) => [id, at]));
  const place = ({ commit }: CommitRef): number => places.get(commit) ?? -1;
  const tags = [...plan.tags].sort((a, b) => place(a) - place(b));
  const importer = new TagImporter(context, who, plan.env, history.root);
  for (const tag of tags) await importer.take(tag, history.kept.get(tag.commit) ?? []);
  return importer;
}

class TagImporter implements TagCounts {
  versions = 0;
  deployments = 0;
  readonly caveats: string[] = [];
  readonly #context: TrailContext;
  readonly #who: PersonId | null;
  readonly #env: string;
  readonly #root: string;
  /** What the tags so far say is deployed. */
  readonly #active = new Map<PromptId, { readonly digest: Digest; readonly commit: string }>();
  /** Versions that a dry run would have made. */
  readonly #made = new Set<string>();
  readonly #passed = new Set<PromptId>();

  constructor(context: TrailContext, who: PersonId | null, env: string, root: string) {
    this.#context = context;
    this.#who = who;
    this.#env = env;
    this.#root = root;
  }

  async take({ ref, commit }: CommitRef, files: readonly KeptFile[]): Promise<void> {
    const steps = this.#steps(files, commit).filter((step) => !this.#isKnown(step, commit));
    if (steps.length === 0) return;
    const name = ref.slice(tagFolder.length);
    const texts = await this.#texts(steps);
    const isWhole = steps.filter(
      (step) => step.kind === 'ended' || this.#canKeep(step, texts, name),
    );
    if (this.#who === null) return this.#count(isWhole);
    await this.#context.transact((tx) => {
      for (const step of isWhole) this.#record(tx, step, { name, commit, texts });
    });
  }

  #steps(files: readonly KeptFile[], commit: string): TagStep[] {
    const steps: TagStep[] = [];
    const here = new Set<PromptId>();
    for (const file of files) {
      const { prompt, bytes } = file;
      if (bytes === null || here.has(prompt) || this.#isOurs(file)) continue;
      here.add(prompt);
      if (this.#active.get(prompt)?.digest === bytes.digest) continue;
      this.#active.set(prompt, { digest: bytes.digest, commit });
      steps.push({ kind: 'deployed', prompt, file, digest: bytes.digest });
    }
    for (const [prompt, { commit: from }] of [...this.#active]) {
      if (here.has(prompt)) continue;
      this.#active.delete(prompt);
      steps.push({ kind: 'ended', prompt, commit: from });
    }
    return steps;
  }

  /** What the trail itself deployed is never overruled by a tag. */
  #isOurs({ prompt: id, path }: KeptFile): boolean {
    if (this.#passed.has(id)) return true;
    const prompt = this.#context.state.prompt(id);
    const own = prompt?.deployments.some(
      (d) => d.env === this.#env && d.event.header.refs.commit === undefined,
    );
    if (own !== true) return false;
    this.#passed.add(id);
    this.caveats.push(`${path} was deployed to ${this.#env} here, so its tags were left out.`);
    return true;
  }

  #isKnown(step: TagStep, commit: string): boolean {
    const prompt = this.#context.state.prompt(step.prompt);
    if (step.kind === 'ended') return this.#who !== null && this.#toEnd(step) === undefined;
    return (
      prompt?.deployments.some(
        (d) =>
          d.env === this.#env &&
          d.event.header.refs.commit === commit &&
          d.event.header.refs.digest === step.digest,
      ) === true
    );
  }

  /** The imported deployment that a later tag leaves out, unless that is recorded. */
  #toEnd({ prompt: id, commit }: TagStep & { kind: 'ended' }): DeploymentRecord | undefined {
    const prompt = this.#context.state.prompt(id);
    return prompt?.deployments.find(
      (d) =>
        d.env === this.#env &&
        d.event.header.refs.commit === commit &&
        !prompt.ended.some((end) => end.event.header.refs.deployment === d.event.id),
    );
  }

  async #texts(steps: readonly TagStep[]): Promise<ReadonlyMap<string, Uint8Array>> {
    const wanted = steps.flatMap((step) =>
      step.kind === 'deployed' && (step.file.bytes?.size ?? 0) <= maxPromptBytes
        ? [step.file.blob]
        : [],
    );
    return readObjects(this.#root, wanted);
  }

  /** A version needs its text. */
  #canKeep(
    { file, digest }: TagStep & { kind: 'deployed' },
    texts: ReadonlyMap<string, Uint8Array>,
    name: string,
  ): boolean {
    const text = texts.get(file.blob);
    if (text !== undefined && !text.includes(0) && !isRedacted(this.#context.state, digest))
      return true;
    this.caveats.push(
      `${file.path} of tag ${name} was left out: its text is too large, no text, or redacted.`,
    );
    return false;
  }

  #count(steps: readonly TagStep[]): void {
    for (const step of steps) {
      if (step.kind === 'ended') continue;
      this.deployments++;
      const key = `${step.prompt} ${step.digest}`;
      const prompt = this.#context.state.prompt(step.prompt);
      const known = prompt?.versions.some((v) => v.event.header.refs.digest === step.digest);
      if (known === true || this.#made.has(key)) continue;
      this.#made.add(key);
      this.versions++;
    }
  }

  #record(
    tx: LedgerTransaction,
    step: TagStep,
    {
      name,
      commit,
      texts,
    }: {
      name: string;
      commit: string;
      texts: ReadonlyMap<string, Uint8Array>;
    },
  ): void {
    const { state } = this.#context;
    const prompt = state.prompt(step.prompt);
    if (prompt === undefined) return;
    const env = this.#env;
    const active = activeIn(prompt, env);
    const common = { who: this.#who!, prompt: prompt.id, identity: 'git' } as const;
    if (step.kind === 'ended') {
      const refs = { deployment: this.#toEnd(step)!.event.id };
      const body = { reason: `Not in tag ${name}` };
      tx.append({ ...common, type: 'deployment.ended', refs, body });
      return;
    }
    const { digest, file } = step;
    const version = this.#version(tx, prompt, step, texts.get(file.blob)!, name);
    if (version === null) return;
    const policy = state.policies.at(-1)!.event.header.refs.policy;
    tx.append({
      ...common,
      type: 'deployment.recorded',
      refs: {
        ...{ version, digest, policy, env, outcome: 'succeeded', breakGlass: false },
        ...{ previous: active?.event.id ?? null, rollbackOf: null, commit },
      },
      body: { note: `Imported from tag ${name}`, reference: null },
    });
    this.deployments++;
  }

  /** The version with these bytes; a new one where there is none. */
  #version(
    tx: LedgerTransaction,
    prompt: PromptRecord,
    { digest, file: { path } }: TagStep & { kind: 'deployed' },
    text: Uint8Array,
    name: string,
  ): PromptRecord['versions'][number]['event']['id'] | null {
    const known = prompt.versions.findLast((v) => v.event.header.refs.digest === digest);
    if (known !== undefined) return known.event.id;
    const revision = prompt.revisions.findLast((r) => r.digest === digest);
    if (revision === undefined) {
      this.caveats.push(`${path} of tag ${name} was left out: the trail has no revision of it.`);
      return null;
    }
    tx.putContent(text);
    this.versions++;
    const event = tx.append({
      ...{ type: 'version.proposed', who: this.#who!, prompt: prompt.id, identity: 'git' },
      refs: { digest, revision: revision.id, number: prompt.versions.length + 1 },
      body: { path, note: `Imported from tag ${name}` },
    });
    return event.id;
  }
}

const activeIn = (prompt: PromptRecord, env: string) =>
  activeDeployments(prompt).find((deployment) => deployment.env === env);
