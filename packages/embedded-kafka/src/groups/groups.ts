import { Group, type GroupOptions } from './group.js';

/** All consumer groups, at most `maxGroups`: the oldest empty one makes room for a new one. */
export class Groups {
  readonly #groups = new Map<string, Group>();
  readonly #options: GroupOptions;
  readonly #maxGroups: number;

  constructor(options: GroupOptions, maxGroups: number) {
    this.#options = options;
    this.#maxGroups = maxGroups;
  }

  get(id: string): Group | undefined {
    return this.#groups.get(id);
  }

  all(): IterableIterator<Group> {
    return this.#groups.values();
  }

  /** The group of that id, created when there is none; undefined when all places are taken by groups with members. */
  open(id: string): Group | undefined {
    const known = this.#groups.get(id);
    if (known) return known;
    if (this.#groups.size >= this.#maxGroups && !this.#makeRoom()) return undefined;
    const group = new Group(id, this.#options);
    this.#groups.set(id, group);
    return group;
  }

  delete(group: Group): void {
    this.#groups.delete(group.id);
    group.die();
  }

  close(): void {
    for (const group of this.#groups.values()) group.die();
    this.#groups.clear();
  }

  #makeRoom(): boolean {
    for (const group of this.#groups.values()) {
      if (!group.isEmpty) continue;
      this.delete(group);
      return true;
    }
    return false;
  }
}
