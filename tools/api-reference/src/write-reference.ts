import { join, relative } from 'node:path';
import { Application } from 'typedoc';
import { publishedPackages } from './published-packages.js';

export interface ReferenceOptions {
  /** The checkout. */
  readonly root: string;
  /** Where the pages go; undefined checks and writes nothing. */
  readonly out: string | undefined;
}

/** What was read, and what TypeDoc had to say against it. */
export interface Reference {
  readonly packages: number;
  readonly problems: number;
}

/** Reads every published package and writes its pages. Problems are printed as they are found. */
export async function writeReference({ root, out }: ReferenceOptions): Promise<Reference> {
  const packages = publishedPackages(root);
  const app = await Application.bootstrapWithPlugins({
    name: 'Naru',
    entryPoints: packages.flatMap(({ entries }) => [...entries]),
    basePath: root,
    tsconfig: join(root, 'tools/api-reference/tsconfig.reference.json'),
    readme: 'none',
    excludeInternal: true,
    excludePrivate: true,
    disableSources: true,
    // What is not exported is not part of the promise, and its name is explained where it is used.
    validation: { notExported: false, invalidLink: true, notDocumented: false },
    // Types were checked by the build.
    skipErrorChecking: true,
    logLevel: 'Warn',
  });
  const project = await app.convert();
  if (project === undefined) return { packages: packages.length, problems: app.logger.errorCount || 1 };
  for (const module of project.children ?? []) module.name = moduleName(module.name, root, packages);
  app.validate(project);
  if (out !== undefined) await app.generateDocs(project, out);
  return { packages: packages.length, problems: app.logger.errorCount + app.logger.warningCount };
}

/** `@naru/kafka-clients/testing` of `packages/kafka-clients/src/testing`. */
function moduleName(path: string, root: string, packages: ReturnType<typeof publishedPackages>): string {
  const owner = packages.find(({ folder }) => path.startsWith(`${relative(root, folder)}/`));
  if (!owner) return path;
  const below = path
    .slice(relative(root, owner.folder).length + 1)
    .replace(/^src\/?/, '')
    .replace(/\/?index$/, '');
  return below === '' ? owner.name : `${owner.name}/${below}`;
}
