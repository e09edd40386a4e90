import { canonicalText } from '../avro/canonical-text.js';
import { type CompatibilityLevel, checkCompatibility } from '../avro/compatibility.js';
import type { ParsedSchema } from '../avro/parse-schema.js';
import type { DirectorySchema } from '../directory/load-schema-directory.js';
import type { Baseline } from './baseline.js';

export interface SubjectReport {
  readonly subject: string;
  readonly file: string;
  /** The level that was checked: the one in `schemas.json`. */
  readonly level: CompatibilityLevel;
  readonly status: 'new' | 'unchanged' | 'compatible' | 'incompatible';
  /** What the subject promises in the baseline, when that is something else. */
  readonly otherLevel?: CompatibilityLevel;
  readonly incompatibilities: readonly {
    readonly against: string;
    readonly direction: 'backward' | 'forward';
    readonly kind: string;
    readonly location: string;
    readonly message: string;
  }[];
}

/** Holds one schema against what a baseline has of its subject. */
export async function compareWithBaseline(schema: DirectorySchema, baseline: Baseline): Promise<SubjectReport> {
  const { subject, file, compatibility: level, parsed } = schema;
  const versions = await baseline.versions(subject, level);
  const there = await baseline.level(subject);
  const report = { subject, file, level, ...(there === undefined || there === level ? {} : { otherLevel: there }) };
  const newest = versions.at(-1);
  if (!newest) return { ...report, status: 'new', incompatibilities: [] };
  if (isSame(parsed, newest.parsed)) return { ...report, status: 'unchanged', incompatibilities: [] };
  const { compatible, incompatibilities } = checkCompatibility(
    parsed,
    versions.map((version) => version.parsed),
    level,
  );
  return {
    ...report,
    status: compatible ? 'compatible' : 'incompatible',
    incompatibilities: incompatibilities.map(({ against, direction, kind, location, message }) => ({
      against: versions[against]!.label,
      direction,
      kind,
      location,
      message,
    })),
  };
}

/** Whether a registry would take two schemas for one. */
export function isSame(a: ParsedSchema, b: ParsedSchema): boolean {
  return textOf(a) === textOf(b);
}

function textOf({ root, defined }: ParsedSchema): string {
  return canonicalText(root, (name) => !defined.has(name));
}

export function linesOf(report: SubjectReport): readonly string[] {
  const other = report.otherLevel ? ` (the baseline says ${report.otherLevel})` : '';
  return [
    `${report.status.padEnd(12)} ${report.subject}  ${report.file}  ${report.level}${other}`,
    ...report.incompatibilities.map(
      ({ against, direction, kind, location, message }) =>
        `  ${against}, ${direction}, ${location}: ${kind}: ${message}`,
    ),
  ];
}
