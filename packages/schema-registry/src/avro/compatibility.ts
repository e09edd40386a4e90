import { SchemaRegistryError } from '../registry-error.js';
import { parseSchema } from './parse-schema.js';
import { checkReadability, type Incompatibility, type SchemaInput } from './readability.js';

/** What a subject promises: who can read whose data. */
export type CompatibilityLevel =
  | 'NONE'
  | 'BACKWARD'
  | 'BACKWARD_TRANSITIVE'
  | 'FORWARD'
  | 'FORWARD_TRANSITIVE'
  | 'FULL'
  | 'FULL_TRANSITIVE';

export const compatibilityLevels: readonly CompatibilityLevel[] = [
  'NONE',
  'BACKWARD',
  'BACKWARD_TRANSITIVE',
  'FORWARD',
  'FORWARD_TRANSITIVE',
  'FULL',
  'FULL_TRANSITIVE',
];

export function isCompatibilityLevel(value: unknown): value is CompatibilityLevel {
  return compatibilityLevels.includes(value as CompatibilityLevel);
}

export interface VersionIncompatibility extends Incompatibility {
  /** `backward`: the new schema cannot read old data. `forward`: the old schema cannot read new data. */
  readonly direction: 'backward' | 'forward';
  /** Index into `previous`. */
  readonly against: number;
}

export interface Compatibility {
  readonly compatible: boolean;
  /** Every problem, against the newest version first. */
  readonly incompatibilities: readonly VersionIncompatibility[];
}

/**
 * Whether `next` may follow `previous` under a level, as a schema registry decides it. Levels without `_TRANSITIVE` look
 * at the last version only.
 * @param previous Versions so far, oldest first.
 * @throws SchemaRegistryError `invalid_schema`, `invalid_compatibility_level`.
 */
export function checkCompatibility(
  next: SchemaInput,
  previous: readonly SchemaInput[],
  level: CompatibilityLevel,
): Compatibility {
  if (!isCompatibilityLevel(level)) {
    throw new SchemaRegistryError(
      `"${String(level)}" is no compatibility level. Use one of ${compatibilityLevels.join(', ')}.`,
      { code: 'invalid_compatibility_level' },
    );
  }
  const newer = parsed(next);
  const incompatibilities: VersionIncompatibility[] = [];
  const backward = level.startsWith('BACKWARD') || level.startsWith('FULL');
  const forward = level.startsWith('FORWARD') || level.startsWith('FULL');
  const oldest = level.endsWith('_TRANSITIVE') ? 0 : Math.max(0, previous.length - 1);
  for (let against = previous.length - 1; level !== 'NONE' && against >= oldest; against--) {
    const older = parsed(previous[against]!);
    if (backward) report('backward', against, newer, older);
    if (forward) report('forward', against, older, newer);
  }
  return { compatible: incompatibilities.length === 0, incompatibilities };

  function report(
    direction: VersionIncompatibility['direction'],
    against: number,
    reader: SchemaInput,
    writer: SchemaInput,
  ): void {
    for (const found of checkReadability({ reader, writer }).incompatibilities) {
      incompatibilities.push({ ...found, direction, against });
    }
  }
}

function parsed(schema: SchemaInput): SchemaInput {
  return typeof schema === 'string' ? parseSchema(schema) : schema;
}
