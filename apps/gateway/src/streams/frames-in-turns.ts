export interface FramesInTurnsOptions {
  readonly handle: (frame: Buffer) => void;
  /** No more frames are wanted, but for those that were read already; and again more. */
  readonly pause: () => void;
  readonly resume: () => void;
  /** Whether frames wait until `start()`, with the socket paused from the first one on. Default false. */
  readonly held?: boolean | undefined;
  /** Milliseconds for the frames of one read before others have their turn. Default 10. */
  readonly turnMs?: number | undefined;
  /** Monotonic milliseconds. */
  readonly now?: (() => number) | undefined;
}

/** Frames of one socket on their way to whoever handles them, in order. */
export interface FramesInTurns {
  receive(frame: Buffer): void;
  /** Frames that were held are handled in the next turns, and what comes then follows them. */
  start(): void;
  /** Calls back when every frame that was received has been handled. */
  afterAll(callback: () => void): void;
  /** Lets go of the frames that wait. */
  drop(): void;
}

/** So few frames of one read are handled without a look at the clock. */
const uncheckedFrames = 64;

/**
 * Thousands of small frames may come in one read of a socket, and are all handed out before anything else can happen.
 * After some milliseconds of that, the rest waits for the next turns of the event loop and the socket is not read: what
 * waits is never more than one read.
 */
export function createFramesInTurns(options: FramesInTurnsOptions): FramesInTurns {
  const { handle, pause, resume, turnMs = 10, now = () => performance.now() } = options;
  let held = options.held ?? false;
  let waiting: Buffer[] = [];
  let after: (() => void) | undefined;
  /** Frames handled in this turn of the loop, or in several that had few. */
  let handled = 0;
  let endsAt = Number.POSITIVE_INFINITY;

  const begin = (): void => {
    endsAt = now() + turnMs;
  };
  const end = (): void => {
    handled = 0;
    endsAt = Number.POSITIVE_INFINITY;
  };
  const goOn = (): void => {
    begin();
    let next = 0;
    while (next < waiting.length && now() < endsAt) handle(waiting[next++]!);
    waiting = waiting.slice(next);
    if (waiting.length > 0) {
      setImmediate(goOn);
      return;
    }
    end();
    resume();
    const callback = after;
    after = undefined;
    callback?.();
  };

  return {
    receive(frame) {
      if (waiting.length > 0) {
        waiting.push(frame);
        return;
      }
      if (held) {
        waiting.push(frame);
        pause();
        return;
      }
      handled += 1;
      if (handled > uncheckedFrames && now() >= endsAt) {
        waiting.push(frame);
        pause();
        setImmediate(goOn);
        return;
      }
      if (handled === uncheckedFrames) {
        begin();
        setImmediate(() => {
          if (waiting.length === 0) end();
        });
      }
      handle(frame);
    },
    start() {
      if (!held) return;
      held = false;
      if (waiting.length > 0) setImmediate(goOn);
    },
    afterAll(callback) {
      if (waiting.length > 0) after = callback;
      else callback();
    },
    drop() {
      waiting = [];
    },
  };
}
