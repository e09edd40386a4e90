import { apis } from '../apis/index.js';
import { EmbeddedKafkaError } from '../embedded-kafka-error.js';

/** A request as a fault function sees it. */
export interface FaultyRequest {
  /** Name of the API by Kafka's spelling, such as `Produce`. */
  readonly api: string;
  readonly apiVersion: number;
  readonly clientId: string;
  readonly nodeId: number;
  /** The decoded request, with the protocol's field names in camel case. Read only. */
  readonly body: unknown;
}

/** What happens instead of the ordinary handling. */
export type FaultAction =
  /** This answer, with the protocol's field names in camel case. */
  | { readonly action: 'answer'; readonly body: object }
  /** An answer that refuses everything in the request by one error code. */
  | { readonly action: 'error'; readonly errorCode: number }
  /** Ordinary handling, later. */
  | { readonly action: 'delay'; readonly delayMs: number }
  /** No answer as long as the connection lives. */
  | { readonly action: 'hang' }
  /** The connection is cut; with `processed` after the request took effect, so that only the answer is lost. */
  | { readonly action: 'disconnect'; readonly processed?: boolean };

/** Undefined lets the request pass. */
export type FaultFunction = (request: FaultyRequest) => FaultAction | undefined;

export interface FaultOptions {
  /** Requests to act on before the fault ends by itself. Default: until removed. */
  readonly times?: number;
  /** Only requests to this node. Default: all. */
  readonly nodeId?: number;
}

/** How a connection misbehaves. */
export interface ConnectionFault {
  /** Answers leave at this rate at most. */
  readonly bytesPerSecond?: number;
  /** The connection is cut in the middle of an answer, after this many bytes of answers. */
  readonly cutAfterBytes?: number;
}

interface Installed<T> {
  readonly value: T;
  readonly nodeId: number | undefined;
  left: number;
}

const apiNames: ReadonlySet<string> = new Set([...apis.values()].map(({ name }) => name));

/** Faults on demand. Each installed fault is removed by the function that its installation returns. */
export class Faults {
  readonly #byApi = new Map<string, Set<Installed<FaultFunction>>>();
  readonly #connections = new Set<Installed<ConnectionFault>>();
  readonly #onApplied: () => void;

  constructor(onApplied: () => void) {
    this.#onApplied = onApplied;
  }

  /**
   * Asks `decide` about each request to an API, `'*'` for all. Of several faults the one installed first that does not
   * answer undefined applies.
   */
  on(api: string, decide: FaultFunction | FaultAction, options: FaultOptions = {}): () => void {
    if (api !== '*' && !apiNames.has(api)) {
      throw new EmbeddedKafkaError(`There is no API named "${api}"; the names are ${[...apiNames].join(', ')} and *.`, {
        code: 'unknown_api',
      });
    }
    const value = typeof decide === 'function' ? decide : () => decide;
    let installed = this.#byApi.get(api);
    if (!installed) {
      installed = new Set();
      this.#byApi.set(api, installed);
    }
    return install(installed, value, options);
  }

  /** Makes connections that are opened from now on slow, or cut after some bytes. `times` counts connections. */
  onConnections(fault: ConnectionFault, options: FaultOptions = {}): () => void {
    for (const [name, value] of Object.entries(fault)) {
      if (value === undefined || (Number.isFinite(value) && value >= 0 && (value > 0 || name !== 'bytesPerSecond')))
        continue;
      throw new EmbeddedKafkaError(`Option "${name}" is ${String(value)}; give a positive number.`, {
        code: 'invalid_option',
      });
    }
    return install(this.#connections, fault, options);
  }

  /** Removes all faults. */
  clear(): void {
    this.#byApi.clear();
    this.#connections.clear();
  }

  /** @internal */
  decide(request: FaultyRequest): FaultAction | undefined {
    if (this.#byApi.size === 0) return undefined;
    return this.#decideBy(request, request.api) ?? this.#decideBy(request, '*');
  }

  /** @internal */
  forConnection(nodeId: number): ConnectionFault | undefined {
    for (const fault of this.#connections) {
      if (fault.nodeId !== undefined && fault.nodeId !== nodeId) continue;
      this.#use(this.#connections, fault);
      return fault.value;
    }
    return undefined;
  }

  #decideBy(request: FaultyRequest, name: string): FaultAction | undefined {
    const installed = this.#byApi.get(name);
    if (!installed) return undefined;
    for (const fault of installed) {
      if (fault.nodeId !== undefined && fault.nodeId !== request.nodeId) continue;
      const action = fault.value(request);
      if (!action) continue;
      this.#use(installed, fault);
      return action;
    }
    return undefined;
  }

  #use<T>(installed: Set<Installed<T>>, fault: Installed<T>): void {
    this.#onApplied();
    fault.left--;
    if (fault.left <= 0) installed.delete(fault);
  }
}

function install<T>(installed: Set<Installed<T>>, value: T, { times, nodeId }: FaultOptions): () => void {
  if (times !== undefined && !(Number.isInteger(times) && times > 0)) {
    throw new EmbeddedKafkaError(
      `Option "times" is ${String(times)}; give a positive integer, or nothing for no end.`,
      {
        code: 'invalid_option',
      },
    );
  }
  const fault: Installed<T> = { value, nodeId, left: times ?? Number.POSITIVE_INFINITY };
  installed.add(fault);
  return () => {
    installed.delete(fault);
  };
}
