import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { InfraError } from '../infra-error.js';
import { runCommand } from '../process/run-command.js';
import type { BrokerPlan } from './kafka-config.js';

/** Prepares the log directory of every broker that has none yet, all with the cluster id kept beside them. */
export async function formatBrokers(options: {
  readonly java: string;
  readonly classPath: string;
  readonly dataDirectory: string;
  readonly brokers: readonly BrokerPlan[];
  readonly propertiesOf: (broker: BrokerPlan) => string;
  /** SCRAM users of the new cluster, as the storage tool takes them: `SCRAM-SHA-256=[name=…,password=…]`. */
  readonly scramUsers?: readonly string[];
  readonly signal: AbortSignal;
}): Promise<void> {
  const fresh = options.brokers.filter((broker) => !existsSync(join(broker.logDirectory, 'meta.properties')));
  if (fresh.length === 0) return;
  const clusterId = await keptClusterId(options.dataDirectory);
  await Promise.all(
    fresh.map(async (broker) => {
      const result = await runCommand(
        options.java,
        ['-Xmx128m', '-XX:TieredStopAtLevel=1', '-cp', options.classPath, 'kafka.tools.StorageTool'].concat([
          'format',
          // As one argument: an id may begin with a dash.
          `--cluster-id=${clusterId}`,
          '--config',
          options.propertiesOf(broker),
          ...(options.scramUsers ?? []).flatMap((user) => ['--add-scram', user]),
        ]),
        { signal: options.signal },
      );
      if (result.code !== 0) {
        throw new InfraError(
          'start_failed',
          `${broker.logDirectory} could not be formatted:\n${result.output.trim()}\nDelete ${options.dataDirectory}, then run this again.`,
        );
      }
    }),
  );
}

/** A cluster id is 16 bytes in base64url without padding. */
async function keptClusterId(dataDirectory: string): Promise<string> {
  const file = join(dataDirectory, 'cluster-id');
  try {
    return (await readFile(file, 'utf8')).trim();
  } catch {
    const id = randomBytes(16).toString('base64url');
    await mkdir(dataDirectory, { recursive: true });
    await writeFile(file, `${id}\n`);
    return id;
  }
}
