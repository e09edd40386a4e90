import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

interface BrokerProcess {
  readonly name: string;
  readonly port: number;
  readonly command: readonly string[];
  readonly directory: string;
  pid: number;
  child: ChildProcess | undefined;
}

/** Three real brokers of this machine that can be killed and started again one by one. */
export interface LocalCluster extends AsyncDisposable {
  readonly brokers: readonly string[];
  /** Ends a broker as a power cut would (SIGKILL). */
  kill(index: number): Promise<void>;
  /** Starts it again with its data, on its port; resolves when it takes connections. */
  restart(index: number): Promise<void>;
}

const infra = fileURLToPath(new URL('../../../../tools/infra/dist/main.js', import.meta.url));
const run = promisify(execFile);

/** The processes are found by what the infrastructure tool says of them, and started again by their command lines. */
export async function startLocalCluster(): Promise<LocalCluster> {
  const env = { ...process.env, NARU_INFRA_DIR: mkdtempSync(join(tmpdir(), 'naru-proof-')) };
  const ask = (...args: string[]) => run(process.execPath, [infra, ...args], { env, maxBuffer: 1 << 24 });
  await ask('up', '--brokers', '3', '--mode', 'local', '--json');
  const state = JSON.parse(readFileSync(join(env.NARU_INFRA_DIR, 'state.json'), 'utf8')) as {
    readonly kafka: string;
    readonly processes: readonly { readonly name: string; readonly pid: number; readonly port: number }[];
  };
  const brokers = state.processes
    .filter(({ name }) => name.startsWith('kafka'))
    .map(
      ({ name, pid, port }): BrokerProcess => ({
        name,
        port,
        pid,
        command: readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').slice(0, -1),
        directory: env.NARU_INFRA_DIR,
        child: undefined,
      }),
    );
  return {
    brokers: state.kafka.split(','),
    kill: (index) => kill(brokers[index]!),
    restart: (index) => restart(brokers[index]!),
    async [Symbol.asyncDispose]() {
      for (const broker of brokers) if (broker.child) await kill(broker);
      await ask('down', '--wipe');
      rmSync(env.NARU_INFRA_DIR, { recursive: true, force: true });
    },
  };
}

async function kill(broker: BrokerProcess): Promise<void> {
  process.kill(broker.pid, 'SIGKILL');
  if (broker.child && broker.child.exitCode === null && broker.child.signalCode === null)
    await once(broker.child, 'exit');
  await until(async () => !(await accepts(broker.port)));
}

async function restart(broker: BrokerProcess): Promise<void> {
  const [program, ...args] = broker.command;
  broker.child = spawn(program!, args, { stdio: 'ignore', cwd: broker.directory });
  broker.pid = broker.child.pid!;
  await until(() => accepts(broker.port));
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = net.connect({ host: '127.0.0.1', port }, () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}

/** Another process has no event to wait for: it is asked ten times a second. */
async function until(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 100));
}
