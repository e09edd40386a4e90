import { type CompatibilityLevel, isCompatibilityLevel } from '../../avro/compatibility.js';
import type { RegistryMode } from '../../client/types.js';
import { failures } from './registry-failure.js';

const modes: readonly unknown[] = ['READWRITE', 'READONLY', 'READONLY_OVERRIDE', 'IMPORT'];

/** Compatibility levels and modes: global ones, and those of subjects. */
export class Policies {
  readonly #initialLevel: CompatibilityLevel;
  readonly #levels = new Map<string, CompatibilityLevel>();
  readonly #modes = new Map<string, RegistryMode>();
  #globalLevel: CompatibilityLevel;
  #globalMode: RegistryMode = 'READWRITE';

  constructor(initialLevel: CompatibilityLevel) {
    this.#initialLevel = initialLevel;
    this.#globalLevel = initialLevel;
  }

  /** What applies to a subject. */
  effectiveLevel(subject: string): CompatibilityLevel {
    return this.#levels.get(subject) ?? this.#globalLevel;
  }

  /** READONLY_OVERRIDE, set globally, prevails over what subjects say. */
  effectiveMode(subject: string): RegistryMode {
    if (this.#globalMode === 'READONLY_OVERRIDE') return this.#globalMode;
    return this.#modes.get(subject) ?? this.#globalMode;
  }

  level(subject: string | undefined, defaultToGlobal: boolean): CompatibilityLevel {
    if (subject === undefined) return this.#globalLevel;
    const level = this.#levels.get(subject);
    if (!level && !defaultToGlobal) throw failures.configNotFound(subject);
    return level ?? this.#globalLevel;
  }

  setLevel(subject: string | undefined, level: unknown): CompatibilityLevel {
    const given = typeof level === 'string' ? level.toUpperCase() : level;
    if (!isCompatibilityLevel(given)) throw failures.invalidLevel();
    if (subject !== undefined) this.assertWritable(subject);
    if (subject === undefined) this.#globalLevel = given;
    else this.#levels.set(subject, given);
    return given;
  }

  /** The level that was set. */
  clearLevel(subject: string | undefined): CompatibilityLevel {
    if (subject === undefined) {
      const before = this.#globalLevel;
      this.#globalLevel = this.#initialLevel;
      return before;
    }
    const before = this.#levels.get(subject);
    if (!before) throw failures.subjectNotFound(subject);
    this.#levels.delete(subject);
    return before;
  }

  mode(subject: string | undefined, defaultToGlobal: boolean): RegistryMode {
    if (subject === undefined) return this.#globalMode;
    const mode = this.#modes.get(subject);
    if (!mode && !defaultToGlobal) throw failures.modeNotFound(subject);
    return mode ?? this.#globalMode;
  }

  setMode(subject: string | undefined, mode: unknown): RegistryMode {
    const given = (typeof mode === 'string' ? mode.toUpperCase() : mode) as RegistryMode;
    if (!modes.includes(given)) throw failures.invalidMode();
    if (subject === undefined) this.#globalMode = given;
    else this.#modes.set(subject, given);
    return given;
  }

  /** The mode that was set. */
  clearMode(subject: string | undefined): RegistryMode {
    if (subject === undefined) {
      const before = this.#globalMode;
      this.#globalMode = 'READWRITE';
      return before;
    }
    const before = this.#modes.get(subject);
    if (!before) throw failures.subjectNotFound(subject);
    this.#modes.delete(subject);
    return before;
  }

  forgetSubject(subject: string): void {
    this.#levels.delete(subject);
    this.#modes.delete(subject);
  }

  assertWritable(subject: string): void {
    if (this.effectiveMode(subject).startsWith('READONLY')) {
      throw failures.notPermitted(`Subject ${subject} is in read-only mode`);
    }
  }
}
