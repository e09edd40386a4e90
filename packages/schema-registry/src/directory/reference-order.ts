import { SchemaRegistryError } from '../registry-error.js';
import type { NamesInText } from './names-in-text.js';

/** A file, and what it needs from others. */
export interface FileReferences {
  readonly file: string;
  /** Type names by the file that defines them. */
  readonly references: readonly { readonly name: string; readonly file: string }[];
}

/**
 * Files in an order in which each comes after those it needs; otherwise in the order given.
 * @throws SchemaRegistryError `cyclic_reference`; `invalid_directory` when it is not clear which file is meant.
 */
export function orderByReferences(files: ReadonlyMap<string, NamesInText>): readonly FileReferences[] {
  const definedIn = new Map<string, string[]>();
  for (const [file, { defined }] of files) {
    for (const name of defined) definedIn.set(name, [...(definedIn.get(name) ?? []), file]);
  }

  const ordered = new Map<string, FileReferences>();
  const path: string[] = [];

  const visit = (file: string): void => {
    if (ordered.has(file)) return;
    if (path.includes(file)) {
      const circle = [...path.slice(path.indexOf(file)), file].join(' → ');
      throw new SchemaRegistryError(
        `The schemas refer to each other in a circle: ${circle}. Move what they share into a file of its own.`,
        { code: 'cyclic_reference' },
      );
    }
    path.push(file);
    const references = new Map<string, string>();
    for (const { fullName, spelled } of files.get(file)!.used) {
      // As the parser looks for names: in the enclosing namespace first, then without any.
      const name = definedIn.has(fullName) ? fullName : spelled;
      const candidates = definedIn.get(name) ?? [];
      if (candidates.length > 1) {
        throw new SchemaRegistryError(
          `${file} uses ${name}, which ${candidates.join(' and ')} define. Keep one definition and refer to it.`,
          { code: 'invalid_directory' },
        );
      }
      // A name that nobody defines is left to the parser, who says where it stands.
      if (candidates[0] !== undefined) references.set(name, candidates[0]);
    }
    for (const needed of references.values()) visit(needed);
    path.pop();
    ordered.set(file, { file, references: [...references].map(([name, from]) => ({ name, file: from })) });
  };

  for (const file of files.keys()) visit(file);
  return [...ordered.values()];
}
