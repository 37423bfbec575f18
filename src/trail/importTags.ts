import picomatch from 'picomatch';
import type { Digest, PromptId } from '../core/ids.js';
import { isRedacted } from '../core/redaction.js';
import { environmentRule } from '../core/environmentRule.js';
import type { CommitRef } from '../git/historyTips.js';
import { readObjects } from '../git/objects.js';
import type { TrailContext } from './context.js';
import { unknownEnvironment } from './recordDeployment.js';
import type { KeptFile } from './importFeed.js';
import type { ImportTally } from './importRecord.js';
import { TagRecorder, toEnd, type TagStep } from './importTagEvents.js';
import type { ImportTarget } from './importTarget.js';
import { maxPromptBytes } from './site.js';

/** The tags of an import, and what becomes of them. */
export interface TagPlan {
  readonly env: string;
  readonly tags: readonly PlannedTag[];
}

interface PlannedTag extends CommitRef {
  /** When it was made, as git claims it. */
  readonly at: string;
}

interface Into {
  readonly context: TrailContext;
  /** Null: only counts. */
  readonly target: ImportTarget | null;
  readonly tally: ImportTally;
}

/** A tag, what it did, and the texts of that. */
interface TagSteps {
  readonly tag: PlannedTag;
  readonly steps: readonly TagStep[];
  readonly texts: ReadonlyMap<string, Uint8Array>;
}

const tagFolder = 'refs/tags/';
const nameOf = ({ ref }: CommitRef): string => ref.slice(tagFolder.length);

/** So many steps, or bytes of texts, are recorded at once. */
const stepsAtOnce = 500;
const bytesAtOnce = 16 * 1024 * 1024;

/** The tags whose names one of the globs matches. `times`: when they were made. Throws `environment.unknown`. */
export function tagPlan(
  context: TrailContext,
  refs: readonly CommitRef[],
  {
    tags = [],
    env,
    times,
  }: { tags?: readonly string[]; env?: string; times: ReadonlyMap<string, string> },
): TagPlan | null {
  if (tags.length === 0 || env === undefined) return null;
  if (environmentRule(context.policy, env) === undefined) throw unknownEnvironment(context, env);
  const matches = picomatch([...tags], { dot: true });
  const chosen = refs.filter((one) => one.ref.startsWith(tagFolder) && matches(nameOf(one)));
  const at = ({ ref }: CommitRef): string => times.get(ref) ?? new Date(0).toISOString();
  return { env, tags: chosen.map((one) => ({ ...one, at: at(one) })) };
}

/**
 * Makes deployments of tags, in the order of their commits: one where the bytes of a prompt are others than in the tag
 * before. Those that are recorded are left out, and prompts that were deployed to the environment here. Gives what
 * people should know of it. Throws `Outrun`.
 */
export async function importTags(
  into: Into,
  plan: TagPlan,
  history: {
    readonly root: string;
    readonly ids: ReadonlySet<string>;
    readonly kept: ReadonlyMap<string, readonly KeptFile[]>;
  },
): Promise<readonly string[]> {
  const places = new Map([...history.ids].map((id, at) => [id, at]));
  const place = ({ commit }: CommitRef): number => places.get(commit) ?? -1;
  const tags = [...plan.tags].sort((a, b) => place(a) - place(b));
  const importer = new TagImporter(into, plan.env, history.root);
  for (const tag of tags) await importer.take(tag, history.kept.get(tag.commit) ?? []);
  await importer.flush();
  return importer.caveats;
}

class TagImporter {
  readonly caveats: string[] = [];
  readonly #context: TrailContext;
  readonly #into: Into;
  readonly #env: string;
  readonly #root: string;
  /** What the tags so far say is deployed. */
  readonly #active = new Map<PromptId, { readonly digest: Digest; readonly commit: string }>();
  /** Versions that a dry run would have made. */
  readonly #made = new Set<string>();
  readonly #passed = new Set<PromptId>();
  #waiting: TagSteps[] = [];

  constructor(into: Into, env: string, root: string) {
    this.#into = into;
    this.#context = into.context;
    this.#env = env;
    this.#root = root;
  }

  async take(tag: PlannedTag, files: readonly KeptFile[]): Promise<void> {
    const { commit } = tag;
    const steps = this.#steps(files, commit).filter((step) => !this.#isKnown(step, commit));
    if (steps.length === 0) return;
    const texts = await this.#texts(steps);
    const isWhole = steps.filter(
      (step) => step.kind === 'ended' || this.#canKeep(step, texts, nameOf(tag)),
    );
    if (this.#into.target === null) return this.#count(isWhole);
    this.#waiting.push({ tag, steps: isWhole, texts });
    const sum = (of: (one: TagSteps) => number): number =>
      this.#waiting.reduce((total, one) => total + of(one), 0);
    const bytes = sum((one) =>
      [...one.texts.values()].reduce((all, { length }) => all + length, 0),
    );
    if (sum((one) => one.steps.length) >= stepsAtOnce || bytes >= bytesAtOnce) await this.flush();
  }

  async flush(): Promise<void> {
    const { target, tally } = this.#into;
    const waiting = this.#waiting.filter(({ steps }) => steps.length > 0);
    if (target === null || waiting.length === 0) return;
    this.#waiting = [];
    const made = await target.write((tx, who) => {
      const recorder = new TagRecorder(tx, { who, env: this.#env, state: this.#context.state });
      for (const { tag, steps, texts } of waiting)
        for (const step of steps) recorder.record(step, tag, texts);
      return recorder;
    });
    tally.versions += made.versions;
    tally.totals.deployments += made.deployments;
    this.caveats.push(...made.caveats);
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
    const own = this.#context.state
      .prompt(step.prompt)
      ?.deployments.filter(({ env }) => env === this.#env)
      .map(({ event }) => event);
    if (step.kind === 'deployed')
      return (
        own?.some(
          ({ header: { refs } }) => refs.commit === commit && refs.digest === step.digest,
        ) === true
      );
    // One that this import makes is not there yet.
    const ended = own?.filter(({ header }) => header.refs.commit === step.commit) ?? [];
    return ended.length > 0 && toEnd(this.#context.state, this.#env, step) === undefined;
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
    const { tally } = this.#into;
    for (const step of steps) {
      if (step.kind === 'ended') continue;
      tally.totals.deployments++;
      const key = `${step.prompt} ${step.digest}`;
      const prompt = this.#context.state.prompt(step.prompt);
      const known = prompt?.versions.some((v) => v.event.header.refs.digest === step.digest);
      if (known === true || this.#made.has(key)) continue;
      this.#made.add(key);
      tally.versions++;
    }
  }
}
