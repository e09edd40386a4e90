/** What the registry answers when it cannot do as asked: HTTP status, Confluent's code, message. */
export class RegistryFailure extends Error {
  override name = 'RegistryFailure';
  readonly status: number;
  readonly errorCode: number;

  constructor(errorCode: number, message: string) {
    super(message);
    this.errorCode = errorCode;
    this.status = errorCode > 999 ? Math.floor(errorCode / 100) : errorCode;
  }
}

/** Confluent's failures, by their codes. */
export const failures = {
  subjectNotFound: (subject: string): RegistryFailure => new RegistryFailure(40401, `Subject '${subject}' not found.`),
  versionNotFound: (version: number | string): RegistryFailure =>
    new RegistryFailure(40402, `Version ${version} not found.`),
  schemaNotFound: (id?: number | string): RegistryFailure =>
    new RegistryFailure(40403, id === undefined ? 'Schema not found' : `Schema ${id} not found`),
  subjectSoftDeleted: (subject: string): RegistryFailure =>
    new RegistryFailure(40404, `Subject '${subject}' was soft deleted. Set permanent=true to delete permanently`),
  subjectNotSoftDeleted: (subject: string): RegistryFailure =>
    new RegistryFailure(40405, `Subject '${subject}' was not deleted first before being permanently deleted`),
  versionSoftDeleted: (subject: string, version: number): RegistryFailure =>
    new RegistryFailure(
      40406,
      `Subject '${subject}' Version ${version} was soft deleted. Set permanent=true to delete permanently`,
    ),
  versionNotSoftDeleted: (subject: string, version: number): RegistryFailure =>
    new RegistryFailure(
      40407,
      `Subject '${subject}' Version ${version} was not deleted first before being permanently deleted`,
    ),
  configNotFound: (subject: string): RegistryFailure =>
    new RegistryFailure(40408, `Subject '${subject}' does not have subject-level compatibility configured`),
  modeNotFound: (subject: string): RegistryFailure =>
    new RegistryFailure(40409, `Subject '${subject}' does not have subject-level mode configured`),
  incompatible: (reasons: readonly string[]): RegistryFailure =>
    new RegistryFailure(
      409,
      `Schema being registered is incompatible with an earlier schema; details: [${reasons.join(', ')}]`,
    ),
  invalidSchema: (reason: string): RegistryFailure => new RegistryFailure(42201, reason),
  invalidVersion: (version: string): RegistryFailure =>
    new RegistryFailure(
      42202,
      `The specified version '${version}' is not a valid version id. Allowed values are between [1, 2^31-1] and the string "latest"`,
    ),
  invalidLevel: (): RegistryFailure =>
    new RegistryFailure(
      42203,
      'Invalid compatibility level. Valid values are none, backward, forward, full, backward_transitive, forward_transitive, and full_transitive',
    ),
  invalidMode: (): RegistryFailure =>
    new RegistryFailure(42204, 'Invalid mode. Valid values are READWRITE, READONLY, READONLY_OVERRIDE and IMPORT.'),
  notPermitted: (reason: string): RegistryFailure => new RegistryFailure(42205, reason),
  referenceExists: (subject: string, version: number): RegistryFailure =>
    new RegistryFailure(42206, `One or more references exist to the schema {subject=${subject},version=${version}}.`),
  idConflict: (id: number): RegistryFailure =>
    new RegistryFailure(42207, `Overwrite new schema with id ${id} is not permitted.`),
  invalidSubject: (subject: string): RegistryFailure =>
    new RegistryFailure(42208, `The specified subject '${subject}' is not a valid.`),
  unprocessable: (reason: string): RegistryFailure => new RegistryFailure(422, reason),
  full: (limit: number): RegistryFailure =>
    new RegistryFailure(50001, `The registry holds ${limit} versions, which is its limit`),
};
