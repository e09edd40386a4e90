/**
 * The candidate that is most alike, when it is alike enough to be meant: the only one that goes on where the name ends,
 * or the one with the fewest other letters.
 *
 * @param maxEdits letters that may differ. Default: a third of the candidate's, at least two.
 */
export function nearestName(name: string, candidates: readonly string[], maxEdits?: number): string | undefined {
  const wanted = name.slice(0, 100).toLowerCase();
  const longer = candidates.filter((candidate) => candidate.toLowerCase().startsWith(wanted));
  if (longer.length === 1) return longer[0];
  const [nearest] = candidates
    .map((candidate) => ({ candidate, edits: editDistance(wanted, candidate.toLowerCase()) }))
    .filter(({ candidate, edits }) => edits <= (maxEdits ?? Math.max(2, Math.floor(candidate.length / 3))))
    .sort((a, b) => a.edits - b.edits);
  return nearest?.candidate;
}

/** Levenshtein's distance. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const replaced = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
