import { timeWords } from './amounts.js';
import { targetName } from './target-name.js';

export interface LeasesAnswer {
  readonly leases: readonly {
    readonly target: Parameters<typeof targetName>[0]['target'];
    readonly owner: string;
    readonly expiresInMs: number;
  }[];
}

/** Which streams other members have, and which nobody has; empty when all are this member's. */
export function elsewhereWords(leases: LeasesAnswer['leases'], member: string): string {
  const others = leases
    .filter(({ owner }) => owner !== member)
    .map(({ target, owner, expiresInMs }) =>
      expiresInMs > 0
        ? `${targetName({ target })} at ${owner} (lease for ${timeWords(expiresInMs)})`
        : `${targetName({ target })} at nobody (was ${owner}’s)`,
    );
  return others.length === 0 ? '' : `Elsewhere: ${others.sort().join(', ')}.`;
}
