import { readRow } from './table-row.js';

/** The figures that the sections of a page show, as they are written there. */
export interface Figures {
  /** What a row says is ours. Throws when there is no such row. */
  ours(benchmark: string, row: string): string;
  /** What it says of a peer; undefined where the peer was not run. Throws when the row knows no such peer. */
  peer(benchmark: string, row: string, peer: string): string | undefined;
}

/** Reads them from the sections' own tables. */
export function readFigures(sections: ReadonlyMap<string, string>): Figures {
  const find = (benchmark: string, row: string): string[] => {
    const rows = (sections.get(benchmark) ?? '').split('\n').map(readRow);
    const cells = rows.find(([name = '']) => name === row || name.startsWith(`${row} (`));
    if (!cells) throw new Error(`The benchmark "${benchmark}" has no row "${row}". Run it, or name another row.`);
    return cells;
  };
  return {
    ours(benchmark, row) {
      const [, , ours = ''] = find(benchmark, row);
      return ours.slice('**'.length, ours.lastIndexOf('**'));
    },
    peer(benchmark, row, peer) {
      const [, , , peers = ''] = find(benchmark, row);
      const said = peers.split('<br>').find((one) => one.startsWith(`${peer} `) || one === `${peer}: not run`);
      if (said === undefined)
        throw new Error(`The row "${row}" of the benchmark "${benchmark}" has no peer "${peer}".`);
      return said.endsWith(': not run') ? undefined : said.slice(peer.length + 1, said.lastIndexOf(' · '));
    },
  };
}
