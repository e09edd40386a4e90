import type { IDefaultPolicyContext } from 'cockatiel';

/**
 * What a called function is given. Without a signal of the caller's it makes one when asked for it, and each call one of
 * its own: listeners on a signal that all calls share would pile up for ever.
 */
export class CallContext implements IDefaultPolicyContext {
  #signal: AbortSignal | undefined;

  constructor(signal: AbortSignal | undefined) {
    this.#signal = signal;
  }

  get signal(): AbortSignal {
    this.#signal ??= new AbortController().signal;
    return this.#signal;
  }
}
