import { shouldGoOn } from './postgres.ts'

const pieces = process.env.FAULTS === 'all' ? Array.from({ length: 80 }, (_, i) => i + 1) : [3, 14, 25]

describe('laurel, whose way to PostgreSQL breaks', function () {
  this.timeout(900_000)
  shouldGoOn(pieces)
})
