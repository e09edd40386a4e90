import { type CircuitSnapshot, freshCircuit, operatorModes } from '../stores/circuit-snapshot.js';
import type { ResolvedOptions } from './options.js';

const version = 1;

/** What a breaker knows, as plain data with absolute times. */
export function exportState(circuit: CircuitSnapshot, { clock, detector }: ResolvedOptions): unknown {
  return { version, savedAtMs: Math.floor(clock.now()), circuit, detector: detector.toJSON() };
}

/**
 * Puts exported state into a store that has none of this circuit; what the store knows is newer and wins.
 * The answer puts back what was counted, to be called once the circuit is known, because a new generation forgets it.
 */
export async function importState(options: ResolvedOptions): Promise<() => void> {
  const { initialState, store, name, clock, detector, logger } = options;
  if (initialState === undefined) return () => {};
  const exported = initialState as { version?: unknown; savedAtMs?: unknown; circuit?: unknown; detector?: unknown };
  const circuit = readCircuit(exported?.circuit);
  if (exported?.version !== version || typeof exported.savedAtMs !== 'number' || !circuit) {
    logger.warn('initialState is not an exported circuit, beginning afresh', { circuit: name });
    return () => {};
  }
  const passedMs = Math.max(0, clock.now() - exported.savedAtMs);
  if (circuit.revision > 0) {
    const retryAfterMs = Math.max(0, circuit.retryAfterMs - passedMs);
    const ageMs = circuit.ageMs === undefined ? undefined : circuit.ageMs + passedMs;
    try {
      await store.restore(name, { ...circuit, retryAfterMs, ageMs });
    } catch (error) {
      logger.warn('initialState could not be stored, the store is away', { circuit: name, error });
    }
  }
  return () => detector.restore(exported.detector);
}

function readCircuit(value: unknown): CircuitSnapshot | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const circuit = { ...freshCircuit, ...value } as CircuitSnapshot;
  const numbers = [circuit.epoch, circuit.revision, circuit.attempt, circuit.retryAfterMs, circuit.ageMs ?? 0];
  const known = ['closed', 'open', 'half-open'].includes(circuit.state) && operatorModes.includes(circuit.mode);
  return known && numbers.every((number) => Number.isFinite(number) && number >= 0) ? circuit : undefined;
}
