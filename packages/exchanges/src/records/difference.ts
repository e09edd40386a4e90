/** a − b without the noise that binary fractions add after the fifteenth digit (0.10035 − −0.00017 is 0.10052). */
export const difference = (a: number, b: number): number => Number((a - b).toPrecision(12));
