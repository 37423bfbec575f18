import type { EventId } from '../core/ids.js';

/** Events that stand before all events of a graph. */
export interface GraphBase {
  seqOf(id: EventId): number | undefined;
  /** Whether the first is a proper ancestor of the second; both by seq, both within the base. */
  isAncestor(ancestor: number, seq: number): boolean;
}

/** Steps of all ancestor searches of one graph together: a bound against hostile histories. */
const searchLimit = 2_000_000;

/** Which events stand behind which, asked while events are added one by one. */
export class EventGraph {
  readonly #base: GraphBase | null;
  /** Place among the added events, from 0. */
  readonly #places = new Map<EventId, number>();
  readonly #parents: (readonly EventId[])[] = [];
  /** By place: from which place on all events before this one are its ancestors. */
  readonly #allFrom: number[] = [];
  readonly #heads = new Set<EventId>();
  /** Whether some event named a parent that did not stand before it: then #allFrom proves nothing. */
  #tangled = false;
  #steps = searchLimit;

  constructor(base: GraphBase | null) {
    this.#base = base;
  }

  /** Number of the events that were added, each counted once. */
  get size(): number {
    return this.#parents.length;
  }

  has(id: EventId): boolean {
    return this.#places.has(id) || this.#base?.seqOf(id) !== undefined;
  }

  /**
   * Adds an event that is not there yet. `complete`: all of its parents are there. One that names
   * another makes later searches slower, not wrong.
   */
  add(id: EventId, parents: readonly EventId[], complete: boolean): void {
    for (const parent of parents) this.#heads.delete(parent);
    this.#allFrom.push(this.#heads.size === 0 ? 0 : this.#allFromOf(parents));
    this.#heads.add(id);
    this.#tangled ||= !complete;
    this.#places.set(id, this.#parents.length);
    this.#parents.push(parents);
  }

  /**
   * Whether an event of the graph or its base is one of `parents` or an ancestor of one. When the
   * steps of all searches are spent, the answer is yes.
   */
  reaches(ancestor: EventId, parents: readonly EventId[]): boolean {
    const place = this.#places.get(ancestor);
    return place === undefined
      ? this.#reachesBase(this.#base?.seqOf(ancestor) ?? 0, parents)
      : this.#reachesPlace(place, parents);
  }

  #allFromOf(parents: readonly EventId[]): number {
    const place = this.#parents.length;
    const previous = parents.some((parent) => this.#places.get(parent) === place - 1);
    return previous ? this.#allFrom[place - 1]! : place;
  }

  /** Looks backwards only as far as the ancestor stands. */
  #reachesPlace(ancestor: number, parents: readonly EventId[]): boolean {
    return this.#search(parents, (id) => {
      const place = this.#places.get(id);
      if (place === undefined || place < ancestor) return 'dead end';
      if (place === ancestor || (!this.#tangled && ancestor >= this.#allFrom[place]!))
        return 'found';
      return this.#parents[place]!;
    });
  }

  #reachesBase(ancestor: number, parents: readonly EventId[]): boolean {
    const base = this.#base!;
    const isThere = (id: EventId): boolean => {
      const seq = base.seqOf(id);
      return seq !== undefined && (seq === ancestor || base.isAncestor(ancestor, seq));
    };
    // Nearly always the first event builds on the whole base.
    const first = this.#parents[0]?.some(isThere) ?? false;
    return this.#search(parents, (id) => {
      const place = this.#places.get(id);
      if (place === undefined) return isThere(id) ? 'found' : 'dead end';
      if (first && !this.#tangled && this.#allFrom[place] === 0) return 'found';
      return this.#parents[place]!;
    });
  }

  #search(
    from: readonly EventId[],
    visit: (id: EventId) => 'found' | 'dead end' | readonly EventId[],
  ): boolean {
    const visited = new Set<EventId>();
    const stack = [...from];
    for (let id = stack.pop(); id !== undefined; id = stack.pop()) {
      if (this.#steps-- <= 0) return true;
      if (visited.has(id)) continue;
      visited.add(id);
      const next = visit(id);
      if (next === 'found') return true;
      if (next !== 'dead end') stack.push(...next);
    }
    return false;
  }
}
