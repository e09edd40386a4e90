import type { IncompatibilityKind } from '../readability.js';
import type { SchemaPair } from './schema-pairs.js';

export interface KnownDisagreement extends SchemaPair {
  readonly name: string;
  /** Which rule it is, and why ours is kept. */
  readonly why: string;
  /** Kinds that are found; none means compatible. */
  readonly ours: readonly IncompatibilityKind[];
  readonly python: readonly IncompatibilityKind[];
}

/**
 * Every case in which the checker of Avro's Python implementation (1.11) is known to answer otherwise than ours. Generated
 * pairs leave them out, so that a disagreement there is a new one. A test holds both sides to what stands here.
 */
export const knownDisagreements: readonly KnownDisagreement[] = [
  {
    name: 'a name spelled with dots',
    why: 'Names match when they are equal without their namespaces. Python compares what stands under "name", so that "n.A" and "A" differ there, while "A" with the namespace "n" is equal to "A".',
    reader: { type: 'fixed', name: 'n.A', size: 1 },
    writer: { type: 'fixed', name: 'A', size: 1 },
    ours: [],
    python: ['NAME_MISMATCH'],
  },
  {
    name: 'an alias of a type without its namespace',
    why: 'An alias without dots belongs to the namespace of the type that has it. Python compares it as it is spelled with the full name of the writer, and finds nothing.',
    reader: { type: 'fixed', name: 'New', namespace: 'n', aliases: ['Old'], size: 1 },
    writer: { type: 'fixed', name: 'Old', namespace: 'n', size: 1 },
    ours: [],
    python: ['NAME_MISMATCH'],
  },
  {
    name: 'a field that matches two of the writer',
    why: 'Two matches, by name and by alias, are an error; Java throws. Python takes the first.',
    reader: { type: 'record', name: 'A', fields: [{ name: 'new', aliases: ['old'], type: 'int' }] },
    writer: {
      type: 'record',
      name: 'A',
      fields: [
        { name: 'new', type: 'int' },
        { name: 'old', type: 'int' },
      ],
    },
    ours: ['NAME_MISMATCH'],
    python: [],
  },
  {
    name: 'a missing field whose enum has a default',
    why: "The default of an enum is for symbols that the reader does not know, not for missing fields. Python and Java compare the enum with the writer's whole record then; the verdict is the same, the reason is not.",
    reader: {
      type: 'record',
      name: 'A',
      fields: [{ name: 'side', type: { type: 'enum', name: 'Side', symbols: ['BUY'], default: 'BUY' } }],
    },
    writer: { type: 'record', name: 'A', fields: [] },
    ours: ['READER_FIELD_MISSING_DEFAULT_VALUE'],
    python: ['TYPE_MISMATCH'],
  },
  {
    name: 'what was concluded from a recursion that turned out incompatible',
    why: 'A recursion under way counts as compatible. Here B was found compatible while n.A was under way; n.A then failed, and the union took m.A instead. Python and Java keep the conclusion about B, although its data holds an A that the reader cannot read. Ours is drawn again without the assumption.',
    reader: {
      type: 'record',
      name: 'Root',
      fields: [
        {
          name: 'first',
          type: [
            {
              type: 'record',
              name: 'A',
              namespace: 'n',
              fields: [
                { name: 'b', type: { type: 'record', name: 'B', fields: [{ name: 'a', type: ['null', 'A'] }] } },
                { name: 'bad', type: 'int' },
              ],
            },
            { type: 'record', name: 'A', namespace: 'm', fields: [] },
          ],
        },
        { name: 'second', type: 'n.B' },
      ],
    },
    writer: {
      type: 'record',
      name: 'Root',
      fields: [
        {
          name: 'first',
          type: {
            type: 'record',
            name: 'A',
            fields: [
              { name: 'b', type: { type: 'record', name: 'B', fields: [{ name: 'a', type: ['null', 'A'] }] } },
              { name: 'bad', type: 'string' },
            ],
          },
        },
        { name: 'second', type: 'B' },
      ],
    },
    ours: ['MISSING_UNION_BRANCH'],
    python: [],
  },
];
