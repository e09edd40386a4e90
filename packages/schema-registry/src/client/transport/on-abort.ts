import { setMaxListeners } from 'node:events';
import { SchemaRegistryError } from '../../registry-error.js';

/**
 * Calls back when one of the signals aborts; the answer ends that. Many calls may share a signal, such as the one that
 * ends a service, so Node is told not to take many listeners for a leak: each goes when its call is done.
 */
export function onAbort(signals: readonly AbortSignal[], callback: (signal: AbortSignal) => void): () => void {
  const listeners = signals.map((signal) => {
    const listener = (): void => callback(signal);
    setMaxListeners(0, signal);
    signal.addEventListener('abort', listener, { once: true });
    return () => signal.removeEventListener('abort', listener);
  });
  return () => {
    for (const remove of listeners) remove();
  };
}

/** The error for a caller who stopped waiting. */
export function abortedError(signal: AbortSignal): SchemaRegistryError {
  return new SchemaRegistryError('The call was aborted by its signal.', { code: 'aborted', cause: signal.reason });
}

/** Ends one caller's wait; what is shared goes on for the others. */
export function abortable<T>(shared: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return shared;
  return new Promise((resolve, reject) => {
    if (signal.aborted) reject(abortedError(signal));
    const stop = onAbort([signal], () => reject(abortedError(signal)));
    shared.then(resolve, reject).finally(stop);
  });
}
