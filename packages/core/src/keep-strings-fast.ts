/**
 * Makes the methods of strings as fast again as they were before somebody declared a class that extends `String`.
 *
 * Such a declaration alone, without any use of the class, makes V8 keep the properties of `String.prototype` in a
 * dictionary: optimized code then looks `charCodeAt` and all the others up at every call, which made loops over the
 * characters of a text six to eight times slower, in the whole process and for good (Node 20 to 24). ioredis 6 declares
 * one. Enumerating a string object is among the few things that make V8 lay the properties out anew.
 *
 * Call it after the import that brings the class. It costs about a microsecond.
 */
export function keepStringsFast(): void {
  for (const _ in Object('')) break;
}
