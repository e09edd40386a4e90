import { Abandoned, type MessageHandler } from './handling.js';
import type { ReceivedMessage } from './received-message.js';

interface Offer {
  readonly message: ReceivedMessage;
  readonly signal: AbortSignal;
  done(): void;
  abandon(): void;
}

export interface MessageStream {
  /** Offers a message and is done when the reader asks for the next one. */
  readonly handler: MessageHandler;
  readonly messages: AsyncIterableIterator<ReceivedMessage>;
  /** Takes back what no reader has in hand, because its partition goes. */
  release(): void;
  /** The same, and tells readers that nothing more comes. */
  end(): void;
}

/**
 * Turns handling around: a reader pulls messages one by one, and pulling the next says that the last is done. At most
 * one message per partition and handler is on offer, so nothing piles up here. A reader that leaves its loop leaves the
 * last message undone: the next loop begins with it, and so does the next consumer.
 */
export function createMessageStream(): MessageStream {
  let offers: Offer[] = [];
  const readers: ((offer: Offer | undefined) => void)[] = [];
  let inHand: Offer | undefined;
  let ended = false;

  const next = (): Promise<Offer | undefined> => {
    for (let offer = offers.shift(); offer; offer = offers.shift()) {
      if (!offer.signal.aborted) return Promise.resolve(offer);
    }
    if (ended) return Promise.resolve(undefined);
    return new Promise((resolve) => readers.push(resolve));
  };

  const release = (): void => {
    for (const offer of offers) offer.abandon();
    offers = [];
  };

  const messages: AsyncIterableIterator<ReceivedMessage> = {
    [Symbol.asyncIterator]: () => messages,
    async next() {
      inHand?.done();
      inHand = undefined;
      inHand = await next();
      return inHand ? { value: inHand.message, done: false } : { value: undefined, done: true };
    },
    async return() {
      if (inHand && ended) inHand.abandon();
      else if (inHand) offers.unshift(inHand);
      inHand = undefined;
      return { value: undefined, done: true };
    },
  };

  return {
    messages,
    handler: (message, { signal }) =>
      new Promise((resolve, reject) => {
        // The signal is the partition's and outlives every message: what listens to it must go with its message.
        const settle = (end: () => void) => (): void => {
          signal.removeEventListener('abort', abandon);
          end();
        };
        const abandon = settle(() => reject(new Abandoned()));
        const offer: Offer = { message, signal, done: settle(resolve), abandon };
        signal.addEventListener('abort', abandon, { once: true });
        if (ended) abandon();
        else {
          const reader = readers.shift();
          if (reader) reader(offer);
          else offers.push(offer);
        }
      }),
    release,
    end() {
      ended = true;
      release();
      for (const reader of readers.splice(0)) reader(undefined);
    },
  };
}
