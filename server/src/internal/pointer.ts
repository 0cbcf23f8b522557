/** A JSON Pointer (RFC 6901) from some place on. Names are cut to 80 characters: they may be anybody's. */
export function pointer(start: string, path: readonly (string | number)[]): string {
  return [start, ...path.map((name) => String(name).slice(0, 80).replaceAll('~', '~0').replaceAll('/', '~1'))].join('/')
}
