import { distance } from 'fastest-levenshtein';

/** The candidate that a person most likely meant, or undefined. Case, `-` and `_` do not count. */
export function nearestName(name: string, candidates: readonly string[]): string | undefined {
  const plain = (text: string): string => text.toLowerCase().replaceAll(/[-_ ]/g, '');
  const wanted = plain(name);
  // No typo is that long, and the distance of long texts is slow.
  if (wanted.length === 0 || wanted.length > 64) return undefined;
  let best: { candidate: string; distance: number } | undefined;
  for (const candidate of candidates) {
    const steps = distance(wanted, plain(candidate));
    if (best === undefined || steps < best.distance) best = { candidate, distance: steps };
  }
  // Two steps from four letters on: two swapped letters are two steps.
  const limit = wanted.length < 4 ? 1 : Math.max(2, Math.floor(wanted.length / 3));
  return best !== undefined && best.distance <= limit ? best.candidate : undefined;
}
