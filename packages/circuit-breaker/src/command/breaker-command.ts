import { Command } from 'commander';
import type { BreakerRedis } from '../redis/breaker-redis.js';
import { connectBreakerRedis } from '../redis/connect-breaker-redis.js';
import { createRedisBreakerStore } from '../redis/redis-breaker-store.js';
import type { BreakerStore } from '../stores/breaker-store.js';
import type { CircuitSnapshot, OperatorMode } from '../stores/circuit-snapshot.js';
import { circuitJson, describeCircuits } from './describe-circuit.js';

export interface BreakerCommandOptions {
  /** The command's name in help texts. Default `naru-breaker`. */
  readonly name?: string;
  /** Used without `--redis`. Default `redis://127.0.0.1:6379`. */
  readonly redisUrl?: string;
  /** Connects to the Redis of that URL, for those who do so by more than a URL. Default: `connectBreakerRedis`. */
  readonly connect?: (url: string) => Promise<BreakerRedis & AsyncDisposable>;
  /** Who is named as the author without `--author`. */
  readonly author?: string;
  /** Receives each line of output. Default: standard output. */
  readonly write?: (line: string) => void;
  /** Ends `watch`. */
  readonly signal?: AbortSignal;
}

interface Flags {
  readonly redis: string;
  readonly json?: true;
  readonly reason?: string;
  readonly author?: string;
}

/**
 * `status`, `open`, `close`, `reset` and `watch` over the circuits in Redis, to be run as it is or added to another program.
 * Rejects with a `CircuitBreakerError` when Redis cannot be reached.
 */
export function createBreakerCommand(options: BreakerCommandOptions = {}): Command {
  const write = options.write ?? ((line: string) => void process.stdout.write(`${line}\n`));
  const connect = options.connect ?? ((url: string) => connectBreakerRedis({ url }));
  const command = new Command(options.name ?? 'naru-breaker')
    .description('Shows and steers the circuits that a fleet shares through Redis')
    .option('--redis <url>', 'where the circuits are', options.redisUrl ?? 'redis://127.0.0.1:6379')
    .option('--json', 'one JSON object for each circuit and line');
  /** A command below: with its options those of the whole, and with an example. */
  const below = (usage: string, example: string): Command =>
    command
      .command(usage)
      .configureHelp({ showGlobalOptions: true })
      .addHelpText('after', ({ command: own }) => `\nExample:\n  ${pathOf(own)}${example}`);

  const withStore = async (work: (store: BreakerStore, flags: Flags) => Promise<void>, own: object): Promise<void> => {
    const flags: Flags = { ...command.opts<Flags>(), ...own };
    await using redis = await connect(flags.redis);
    await work(createRedisBreakerStore({ redis }), flags);
  };
  const print = (circuits: readonly (readonly [string, CircuitSnapshot])[], flags: Flags): void => {
    const lines = flags.json
      ? circuits.map(([name, circuit]) => circuitJson(name, circuit))
      : describeCircuits(circuits);
    for (const line of lines) write(line);
  };

  below('status [circuits...]', ' upbit/korea/trade')
    .description('shows the named circuits, or all of which anything is stored')
    .action((names: string[]) =>
      withStore(async (store, flags) => {
        const circuits: [string, CircuitSnapshot][] = [];
        for (const name of names.length > 0 ? names : await listNames(store))
          circuits.push([name, await store.read(name)]);
        if (circuits.length === 0 && !flags.json) write('No circuit is stored: all are closed.');
        else print(circuits, flags);
      }, {}),
    );

  const force = (verb: string, mode: OperatorMode, description: string): void => {
    below(`${verb} <circuit>`, ' upbit/korea/trade --reason maintenance')
      .description(description)
      .option('--reason <text>', 'shown to everybody who looks at the circuit')
      .option('--author <name>', 'who decided', options.author)
      .action((name: string, own: { reason?: string; author?: string }) =>
        withStore(async (store, flags) => print([[name, await store.setMode(name, { ...own, mode })]], flags), own),
      );
  };
  force('open', 'forced-open', 'lets nothing pass, until reset');
  force('close', 'forced-closed', 'lets everything pass, until reset');

  below('reset <circuit>', ' upbit/korea/trade')
    .description('closes the circuit, forgets what was counted, and leaves it to itself again')
    .action((name: string) => withStore(async (store, flags) => print([[name, await store.reset(name)]], flags), {}));

  below('watch [circuits...]', ' --json')
    .description('shows every change, until interrupted')
    .action((names: string[]) => withStore((store, flags) => watch(store, names, flags), {}));

  async function watch(store: BreakerStore, names: readonly string[], flags: Flags): Promise<void> {
    const watched = new Set<string>();
    const show = (name: string, circuit: CircuitSnapshot): void =>
      write(flags.json ? circuitJson(name, circuit) : describeCircuits([[name, circuit]])[1]!);
    const follow = async (name: string): Promise<void> => {
      if (watched.has(name)) return;
      watched.add(name);
      await store.watch(name, (circuit) => {
        if (circuit) show(name, circuit);
        else
          void store.read(name).then(
            (read) => show(name, read),
            () => {},
          );
      });
      show(name, await store.read(name));
    };
    if (!flags.json) write(describeCircuits([])[0]!);
    for (const name of names) await follow(name);
    while (!options.signal?.aborted) {
      // Circuits that come into being while watching are found within a second.
      if (names.length === 0) for (const name of await listNames(store).catch(() => [])) await follow(name);
      await pause(1_000, options.signal);
    }
  }

  return command;
}

/** How somebody calls it, with all that it is below. */
function pathOf(command: Command): string {
  return command.parent ? `${pathOf(command.parent)} ${command.name()}` : command.name();
}

async function listNames(store: BreakerStore): Promise<string[]> {
  const names: string[] = [];
  for await (const name of store.list()) names.push(name);
  return names.sort();
}

function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(done, ms);
    function done(): void {
      clearTimeout(timer);
      signal?.removeEventListener('abort', done);
      resolve();
    }
    signal?.addEventListener('abort', done);
  });
}
