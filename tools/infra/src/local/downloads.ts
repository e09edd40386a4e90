import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Progress } from '../command/progress.js';
import { InfraError } from '../infra-error.js';
import { runCommand } from '../process/run-command.js';
import type { InfraPaths } from '../state/infra-paths.js';
import { versions } from '../versions.js';

/** Folders of the download cache; each appears there complete or not at all. */
export interface Downloads {
  readonly kafka: string;
  readonly registry: string;
}

export function downloadFolders(paths: InfraPaths): Downloads {
  return {
    kafka: join(paths.cache, `kafka-${versions.kafka}`),
    registry: join(paths.cache, `apicurio-registry-${versions.registry}`),
  };
}

export function areDownloaded(folders: Downloads): boolean {
  return existsSync(folders.kafka) && existsSync(folders.registry);
}

/** Brings what the cache lacks. One Maven at a time: two would race for its local repository. */
export async function download(paths: InfraPaths, progress: Progress, signal: AbortSignal): Promise<Downloads> {
  const folders = downloadFolders(paths);
  await mkdir(paths.cache, { recursive: true });
  if (!existsSync(folders.kafka)) {
    await progress.step(`download Apache Kafka ${versions.kafka} (54 MB, once)`, () =>
      fill(folders.kafka, signal, async (folder) => {
        const pom = join(paths.repository, 'tools/infra/maven/pom.xml');
        await maven(['-f', pom, 'dependency:copy-dependencies', `-DoutputDirectory=${folder}`], signal);
      }),
    );
  }
  if (!existsSync(folders.registry)) {
    await progress.step(`download Apicurio Registry ${versions.registry} (104 MB, once)`, () =>
      fill(folders.registry, signal, async (folder) => {
        const artifact = `io.apicurio:apicurio-registry-app:${versions.registry}:tar.gz:all`;
        await maven(['dependency:copy', `-Dartifact=${artifact}`, `-DoutputDirectory=${folder}`], signal);
        const archive = join(folder, `apicurio-registry-app-${versions.registry}-all.tar.gz`);
        const unpacked = await runCommand('tar', ['-xzf', archive, '-C', folder], { signal });
        if (unpacked.code !== 0) throw failed(`${archive} could not be unpacked`, unpacked.output);
        await rm(archive);
      }),
    );
  }
  return folders;
}

/** The jar that starts the registry; its name carries the version. */
export async function registryJar(folder: string): Promise<string> {
  const jar = (await readdir(folder)).find((name) => name.endsWith('-runner.jar'));
  if (jar === undefined) {
    throw new InfraError('download_failed', `${folder} has no "…-runner.jar". Delete the folder, then run this again.`);
  }
  return join(folder, jar);
}

async function fill(folder: string, signal: AbortSignal, work: (temporary: string) => Promise<void>): Promise<void> {
  const temporary = await mkdtemp(`${folder}.part-`);
  try {
    await work(temporary);
    signal.throwIfAborted();
    try {
      await rename(temporary, folder);
    } catch (error) {
      // Another checkout may have finished the same download first.
      if (!existsSync(folder)) throw error;
    }
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}

async function maven(args: readonly string[], signal: AbortSignal): Promise<void> {
  const run = (): ReturnType<typeof runCommand> => runCommand('mvn', ['-B', '-q', ...args], { signal });
  const first = await run();
  if (first.code === 0) return;
  signal.throwIfAborted();
  // A repository that answered badly once often answers well the second time; Maven keeps what it already has.
  const second = await run();
  if (second.code !== 0) throw failed(`"mvn ${args.join(' ')}" failed twice`, second.output);
}

function failed(what: string, output: string): InfraError {
  const tail = output.trim().split('\n').slice(0, 12).join('\n');
  return new InfraError(
    'download_failed',
    `${what}:\n${tail}\nCheck that Maven reaches its repository (proxy and mirror are set in ~/.m2/settings.xml), then run this again.`,
  );
}
