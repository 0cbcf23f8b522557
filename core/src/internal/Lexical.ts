/** How JSON-LD writes numbers in RDF (JSON-LD 1.1 API §8.2.2). */

/** Whether a number is written without a point and without an exponent. */
export function isInteger(value: number): boolean {
  return !String(value).includes('.') && Math.abs(value) < 1e21
}

/** A number as an integer where it is one, and as a double otherwise. */
export function form(value: number): string {
  return isInteger(value) ? value.toFixed(0) : double(value)
}

/** A number as a double. */
export function double(value: number): string {
  return value.toExponential(15).replace(/(\d)0*e\+?/, '$1E')
}

/** Whether a number is written so that it is read as the same again. */
export function isKept(value: number): boolean {
  return Object.is(Number(form(value)), value)
}
