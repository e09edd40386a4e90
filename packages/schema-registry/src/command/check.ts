import { resolve } from 'node:path';
import { loadSchemaDirectory } from '../directory/load-schema-directory.js';
import { type BaselineOptions, openBaseline } from './baseline.js';
import { type CommandResult, exitCodes } from './command-io.js';
import { compareWithBaseline, linesOf, type SubjectReport } from './compare.js';

/** Is the directory sound, and, with `against`, may its schemas follow what is there? */
export async function check(
  options: Omit<BaselineOptions, 'against'> & { readonly against?: string },
): Promise<CommandResult> {
  const schemas = await loadSchemaDirectory(resolve(options.cwd, options.dir));
  const { against } = options;
  if (against === undefined) {
    const lines = schemas.map(
      ({ subject, file, compatibility }) => `valid        ${subject}  ${file}  ${compatibility}`,
    );
    const subjects = schemas.map(({ subject, file, compatibility }) => ({
      subject,
      file,
      level: compatibility,
      status: 'valid',
    }));
    return { exitCode: exitCodes.fine, json: { subjects }, lines };
  }
  await using baseline = await openBaseline({ ...options, against });
  const subjects: SubjectReport[] = [];
  for (const schema of schemas) subjects.push(await compareWithBaseline(schema, baseline));
  const compatible = subjects.every(({ status }) => status !== 'incompatible');
  return {
    exitCode: compatible ? exitCodes.fine : exitCodes.incompatible,
    json: { against, compatible, subjects },
    lines: subjects.flatMap(linesOf),
  };
}
