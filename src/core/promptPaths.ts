import type { PromptRecord } from './state.js';

/** Which prompts that are not retired stand at which path. */
export class PromptPaths {
  /** By path, in the order of registration. */
  readonly #at = new Map<string, PromptRecord[]>();
  /** Place of each prompt in the order of registration. */
  readonly #order = new Map<PromptRecord, number>();
  /** By path, in the order in which they came there. */
  readonly #formerly = new Map<string, PromptRecord[]>();

  /** Of several, the one registered first. */
  at(path: string): PromptRecord | undefined {
    return this.#at.get(path)?.[0];
  }

  /** The one that came there last, unless another of its places is there. */
  formerlyAt(path: string, isThere: (path: string) => boolean): PromptRecord | undefined {
    return this.#formerly
      .get(path)
      ?.findLast(
        (prompt) =>
          !prompt.retired && !prompt.places.some((place) => place !== path && isThere(place)),
      );
  }

  /** Of those that were retired the one that came there last. */
  retiredAt(path: string): PromptRecord | undefined {
    return this.#formerly.get(path)?.findLast((prompt) => prompt.retired);
  }

  /** Whatever ever was at a path, retired or not, in the order in which they came there. */
  everAt(path: string): readonly PromptRecord[] {
    return this.#formerly.get(path) ?? [];
  }

  /** To be called once for each of a prompt's places. */
  addPlace(prompt: PromptRecord, path: string): void {
    const others = this.#formerly.get(path);
    if (others === undefined) this.#formerly.set(path, [prompt]);
    else others.push(prompt);
  }

  /** Puts a prompt where its path says; the first time it counts as the newest. */
  add(prompt: PromptRecord): void {
    const order = this.#order.get(prompt) ?? this.#order.size;
    this.#order.set(prompt, order);
    if (prompt.path === null || prompt.retired) return;
    const others = this.#at.get(prompt.path);
    if (others === undefined) this.#at.set(prompt.path, [prompt]);
    else others.splice(this.#placeOf(others, order), 0, prompt);
  }

  /** To be called before its path changes. */
  remove(prompt: PromptRecord): void {
    const others = prompt.path === null ? undefined : this.#at.get(prompt.path);
    const place = others ? this.#placeOf(others, this.#order.get(prompt)!) : 0;
    if (others?.[place] === prompt) others.splice(place, 1);
    if (others?.length === 0) this.#at.delete(prompt.path!);
  }

  #placeOf(prompts: readonly PromptRecord[], order: number): number {
    let [low, high] = [0, prompts.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#order.get(prompts[middle]!)! < order) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
