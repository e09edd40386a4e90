import type { Clock, Logger, MarketRecord, RequestType } from '@naru/core';
import type {
  ExchangeAdapter,
  ExchangeSession,
  FailureKind,
  Outgoing,
  Received,
  SessionOptions,
  SnapshotRequest,
} from '@naru/exchanges';
import { type Backoff, createBackoff } from './backoff.js';
import type { ConnectionBudget } from './connection-budget.js';
import type { Dial, Socket } from './dial.js';
import { createPacedOutbox, type PacedOutbox } from './paced-outbox.js';

/** Where a connection stands. `subscribing` is open but unproven; `live` has a confirmation or data. */
export type ConnectionState =
  | { readonly phase: 'idle' }
  | { readonly phase: 'dialling' }
  | { readonly phase: 'subscribing' }
  | { readonly phase: 'live' }
  | { readonly phase: 'waiting'; readonly forMs: number; readonly reason: string }
  | { readonly phase: 'closed' };

/** What an operator sees of a connection. */
export interface ConnectionSnapshot {
  readonly id: string;
  /** Sockets opened so far. */
  readonly epoch: number;
  readonly state: ConnectionState;
  /** Milliseconds since the state began. */
  readonly ageMs: number;
  /** Milliseconds since the exchange last sent anything; null without an open socket. */
  readonly silentMs: number | null;
  readonly symbols: number;
  /** Of `symbols`: those that the exchange proved on the present socket. */
  readonly confirmed: number;
}

/** What a connection tells its stream. */
export interface ConnectionListener {
  /** A socket is open; nothing has come from it yet. */
  onOpened(connection: StreamConnection): void;
  onRecords(records: readonly MarketRecord[], connection: StreamConnection): void;
  /** The exchange proved that these symbols are subscribed on the present socket: once per socket and symbol. */
  onConfirmed(symbols: readonly string[]): void;
  /** The exchange refused a symbol, or, with an undefined one, a whole request. */
  onRefused(symbol: string | undefined, reason: string): void;
  /** These symbols had no proof in time; the socket stays, a late proof still counts. */
  onUnconfirmed(symbols: readonly string[]): void;
  /** The socket could not be opened or was lost. The connection tries again by itself. */
  onTrouble(error: Error): void;
  onFrame(bytes: number): void;
  /** A frame, or a part of it, that could not become a record. */
  onParseFailure(kind: FailureKind, message: string): void;
}

export interface StreamConnectionOptions {
  /** Names the connection in logs and event ids. */
  readonly id: string;
  readonly adapter: ExchangeAdapter;
  readonly kind: RequestType;
  readonly url: URL;
  readonly dial: Dial;
  /** Gets a snapshot that an exchange gives over HTTP only. */
  readonly fetchSnapshot: (url: string, signal: AbortSignal) => Promise<string>;
  /** Admits or refuses an attempt to dial. */
  readonly admit: <T>(attempt: () => Promise<T>) => Promise<T>;
  /** Whose turn it is to connect to the exchange. Default: everybody's at once. */
  readonly budget?: ConnectionBudget | undefined;
  readonly listener: ConnectionListener;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly random?: (() => number) | undefined;
  /** How long a symbol may stay without proof before that is reported. */
  readonly proofTimeoutMs: number;
  /** What the exchange's sessions are told beyond their address, such as the depth of order books. */
  readonly session?: Omit<SessionOptions, 'address'> | undefined;
  /** Data over this time makes a connection stable: only then the backoff begins anew. */
  readonly stableAfterMs?: number | undefined;
}

/** Bytes that may wait in a socket before it counts as stuck. */
const maxUnsentBytes = 1024 * 1024;

/** How long the other side may take to answer a closing handshake. */
const closingHandshakeMs = 1_000;

interface OpenSocket {
  readonly socket: Socket;
  readonly session: ExchangeSession;
  readonly outbox: PacedOutbox<Outgoing>;
  readonly confirmed: Set<string>;
  readonly openedAt: number;
  readonly timers: Set<() => void>;
  /** Aborted when the socket is gone. */
  readonly gone: AbortController;
  /** Gives the connection back to the exchange's budget. */
  readonly giveBack: () => void;
  lastReceivedAt: number;
  firstDataAt: number | undefined;
}

/**
 * One socket to an exchange and all its successors: dials, subscribes to the wanted symbols, proves,
 * keeps alive, watches for silence, and begins again with backoff whenever it is lost, until closed.
 */
export class StreamConnection {
  readonly id: string;
  readonly #options: StreamConnectionOptions;
  readonly #backoff: Backoff;
  #state: ConnectionState = { phase: 'idle' };
  /** Monotonic: when the state began. */
  #since: number;
  #wanted: readonly string[] = [];
  #open: OpenSocket | undefined;
  #cancelRetry: (() => void) | undefined;
  /** Aborted when the connection is closed for good. */
  readonly #ended = new AbortController();
  #epoch = 0;
  #closing: Promise<void> | undefined;
  #onClosed: (() => void) | undefined;

