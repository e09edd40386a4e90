import type { ProductionDependency } from './production-dependencies.js';

/** Licences that ask for nothing but to be named. */
const permissive = new Set([
  '0BSD',
  'Apache-2.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'BlueOak-1.0.0',
  'CC0-1.0',
  'ISC',
  'MIT',
  'Python-2.0',
  'Unlicense',
]);

/** Whether an SPDX expression lets us choose licences that are all permissive. */
export function isPermissive(expression: string): boolean {
  const choices = expression.replace(/^\(|\)$/g, '').split(' OR ');
  return choices.some((choice) => choice.split(' AND ').every((licence) => permissive.has(licence.trim())));
}

export interface LicensedDependency extends ProductionDependency {
  /** Which of our packages bring it. */
  readonly broughtBy: readonly string[];
}

/** The list that `docs/licences.md` shows. */
export function renderLicences(dependencies: readonly LicensedDependency[]): string {
  const rows = dependencies.map(
    ({ name, version, licence, broughtBy }) => `| ${name} | ${version} | ${licence} | ${broughtBy.join(', ')} |`,
  );
  return `${[
    '# Licences',
    '',
    'What is installed with the packages of this repository, in the versions of the lockfile. Only licences that ask for',
    'nothing but to be named are let in. `pnpm packages --write` writes this list, `pnpm packages` checks it.',
    '',
    '| dependency | version | licence | comes with |',
    '|---|---|---|---|',
    ...rows,
  ].join('\n')}\n`;
}
