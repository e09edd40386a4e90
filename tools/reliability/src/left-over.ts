/** What must not outlive this process, whatever ends it. Each is done at once: there is no time to wait. */
const endings = new Set<() => void>();

/** Registers an ending; answers how to take it back once it is no longer needed. */
export function endAtExit(ending: () => void): () => void {
  endings.add(ending);
  return () => void endings.delete(ending);
}

/** Ends everything, last begun first. */
export function endEverything(): void {
  for (const ending of [...endings].reverse()) ending();
  endings.clear();
}
