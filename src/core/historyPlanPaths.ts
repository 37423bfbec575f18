import type { PromptId } from './ids.js';
import { PromptPaths } from './promptPaths.js';
import type { PromptRecord } from './state.js';

/** A prompt of the ledger, as far as its paths go. */
export type KnownPrompt = Pick<PromptRecord, 'id' | 'path' | 'places' | 'retired'>;

/** Which prompt a path means, while a plan goes on: by the rules of the state (docs/LEDGER.md, "Prompts and aliases"). */
export class PlannedPaths {
  readonly #paths = new PromptPaths();
  readonly #prompts = new Map<PromptId, PromptRecord>();
  readonly #retired = new Map<string, PromptId>();

  /** In the order of registration. */
  constructor(prompts: readonly KnownPrompt[]) {
    for (const prompt of prompts) {
      this.#add(prompt);
      if (prompt.retired) for (const place of prompt.places) this.#retired.set(place, prompt.id);
    }
  }

  /** As LedgerState.promptAt; where that knows none, the retired one that was there: the past is still its own. */
  promptAt(path: string, isThere: (path: string) => boolean): PromptId | undefined {
    const found = this.#paths.at(path) ?? this.#paths.formerlyAt(path, isThere);
    return found?.id ?? this.#retired.get(path);
  }

  register(id: PromptId, path: string): void {
    this.#add({ id, path, places: [path], retired: false });
  }

  move(id: PromptId, from: string, to: string): void {
    const prompt = this.#prompts.get(id);
    if (prompt === undefined) return;
    if (prompt.path === from) {
      this.#paths.remove(prompt);
      prompt.path = to;
      this.#paths.add(prompt);
    }
    if (prompt.places.includes(to)) return;
    prompt.places.push(to);
    this.#paths.addPlace(prompt, to);
  }

  #add({ id, path, places, retired }: KnownPrompt): void {
    const prompt: PromptRecord = {
      ...{ id, path, retired, format: '', removed: false },
      places: [...places],
      revisions: [],
      versions: [],
      deployments: [],
      ended: [],
      reviewed: [],
    };
    this.#prompts.set(id, prompt);
    this.#paths.add(prompt);
    for (const place of prompt.places) this.#paths.addPlace(prompt, place);
  }
}
