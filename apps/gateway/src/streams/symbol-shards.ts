/** Symbols divided over sockets, at most `capacity` on each, each staying where it is for as long as it is wanted. */
export interface SymbolShards {
  /** Divides anew. Returns the wanted symbols of each shard; a shard that is left empty stays, with no symbols. */
  assign(symbols: readonly string[]): readonly (readonly string[])[];
}

export function createSymbolShards(capacity: number): SymbolShards {
  let shards: string[][] = [];
  return {
    assign(symbols) {
      const wanted = new Set(symbols);
      shards = shards.map((shard) =>
        shard.filter((symbol) => {
          const stays = wanted.has(symbol);
          wanted.delete(symbol);
          return stays;
        }),
      );
      for (const symbol of wanted) {
        let shard = shards.find((candidate) => candidate.length < capacity);
        if (!shard) {
          shard = [];
          shards.push(shard);
        }
        shard.push(symbol);
      }
      return shards;
    },
  };
}
