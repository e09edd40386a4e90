import type { MessageHandler } from './handling.js';
import type { ReceivedMessage } from './received-message.js';

interface Offered {
  readonly message: ReceivedMessage;
  readonly signal: AbortSignal;
  done(): void;
}

export interface MessageStream {
  /** Offers a message and is done when the reader asks for the next one. */
  readonly handler: MessageHandler;
  readonly messages: AsyncIterableIterator<ReceivedMessage>;
  end(): void;
}

/**
 * Turns handling around: a reader pulls messages one by one, and pulling the next says that the last is done. At most
 * one message per partition and handler is on offer, so nothing piles up here. A reader that leaves its loop leaves the
 * last message undone: it will be read again.
 */
export function createMessageStream(): MessageStream {
  const offered: Offered[] = [];
  const readers: ((offer: Offered | undefined) => void)[] = [];
  let current: Offered | undefined;
  let ended = false;

  const next = (): Promise<Offered | undefined> => {
    for (let offer = offered.shift(); offer; offer = offered.shift()) {
      if (!offer.signal.aborted) return Promise.resolve(offer);
    }
    if (ended) return Promise.resolve(undefined);
    return new Promise((resolve) => readers.push(resolve));
  };

  const messages: AsyncIterableIterator<ReceivedMessage> = {
    [Symbol.asyncIterator]: () => messages,
    async next() {
      current?.done();
      current = undefined;
      current = await next();
      return current ? { value: current.message, done: false } : { value: undefined, done: true };
    },
    async return() {
      current = undefined;
      return { value: undefined, done: true };
    },
  };

  return {
    messages,
    handler: (message, { signal }) =>
      new Promise((resolve) => {
        const offer: Offered = { message, signal, done: resolve };
        // The worker must not wait for a reader once the partition is gone.
        signal.addEventListener('abort', () => resolve(), { once: true });
        const reader = readers.shift();
        if (reader) reader(offer);
        else offered.push(offer);
      }),
    end() {
      ended = true;
      for (const reader of readers.splice(0)) reader(undefined);
    },
  };
}
