/** One promise of an interface, checked by any test runner: `for (const { title, check } of contract) test(title, () => check(subject))`. */
export interface ContractCase<Subject> {
  readonly title: string;
  readonly check: (subject: Subject) => Promise<void>;
}
