/** Messages to whoever listens at this moment; nothing is kept. The manager is one, over Redis. */
export interface MessageBus {
  /** True when `publish` counts the listeners of one node only, as on a Redis Cluster. Default false. */
  readonly cluster?: boolean;
  /** Answers how many hear it. */
  publish(channel: string, message: string): Promise<number>;
  /** Hears a channel until the answer is called. */
  subscribe(channel: string, listener: (message: string) => void): Promise<() => Promise<void>>;
}

/** A bus inside this process, for running without Redis and for tests. */
export function createMemoryMessageBus(): MessageBus {
  const listeners = new Map<string, Set<(message: string) => void>>();
  return {
    async publish(channel, message) {
      const hearing = [...(listeners.get(channel) ?? [])];
      // As over a network: never before the sender goes on.
      for (const listener of hearing) queueMicrotask(() => listener(message));
      return hearing.length;
    },
    async subscribe(channel, listener) {
      const hearing = listeners.get(channel) ?? new Set();
      listeners.set(channel, hearing.add(listener));
      return async () => {
        hearing.delete(listener);
        if (hearing.size === 0 && listeners.get(channel) === hearing) listeners.delete(channel);
      };
    },
  };
}
