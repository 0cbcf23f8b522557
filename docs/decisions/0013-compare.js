// Stores what a batch makes of its recipients in two ways and reads it back: node docs/decisions/0013-compare.js [rows]
import { randomBytes } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'

const rows = Number(process.argv[2] ?? 300_000)
const folder = mkdtempSync(join(tmpdir(), 'laurel-compare-'))

function open(name, schema) {
  const database = new DatabaseSync(join(folder, name))
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = -32768')
  database.exec(schema)
  return database
}

// Linux tells what a process has had written to the disk.
function written() {
  const text = process.platform === 'linux' ? readFileSync('/proc/self/io', 'utf8') : ''
  return Number(/write_bytes: (\d+)/.exec(text)?.[1] ?? 0) / 1e6
}

function measure(work, run) {
  const [cpu, disk] = [process.cpuUsage(), written()]
  run()
  const { user, system } = process.cpuUsage(cpu)
  console.log(
    `${work.padEnd(44)} ${((user + system) / rows).toFixed(1).padStart(6)} µs of CPU a row, ${(written() - disk).toFixed(0).padStart(5)} MB written`,
  )
}

function inChunks(database, size, run) {
  for (let from = 1; from <= rows; from += size) {
    database.exec('BEGIN IMMEDIATE')
    for (let row = from; row < Math.min(from + size, rows + 1); row++) run(row)
    database.exec('COMMIT')
  }
}

const fields = (row) =>
  JSON.stringify({ recipient: { identifiers: [{ type: 'name', value: `Person ${row}` }], narrative: 'x'.repeat(90) } })
const proof = 'z'.padEnd(88, 'a')
const index = Uint32Array.from({ length: rows }, (_, i) => i)
for (let i = rows - 1; i > 0; i--) {
  const j = Math.floor(Math.random() * (i + 1))
  ;[index[i], index[j]] = [index[j], index[i]]
}

const one = open(
  'one.db',
  `CREATE TABLE recipients (batch INTEGER, row INTEGER, fields TEXT, id BLOB UNIQUE, proof_id BLOB, secret BLOB,
     list INTEGER, place INTEGER, created TEXT, proof TEXT, digest BLOB, leaf BLOB, position INTEGER,
     PRIMARY KEY (batch, row), UNIQUE (list, place), UNIQUE (batch, position)) STRICT, WITHOUT ROWID`,
)
const accept = one.prepare('INSERT INTO recipients (batch, row, fields) VALUES (1, ?, ?)')
const draft = one.prepare(
  'UPDATE recipients SET id = ?, proof_id = ?, secret = ?, list = 1, place = ? WHERE batch = 1 AND row = ?',
)
const sign = one.prepare(
  'UPDATE recipients SET created = ?, proof = ?, digest = ?, leaf = ? WHERE batch = 1 AND row = ?',
)
const order = one.prepare('UPDATE recipients SET position = ? WHERE batch = 1 AND row = ?')
measure('one row that grows', () => {
  inChunks(one, rows, (row) => accept.run(row, fields(row)))
  inChunks(one, 50_000, (row) => draft.run(randomBytes(16), randomBytes(16), randomBytes(32), index[row - 1], row))
  inChunks(one, 500, (row) => sign.run('2026-03-01T00:00:00Z', proof, randomBytes(32), randomBytes(32), row))
  inChunks(one, rows, (row) => order.run(index[row - 1], row))
})
one.close()

const three = open(
  'three.db',
  `CREATE TABLE recipients (batch INTEGER, row INTEGER, fields TEXT, PRIMARY KEY (batch, row)) STRICT, WITHOUT ROWID;
   CREATE TABLE drafts (batch INTEGER, row INTEGER, id BLOB UNIQUE, proof_id BLOB, secret BLOB, list INTEGER, place INTEGER,
     PRIMARY KEY (batch, row), UNIQUE (list, place)) STRICT, WITHOUT ROWID;
   CREATE TABLE signatures (batch INTEGER, row INTEGER, created TEXT, proof TEXT, digest BLOB, leaf BLOB,
     PRIMARY KEY (batch, row)) STRICT, WITHOUT ROWID;
   CREATE TABLE blocks (batch INTEGER, place INTEGER, rows BLOB, leaves BLOB, PRIMARY KEY (batch, place)) STRICT, WITHOUT ROWID`,
)
const insertRow = three.prepare('INSERT INTO recipients VALUES (1, ?, ?)')
const insertDraft = three.prepare('INSERT INTO drafts VALUES (1, ?, ?, ?, ?, 1, ?)')
const insertSignature = three.prepare('INSERT INTO signatures VALUES (1, ?, ?, ?, ?, ?)')
const insertBlock = three.prepare('INSERT INTO blocks VALUES (1, ?, ?, ?)')
measure('a row for each step, and blocks', () => {
  inChunks(three, rows, (row) => insertRow.run(row, fields(row)))
  inChunks(three, 50_000, (row) =>
    insertDraft.run(row, randomBytes(16), randomBytes(16), randomBytes(32), index[row - 1]),
  )
  inChunks(three, 500, (row) =>
    insertSignature.run(row, '2026-03-01T00:00:00Z', proof, randomBytes(32), randomBytes(32)),
  )
  inChunks(three, rows, (row) => {
    if (row % 256 === 0) insertBlock.run(row / 256, randomBytes(1024), randomBytes(8192))
  })
})

const all = `SELECT * FROM recipients JOIN drafts USING (batch, row) JOIN signatures USING (batch, row)`
const inOrder = three.prepare(`${all} WHERE batch = 1 AND row > ? ORDER BY row LIMIT 256`)
measure('read in the order of the roster', () => {
  for (let row = 0; row < rows; row += 256) inOrder.all(row)
})
const scattered = three.prepare(
  `SELECT * FROM json_each(?) AS wanted
   CROSS JOIN recipients ON recipients.batch = 1 AND recipients.row = CAST(wanted.value AS INTEGER)
   CROSS JOIN drafts USING (batch, row) CROSS JOIN signatures USING (batch, row) ORDER BY wanted.key`,
)
measure('read in the order of the tree', () => {
  for (let place = 0; place < rows; place += 256)
    scattered.all(JSON.stringify(Array.from(index.subarray(place, place + 256), (row) => row + 1)))
})
three.close()
rmSync(folder, { recursive: true })
