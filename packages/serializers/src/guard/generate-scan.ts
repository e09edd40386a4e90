import type { ResolvedGuardLimits } from './guard-limits.js';
import type { SchemaNode } from './schema-graph.js';
import type { SmallestEncoding } from './smallest-encoding.js';

/** Whether bytes from an offset to the end are surely one value within the limits. False means: look closer. */
export type FastScan = (bytes: Uint8Array, offset: number) => boolean;

/**
 * Generates straight code for the common case; undefined for schemas that refer to themselves or have items
 * without bytes. It says yes only to what the thorough scan would accept, and no to anything unusual (blocks
 * with sizes, the longest numbers), which the thorough scan then decides.
 *
 * The code holds nothing of the schema but numbers. Reading past the end yields undefined, which every test
 * below takes for a small number; the last line then sees that the position is not the end.
 */
export function generateScan(
  root: SchemaNode,
  smallest: SmallestEncoding,
  limits: ResolvedGuardLimits,
  bigLongs: boolean,
): FastScan | undefined {
  let variables = 0;
  let pendingBytes = 0;
  const open: SchemaNode[] = [];

  // Neighbouring fields of fixed width are passed over in one step.
  const flush = (): string => {
    const code = pendingBytes === 0 ? '' : `p+=${pendingBytes};`;
    pendingBytes = 0;
    return code;
  };
  const closed = (node: SchemaNode): string => {
    const code = generate(node);
    return code + flush();
  };

  const length = (then: string): string =>
    'x=b[p++];if(x<128)n=x;' +
    'else{n=x&127;s=7;do{x=b[p++];n|=(x&127)<<s;s+=7}while(x>127&&s<28);if(x>127)return false}' +
    `if(n&1)return false;n>>=1;${then}`;

  const blocks = (item: string, smallestItem: number): string => {
    const left = `i${variables++}`;
    return (
      `for(;;){${length('')}if(n===0)break;` +
      `if(n*${smallestItem}>e-p)return false;k+=n;if(k>${limits.maxItems})return false;` +
      `for(let ${left}=n;${left}>0;${left}--){${item}}}`
    );
  };

  const number = (mostBytes: number, lastByte: number): string =>
    `s=p;while(b[p++]>127);if(p-s>${mostBytes - 1}&&(p-s>${mostBytes}||b[p-1]>${lastByte}))return false;`;

  const skipText = length(`if(n>${limits.maxStringBytes})return false;p+=n;`);

  function generate(node: SchemaNode): string {
    switch (node.kind) {
      case 'fixed':
        pendingBytes += node.bytes;
        return '';
      case 'record':
        if (open.includes(node) || open.length >= limits.maxDepth) throw new NoFastScan();
        open.push(node);
        try {
          return node.fields.map((field) => generate(field.node)).join('');
        } finally {
          open.pop();
        }
      case 'boolean':
        return `${flush()}if(b[p++]>1)return false;`;
      case 'int':
        return flush() + number(5, 15);
      case 'long':
        // Seven bytes always fit a number exactly; eight may not.
        return flush() + (bigLongs ? number(10, 1) : number(7, 127));
      case 'string':
      case 'bytes':
        return flush() + skipText;
      case 'enum':
        return `${flush()}x=b[p++];if(x&1||x>${Math.min(node.symbols * 2 - 1, 127)})return false;`;
      case 'union': {
        const before = flush();
        const branches = node.branches.slice(0, 64).map((branch, index) => `case ${index * 2}:${closed(branch)}break;`);
        return `${before}switch(b[p++]){${branches.join('')}default:return false}`;
      }
      case 'array': {
        const smallestItem = smallest(node.items);
        if (smallestItem === 0) throw new NoFastScan();
        return flush() + blocks(closed(node.items), smallestItem);
      }
      case 'map':
        return flush() + blocks(skipText + closed(node.values), 1 + smallest(node.values));
    }
  }

  try {
    const body = closed(root);
    return new Function('b', 'p', `const e=b.length;let x=0,n=0,s=0,k=0;${body}return p===e;`) as FastScan;
  } catch (error) {
    if (error instanceof NoFastScan) return undefined;
    throw error;
  }
}

class NoFastScan extends Error {}
