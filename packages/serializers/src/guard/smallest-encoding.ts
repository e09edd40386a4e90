import type { RecordNode, SchemaNode } from './schema-graph.js';

/** The fewest bytes that a value of each type can take: what a block's count is held against. */
export type SmallestEncoding = (node: SchemaNode) => number;

/**
 * Records may contain themselves, so their sizes are the least solution of a set of equations: all begin as
 * infinite and are lowered until nothing changes, which takes at most one round for each record.
 */
export function smallestEncodings(root: SchemaNode): SmallestEncoding {
  const sizes = new Map<RecordNode, number>();
  collectRecords(root, sizes);
  const sizeOf = (node: SchemaNode): number => {
    switch (node.kind) {
      case 'fixed':
        return node.bytes;
      case 'record':
        return sizes.get(node)!;
      case 'union':
        return 1 + Math.min(...node.branches.map(sizeOf));
      default:
        return 1;
    }
  };
  for (let changed = true; changed; ) {
    changed = false;
    for (const [record, size] of sizes) {
      const next = record.fields.reduce((sum, field) => sum + sizeOf(field.node), 0);
      if (next < size) {
        sizes.set(record, next);
        changed = true;
      }
    }
  }
  return sizeOf;
}

function collectRecords(node: SchemaNode, sizes: Map<RecordNode, number>): void {
  if (node.kind === 'record') {
    if (sizes.has(node)) return;
    sizes.set(node, Number.POSITIVE_INFINITY);
    for (const field of node.fields) collectRecords(field.node, sizes);
  } else if (node.kind === 'union') {
    for (const branch of node.branches) collectRecords(branch, sizes);
  } else if (node.kind === 'array') {
    collectRecords(node.items, sizes);
  } else if (node.kind === 'map') {
    collectRecords(node.values, sizes);
  }
}
