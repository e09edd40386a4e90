import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const naru = fileURLToPath(new URL('../../bin/naru.js', import.meta.url));
const tap = new URL('./network-tap.mjs', import.meta.url).href;

/** What a gateway does on the network. */
export type NetworkEvent =
  | { readonly kind: 'lookup'; readonly hostname: string }
  | { readonly kind: 'dial'; readonly host: string; readonly port: number }
  | { readonly kind: 'connected'; readonly address: string; readonly port: number };

export interface GatewayProcessOptions {
  readonly env: Readonly<Record<string, string>>;
  /** Names that DNS knows, with their addresses; it knows no other. */
  readonly names: Readonly<Record<string, readonly string[]>>;
  /** The public address whose host this machine plays. */
  readonly playedHere: string;
}

/** `naru run` as it is shipped, in a process of its own, with everything it does on the network written down. */
export class GatewayProcess {
  readonly kafka: readonly string[];
  readonly registry: string;
  readonly operations: string;
  readonly readyLine: string;
  readonly network: NetworkEvent[];
  readonly #child: ChildProcess;
  readonly #output: { stderr: string };
  readonly #exited: Promise<number | null>;

  private constructor(
    child: ChildProcess,
    readyLine: string,
    output: { stderr: string },
    network: NetworkEvent[],
    exited: Promise<number | null>,
  ) {
    const { kafka, registry, operations } = JSON.parse(readyLine) as {
      kafka: string[];
      registry: string;
      operations: string;
    };
    this.kafka = kafka;
    this.registry = registry;
    this.operations = operations;
    this.readyLine = readyLine;
    this.network = network;
    this.#child = child;
    this.#output = output;
    this.#exited = exited;
  }

  static start({ env, names, playedHere }: GatewayProcessOptions): Promise<GatewayProcess> {
    const { PATH } = process.env;
    const child = spawn(process.execPath, ['--import', tap, naru, 'run'], {
      env: {
        PATH,
        NARU_OPERATIONS_PORT: '0',
        NARU_LOG_LEVEL: 'debug',
        NARU_TEST_NAMES: JSON.stringify(names),
        NARU_TEST_PUBLIC_ADDRESS: playedHere,
        ...env,
      },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    const output = { stderr: '' };
    const network: NetworkEvent[] = [];
    child.stderr!.setEncoding('utf8').on('data', (text: string) => {
      output.stderr += text;
    });
    child.on('message', (event) => network.push(event as NetworkEvent));
    const exited = new Promise<number | null>((resolve) => child.once('exit', resolve));
    return new Promise((resolve, reject) => {
      let stdout = '';
      child.stdout!.setEncoding('utf8').on('data', (text: string) => {
        stdout += text;
        const end = stdout.indexOf('\n');
        if (end >= 0) resolve(new GatewayProcess(child, stdout.slice(0, end), output, network, exited));
      });
      void exited.then((code) => reject(new Error(`naru run ended with ${code}:\n${output.stderr}`)));
    });
  }

  get isRunning(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** Everything on stderr so far. */
  get log(): string {
    return this.#output.stderr;
  }

  async metrics(): Promise<string> {
    return (await fetch(`${this.operations}/metrics`)).text();
  }

  async streams(): Promise<string> {
    return (await fetch(`${this.operations}/streams`)).text();
  }

  /** The longest time in milliseconds that its event loop was blocked since this was asked last. */
  async longestBlockMs(): Promise<number> {
    const [, seconds] = /^nodejs_eventloop_lag_max_seconds (\S+)$/m.exec(await this.metrics()) ?? [];
    // The monitor's own period of 10 ms is part of what it measures.
    return Math.max(0, Number(seconds) * 1_000 - 10);
  }

  /** Asks it to stop; its exit code. */
  stop(): Promise<number | null> {
    this.#child.kill('SIGTERM');
    return this.#exited;
  }
}