  constructor(options: StreamConnectionOptions) {
    this.id = options.id;
    this.#options = options;
    this.#since = options.clock.monotonic();
    this.#backoff = createBackoff(options.random ? { random: options.random } : {});
  }

  get state(): ConnectionState {
    return this.#state;
  }

  /** Sockets opened so far. */
  get epoch(): number {
    return this.#epoch;
  }

  get wanted(): readonly string[] {
    return this.#wanted;
  }

  get confirmed(): ReadonlySet<string> {
    return this.#open?.confirmed ?? new Set();
  }

  snapshot(): ConnectionSnapshot {
    const { clock } = this.#options;
    return {
      id: this.id,
      epoch: this.#epoch,
      state: this.#state,
      ageMs: Math.round(clock.monotonic() - this.#since),
      silentMs: this.#open ? Math.round(clock.monotonic() - this.#open.lastReceivedAt) : null,
      symbols: this.#wanted.length,
      confirmed: this.confirmed.size,
    };
  }

  /** Sets the symbols to be subscribed; on an open socket by the exchange's own messages, without a reconnect. */
  want(symbols: readonly string[]): void {
    this.#wanted = [...symbols];
    if (this.#state.phase === 'idle') void this.#connect();
    else if (this.#open) this.#subscribe(this.#open);
  }

  /** Closes the socket for good, with the closing handshake. Resolves when it is closed. */
  close(): Promise<void> {
    this.#closing ??= this.#shut();
    return this.#closing;
  }

  /** Closes the socket for good and at once: nothing it still has is taken. */
  drop(): void {
    void this.close();
    const open = this.#open;
    if (!open) return;
    open.socket.terminate();
    this.#lost(open, new Error('dropped'));
  }

  #shut(): Promise<void> {
    this.#cancelRetry?.();
    this.#enter({ phase: 'closed' });
    this.#ended.abort();
    const open = this.#open;
    if (!open) return Promise.resolve();
    return new Promise((resolve) => {
      const giveUp = this.#options.clock.schedule(closingHandshakeMs, () => open.socket.terminate());
      this.#onClosed = () => {
        giveUp();
        resolve();
      };
      open.socket.close();
    });
  }

  async #connect(): Promise<void> {
    const { dial, url, adapter, kind, clock, logger } = this.#options;
    this.#enter({ phase: 'dialling' });
    let open: OpenSocket | undefined;
    let dialled: Socket | undefined;
    let giveBack = (): void => {};
    // Whoever admitted the attempt may take its time to note that it succeeded, and the other side may close meanwhile.
    let closedEarly: Error | undefined;
    try {
      if (this.#options.budget) giveBack = await this.#options.budget.take(this.#ended.signal);
      const socket = await this.#options.admit(() =>
        dial(url, {
          onMessage: (data) => {
            // What still comes from a socket that was given up is nobody's.
            if (open && this.#open === open) this.#receive(open, data);
          },
          onLife: () => {
            if (open) open.lastReceivedAt = clock.monotonic();
          },
          onClose: (code, reason) => {
            const error = new Error(`closed with ${code}${reason ? `: ${reason}` : ''}`);
            if (open) this.#lost(open, error);
            else closedEarly = error;
          },
        }),
      );
      dialled = socket;
      const now = clock.monotonic();
      open = {
        socket,
        session: adapter.createSession(kind, { ...this.#options.session, address: url.href }),
        outbox: createPacedOutbox({
          clock,
          perSecond: adapter.limits.messagesPerSecond,
          send: (frame) => socket.send(frame.payload),
        }),
        confirmed: new Set(),
        openedAt: now,
        timers: new Set(),
        gone: new AbortController(),
        giveBack,
        lastReceivedAt: now,
        firstDataAt: undefined,
      };
    } catch (error) {
      dialled?.terminate();
      giveBack();
      if (!this.#isClosed()) this.#retry(error instanceof Error ? error : new Error(String(error)));
      return;
    }
    if (this.#isClosed()) {
      open.socket.terminate();
      giveBack();
      return;
    }
    this.#epoch += 1;
    this.#open = open;
    this.#enter({ phase: 'subscribing' });
    logger.info('socket open', { connection: this.id, epoch: this.#epoch, host: url.host });
    this.#options.listener.onOpened(this);
    this.#subscribe(open);
    this.#keepAlive(open);
    this.#watch(open);
    open.socket.start();
    if (closedEarly) this.#lost(open, closedEarly);
  }

  #subscribe(open: OpenSocket): void {
    open.outbox.push(open.session.changeSymbols(this.#wanted));
    for (const symbol of open.confirmed) if (!this.#wanted.includes(symbol)) open.confirmed.delete(symbol);
    this.#after(open, this.#options.proofTimeoutMs, () => {
      const missing = this.#wanted.filter((symbol) => !open.confirmed.has(symbol));
      if (missing.length > 0) this.#options.listener.onUnconfirmed(missing);
    });
  }

  #receive(open: OpenSocket, data: Buffer): void {
    const { clock, listener } = this.#options;
    open.lastReceivedAt = clock.monotonic();
    listener.onFrame(data.length);
    this.#digest(open, open.session.receive(data, clock.now() / 1_000));
  }

  #digest(open: OpenSocket, received: Received): void {
    const { listener } = this.#options;
    for (const reply of received.replies) open.socket.send(reply.payload);
    for (const request of received.fetches) void this.#fetch(open, request);
    if (received.confirmed.length > 0) this.#confirm(open, received.confirmed);
    for (const { code, reason } of received.rejected) listener.onRefused(code, reason);
    for (const { kind, message } of received.failures) listener.onParseFailure(kind, message);
    if (received.records.length > 0) {
      open.firstDataAt ??= open.lastReceivedAt;
      listener.onRecords(received.records, this);
    }
    if (received.reconnect !== undefined) {
      open.socket.terminate();
      this.#lost(open, new Error(`the exchange asks for a new connection: ${received.reconnect}`));
    }
  }

  async #fetch(open: OpenSocket, request: SnapshotRequest): Promise<void> {
    const body = await this.#options
      .fetchSnapshot(request.url, open.gone.signal)
      .catch((error: unknown) => (error instanceof Error ? error : new Error(String(error))));
    if (this.#open === open) this.#digest(open, open.session.answer(request, body, this.#options.clock.now() / 1_000));
  }

  #confirm(open: OpenSocket, symbols: readonly string[]): void {
    const fresh = symbols.filter((symbol) => !open.confirmed.has(symbol) && this.#wanted.includes(symbol));
    if (fresh.length === 0) return;
    for (const symbol of fresh) open.confirmed.add(symbol);
    if (this.#state.phase === 'subscribing') this.#enter({ phase: 'live' });
    this.#options.listener.onConfirmed(fresh);
  }

  #keepAlive(open: OpenSocket): void {
    const { heartbeat } = this.#options.adapter;
    if (heartbeat.type === 'server') return;
    const beat = (): void => {
      if (open.socket.bufferedBytes > maxUnsentBytes) {
        open.socket.terminate();
        return;
      }
      if (heartbeat.type === 'frame-ping') open.socket.ping();
      else open.socket.send(heartbeat.payload);
      this.#after(open, heartbeat.intervalMs, beat);
    };
    this.#after(open, heartbeat.intervalMs, beat);
  }

  /** Nothing received for the exchange's idle time: the socket is dead, whatever TCP believes. */
  #watch(open: OpenSocket): void {
    const { clock, adapter } = this.#options;
    const { idleTimeoutMs } = adapter.heartbeat;
    const look = (): void => {
      const silentMs = clock.monotonic() - open.lastReceivedAt;
      if (silentMs >= idleTimeoutMs) {
        open.socket.terminate();
        this.#lost(open, new Error(`nothing received for ${Math.round(silentMs)} ms`));
        return;
      }
      this.#after(open, idleTimeoutMs - silentMs, look);
    };
    this.#after(open, idleTimeoutMs, look);
  }

  #lost(open: OpenSocket, error: Error): void {
    if (this.#open !== open) return;
    this.#open = undefined;
    open.outbox.clear();
    open.gone.abort();
    open.giveBack();
    for (const cancel of open.timers) cancel();
    if (this.#isClosed()) {
      this.#onClosed?.();
      return;
    }
    const stableAfterMs = this.#options.stableAfterMs ?? 30_000;
    if (open.firstDataAt !== undefined && open.lastReceivedAt - open.firstDataAt >= stableAfterMs)
      this.#backoff.reset();
    this.#retry(error);
  }

  #retry(error: Error): void {
    const forMs = this.#backoff.next();
    this.#enter({ phase: 'waiting', forMs, reason: error.message });
    this.#cancelRetry = this.#options.clock.schedule(forMs, () => void this.#connect());
    this.#options.listener.onTrouble(error);
  }

  #after(open: OpenSocket, delayMs: number, callback: () => void): void {
    const cancel = this.#options.clock.schedule(delayMs, () => {
      open.timers.delete(cancel);
      callback();
    });
    open.timers.add(cancel);
  }

  #enter(state: ConnectionState): void {
    this.#state = state;
    this.#since = this.#options.clock.monotonic();
  }

  #isClosed(): boolean {
    return this.#state.phase === 'closed';
  }
}
