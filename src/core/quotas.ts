/**
 * How many places of each quota can be filled when nobody fills two: a maximum matching of people and places. `fits`
 * says whether the person at `candidate` may fill a place of the quota at `quota`. Of several such matchings the
 * one that fills the quotas in their order is taken, so the answer does not hang on the order of the people.
 */
export function filledQuotas(
  required: readonly number[],
  candidates: number,
  fits: (candidate: number, quota: number) => boolean,
): readonly number[] {
  const places = required.flatMap((count, quota) => Array.from({ length: count }, () => quota));
  /** By place the candidate who fills it. */
  const filled: (number | undefined)[] = places.map(() => undefined);
  const placeOf = new Map<number, number>();

  /** Finds somebody for a place, moving others where they fit as well. */
  const fill = (place: number, seen: Set<number>): boolean => {
    for (let candidate = 0; candidate < candidates; candidate++) {
      if (seen.has(candidate) || !fits(candidate, places[place]!)) continue;
      seen.add(candidate);
      const held = placeOf.get(candidate);
      if (held !== undefined && !fill(held, seen)) continue;
      filled[place] = candidate;
      placeOf.set(candidate, place);
      return true;
    }
    return false;
  };

  const counts = required.map(() => 0);
  for (const [place, quota] of places.entries()) if (fill(place, new Set())) counts[quota]!++;
  return counts;
}
