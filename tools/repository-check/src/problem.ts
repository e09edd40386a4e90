/** One thing that is against the rules, and what to do about it. */
export interface Problem {
  /** Path from the repository's root. */
  readonly file: string;
  readonly line?: number;
  /** What is wrong, then how to mend it. */
  readonly message: string;
}

/** `file:line: message`, the form that editors and terminals turn into links. */
export function describeProblem({ file, line, message }: Problem): string {
  return `${file}${line === undefined ? '' : `:${line}`}: ${message}`;
}
