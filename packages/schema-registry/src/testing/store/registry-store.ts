import { type Compatibility, type CompatibilityLevel, checkCompatibility } from '../../avro/compatibility.js';
import { type ParsedSchema, parseSchema } from '../../avro/parse-schema.js';
import type { SchemaReference } from '../../client/types.js';
import { SchemaRegistryError } from '../../registry-error.js';
import { type Content, Contents, type Draft, draftOf } from './contents.js';
import { Policies } from './policies.js';
import { failures } from './registry-failure.js';
import { contextOf, defaultContext } from './subject-context.js';

export interface Version {
  readonly subject: string;
  readonly version: number;
  readonly content: Content;
  readonly deleted: boolean;
}

/** What comes in over HTTP, its types checked. */
export interface SchemaRequest {
  readonly schema: string;
  readonly schemaType: string;
  readonly references: readonly SchemaReference[];
  readonly normalize: boolean;
  /** Only when importing. */
  readonly id: number | undefined;
  readonly version: number | undefined;
}

export type VersionSelector = number | 'latest';

/** The state of a registry and its rules, without HTTP. */
export class RegistryStore {
  readonly policies: Policies;
  readonly #maxVersions: number;
  readonly #subjects = new Map<string, Version[]>();
  readonly #contexts = new Map<string, Contents>([[defaultContext, new Contents()]]);
  #versionCount = 0;

  constructor(options: { readonly level: CompatibilityLevel; readonly maxVersions: number }) {
    this.policies = new Policies(options.level);
    this.#maxVersions = options.maxVersions;
  }

  contexts(): string[] {
    return [...this.#contexts.keys()].sort();
  }

  contents(context: string): Contents {
    let contents = this.#contexts.get(context);
    if (!contents) {
      contents = new Contents();
      this.#contexts.set(context, contents);
    }
    return contents;
  }

  contentByGuid(guid: string): Content {
    for (const contents of this.#contexts.values()) {
      const content = contents.byGuid(guid);
      if (content) return content;
    }
    throw failures.schemaNotFound(guid);
  }

  /** Every version of every subject, by subject and version. */
  *all(deleted: boolean): Generator<Version> {
    for (const subject of [...this.#subjects.keys()].sort()) yield* this.#versionsOf(subject, deleted);
  }

  versions(subject: string, deleted: boolean): readonly Version[] {
    const versions = this.#versionsOf(subject, deleted);
    if (versions.length === 0) throw failures.subjectNotFound(subject);
    return versions;
  }

  version(subject: string, selector: VersionSelector, deleted: boolean): Version {
    const versions = this.versions(subject, deleted);
    const found = selector === 'latest' ? versions.at(-1) : versions.find(({ version }) => version === selector);
    if (!found) throw failures.versionNotFound(selector);
    return found;
  }

  register(subject: string, request: SchemaRequest): Version {
    this.#assertRegistrable(subject, request.id);
    const draft = this.#draft(subject, request);
    const known = this.#find(subject, draft, false);
    if (known && (request.id === undefined || request.id === known.content.id)) return known;
    if (request.id === undefined) this.#assertCompatible(subject, draft.parsed);
    if (this.#versionCount >= this.#maxVersions) throw failures.full(this.#maxVersions);
    const versions = this.#subjects.get(subject) ?? [];
    const version = request.version ?? (versions.at(-1)?.version ?? 0) + 1;
    if (versions.some((other) => other.version === version)) {
      throw failures.notPermitted(`Version ${version} of subject ${subject} exists already`);
    }
    const content = this.contents(contextOf(subject)).add(draft, request.id);
    const added: Version = { subject, version, content, deleted: false };
    this.#subjects.set(
      subject,
      [...versions, added].sort((a, b) => a.version - b.version),
    );
    this.#versionCount++;
    return added;
  }

  lookup(subject: string, request: SchemaRequest, deleted: boolean): Version {
    const draft = this.#draft(subject, request);
    this.versions(subject, deleted);
    const found = this.#find(subject, draft, deleted);
    if (!found) throw failures.schemaNotFound();
    return found;
  }

  /** The verdict by the subject's level, or against one version by that level. */
  compatibility(subject: string, request: SchemaRequest, selector: VersionSelector | undefined): Compatibility {
    const { parsed } = this.#draft(subject, request);
    const level = this.policies.effectiveLevel(subject);
    if (selector === undefined) return this.#compatibility(subject, parsed);
    if (selector === 'latest' && this.#versionsOf(subject, false).length === 0) {
      return { compatible: true, incompatibilities: [] };
    }
    return checkCompatibility(parsed, [this.version(subject, selector, false).content.parsed], level);
  }

  deleteSubject(subject: string, permanent: boolean): readonly number[] {
    this.policies.assertWritable(subject);
    const all = this.versions(subject, true);
    const live = all.filter((version) => !version.deleted);
    if (permanent) {
      if (live.length > 0) throw failures.subjectNotSoftDeleted(subject);
      this.#subjects.delete(subject);
      this.#versionCount -= all.length;
      return all.map(({ version }) => version);
    }
    if (live.length === 0) throw failures.subjectSoftDeleted(subject);
    for (const version of live) this.#assertUnreferenced(version);
    this.#subjects.set(
      subject,
      all.map((version) => ({ ...version, deleted: true })),
    );
    this.policies.forgetSubject(subject);
    return live.map(({ version }) => version);
  }

  deleteVersion(subject: string, selector: VersionSelector, permanent: boolean): number {
    this.policies.assertWritable(subject);
    const all = this.versions(subject, true);
    const found =
      selector === 'latest' ? this.version(subject, 'latest', permanent) : this.version(subject, selector, true);
    if (permanent) {
      if (!found.deleted) throw failures.versionNotSoftDeleted(subject, found.version);
      const rest = all.filter((version) => version !== found);
      if (rest.length === 0) this.#subjects.delete(subject);
      else this.#subjects.set(subject, rest);
      this.#versionCount--;
      return found.version;
    }
    if (found.deleted) throw failures.versionSoftDeleted(subject, found.version);
    this.#assertUnreferenced(found);
    this.#subjects.set(
      subject,
      all.map((version) => (version === found ? { ...found, deleted: true } : version)),
    );
    return found.version;
  }

  /** Versions that refer to one. */
  referrers({ subject, version }: Version): Version[] {
    return [...this.all(false)].filter(({ content }) =>
      content.references.some((reference) => reference.subject === subject && reference.version === version),
    );
  }

  #versionsOf(subject: string, deleted: boolean): readonly Version[] {
    const versions = this.#subjects.get(subject) ?? [];
    return deleted ? versions : versions.filter((version) => !version.deleted);
  }

