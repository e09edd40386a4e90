import type { Problem } from '../problem.js';
import type { Repository } from '../reading/repository.js';

/** A test runs or is not there: modifiers that leave tests out do not land. */
export function checkTestModifiers(repository: Repository): Problem[] {
  return repository.packages.flatMap(({ sources }) =>
    sources
      .filter((source) => /\.test\.[cm]?ts$/.test(source.path))
      .flatMap((source) =>
        source.testModifiers.map(({ name, line }) => ({
          file: source.path,
          line,
          message: `"${name}" leaves tests out. Remove it; a suite that needs a real server is a describeReal of @naru/test-services.`,
        })),
      ),
  );
}
