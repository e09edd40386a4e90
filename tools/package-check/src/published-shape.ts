import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import type { Packed } from './pack.js';

/** What publint says about a tarball: nothing, or one line each. */
export async function publintProblems(packed: Packed): Promise<string[]> {
  const tarball = await packed.read();
  const { messages, pkg } = await publint({
    strict: true,
    pack: { tarball: new Uint8Array(tarball).buffer },
  });
  return messages
    .filter(({ type }) => type !== 'suggestion')
    .map((message) => `publint: ${formatMessage(message, pkg, { color: false }) ?? message.code}`);
}

/**
 * Whether the types of each entry say what is there ("Are the types wrong?"). Ours are ES modules for Node 20: how
 * `require()` of older Nodes and the resolution of TypeScript before 4.7 see them does not count.
 */
export async function typesProblems(packed: Packed): Promise<string[]> {
  const result = await checkPackage(createPackageFromTarballData(await packed.read()));
  if (!result.types) return ['attw: there are no types.'];
  return result.problems
    .filter((problem) => !('resolutionKind' in problem) || !['node10', 'node16-cjs'].includes(problem.resolutionKind))
    .map(
      (problem) => `attw: ${problem.kind} ${'entrypoint' in problem ? problem.entrypoint : JSON.stringify(problem)}`,
    );
}
