import type { Problem } from '../problem.js';
import type { Repository } from '../reading/repository.js';

interface ForbiddenWord {
  readonly pattern: RegExp;
  readonly message: string;
}

const forbidden: readonly ForbiddenWord[] = [
  {
    // The brackets keep this line from finding itself.
    pattern: /\b(TO[D]O|FIX[M]E|XX[X])\b/,
    message: 'is a note to oneself. Do it now, or open an issue and remove the note.',
  },
  {
    pattern: /\bnot (yet )?implemente[d]\b/i,
    message: 'promises something absent. Build it, or take the way to it out.',
  },
  {
    pattern: /(?<![\w.~-])(\/(home|Users)\/\w[\w.-]*\/|\/tmp\/\w[\w-]*\/[\w-]+\/|\/work\/|[A-Z]:\\Users\\)/,
    message: 'is a path of one machine. Use a path from the repository, os.tmpdir() or os.homedir().',
  },
];

/** Words that do not land: notes to oneself, promises, paths of somebody's machine. */
export function checkWords(repository: Repository): Problem[] {
  const problems: Problem[] = [];
  for (const [file, text] of repository.files) {
    for (const [index, line] of text.split('\n').entries()) {
      for (const { pattern, message } of forbidden) {
        const found = pattern.exec(line);
        if (found !== null) problems.push({ file, line: index + 1, message: `"${found[0]}" ${message}` });
      }
    }
  }
  return problems;
}