  #find(subject: string, draft: Draft, deleted: boolean): Version | undefined {
    return this.#versionsOf(subject, deleted).findLast(({ content }) => content.key === draft.key);
  }

  #draft(subject: string, request: SchemaRequest): Draft {
    if (request.schemaType !== 'AVRO') {
      throw failures.invalidSchema(`Invalid schema type ${request.schemaType}: this registry knows AVRO only`);
    }
    const references = request.references.map((reference) => this.#pinned(reference));
    try {
      const parsed = parseSchema(request.schema, { references: this.#textsOf(references, new Set()) });
      return draftOf(request.schema, references, parsed, request.normalize);
    } catch (error) {
      if (!(error instanceof SchemaRegistryError)) throw error;
      throw failures.invalidSchema(`Invalid schema for subject ${subject}, details: ${error.message}`);
    }
  }

  /** Version −1 of a reference means the latest. */
  #pinned(reference: SchemaReference): SchemaReference {
    const versions = this.#versionsOf(reference.subject, reference.version !== -1);
    const found =
      reference.version === -1 ? versions.at(-1) : versions.find(({ version }) => version === reference.version);
    if (!found) {
      throw failures.invalidSchema(
        `No schema reference found for subject "${reference.subject}" and version ${reference.version}`,
      );
    }
    return { ...reference, version: found.version };
  }

  /** References point to what was registered before, so they cannot go in circles. */
  #textsOf(references: readonly SchemaReference[], seen: Set<Content>): string[] {
    return references.flatMap(({ subject, version }) => {
      const { content } = this.version(subject, version, true);
      if (seen.has(content)) return [];
      seen.add(content);
      return [...this.#textsOf(content.references, seen), content.schema];
    });
  }

  #compatibility(subject: string, parsed: ParsedSchema): Compatibility {
    const previous = this.#versionsOf(subject, false).map(({ content }) => content.parsed);
    return checkCompatibility(parsed, previous, this.policies.effectiveLevel(subject));
  }

  #assertCompatible(subject: string, parsed: ParsedSchema): void {
    const { compatible, incompatibilities } = this.#compatibility(subject, parsed);
    if (compatible) return;
    const reasons = incompatibilities.map(describeIncompatibility);
    throw failures.incompatible([...reasons, `{compatibility: '${this.policies.effectiveLevel(subject)}'}`]);
  }

  #assertRegistrable(subject: string, importId: number | undefined): void {
    this.policies.assertWritable(subject);
    const mode = this.policies.effectiveMode(subject);
    if (importId !== undefined && mode !== 'IMPORT')
      throw failures.notPermitted(`Subject ${subject} is not in import mode`);
    if (importId === undefined && mode !== 'READWRITE') {
      throw failures.notPermitted(`Subject ${subject} is not in read-write mode`);
    }
  }

  #assertUnreferenced(version: Version): void {
    if (this.referrers(version).length > 0) throw failures.referenceExists(version.subject, version.version);
  }
}

/** One reason of a verdict, in the words of Confluent's server. */
export function describeIncompatibility(found: Compatibility['incompatibilities'][number]): string {
  return `{errorType:'${found.kind}', description:'${found.message} (${found.direction}, path '${found.location}')'}`;
}
