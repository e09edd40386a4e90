import { describe, expect, it } from 'vitest';
import { type CompatibilityLevel, checkCompatibility, compatibilityLevels } from './compatibility.js';

const schema = (...fields: readonly string[]): string =>
  JSON.stringify({
    type: 'record',
    name: 'Tick',
    fields: fields.map((name) =>
      name.endsWith('?') ? { name: name.slice(0, -1), type: 'int', default: 0 } : { name, type: 'int' },
    ),
  });

const one = schema('a');
const withOptional = schema('a', 'b?');
const withRequired = schema('a', 'b');
const none = schema();

const verdicts = (next: string, previous: readonly string[]): Record<string, boolean> =>
  Object.fromEntries(compatibilityLevels.map((level) => [level, checkCompatibility(next, previous, level).compatible]));

describe('checkCompatibility', () => {
  it('accepts a field with default at every level', () => {
    expect(new Set(Object.values(verdicts(withOptional, [one])))).toEqual(new Set([true]));
  });

  it('lets a required field be added only where new data is not read with new schemas', () => {
    expect(verdicts(withRequired, [one])).toEqual({
      NONE: true,
      BACKWARD: false,
      BACKWARD_TRANSITIVE: false,
      FORWARD: true,
      FORWARD_TRANSITIVE: true,
      FULL: false,
      FULL_TRANSITIVE: false,
    });
  });

  it('lets a required field be removed only where old schemas need not read new data', () => {
    expect(verdicts(none, [one])).toEqual({
      NONE: true,
      BACKWARD: true,
      BACKWARD_TRANSITIVE: true,
      FORWARD: false,
      FORWARD_TRANSITIVE: false,
      FULL: false,
      FULL_TRANSITIVE: false,
    });
  });

  it('looks at all versions only when transitive', () => {
    // b came with a default and lost it: fine for the last version, not for the first, which had no b.
    expect(verdicts(withRequired, [one, withOptional])).toEqual({
      NONE: true,
      BACKWARD: true,
      BACKWARD_TRANSITIVE: false,
      FORWARD: true,
      FORWARD_TRANSITIVE: true,
      FULL: true,
      FULL_TRANSITIVE: false,
    });
  });

  it('says which version, in which direction, and where', () => {
    expect(checkCompatibility(schema('b'), [one], 'FULL').incompatibilities).toMatchObject([
      { against: 0, direction: 'backward', kind: 'READER_FIELD_MISSING_DEFAULT_VALUE', location: '/fields/0' },
      { against: 0, direction: 'forward', kind: 'READER_FIELD_MISSING_DEFAULT_VALUE', location: '/fields/0' },
    ]);
  });

  it('names the newest version first', () => {
    const { incompatibilities } = checkCompatibility(schema('b'), [one, one, one], 'BACKWARD_TRANSITIVE');
    expect(incompatibilities.map(({ against }) => against)).toEqual([2, 1, 0]);
  });

  it('accepts anything as the first version', () => {
    expect(new Set(Object.values(verdicts(one, [])))).toEqual(new Set([true]));
  });

  it('refuses a level that does not exist', () => {
    expect(() => checkCompatibility(one, [], 'SIDEWAYS' as CompatibilityLevel)).toThrow(
      /SIDEWAYS.*BACKWARD_TRANSITIVE/,
    );
  });

  it('refuses what is no schema, even where nothing is compared', () => {
    expect(() => checkCompatibility('{', [], 'NONE')).toThrow(expect.objectContaining({ code: 'invalid_schema' }));
  });
});
