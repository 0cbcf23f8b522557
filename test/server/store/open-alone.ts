import * as Location from '../../../server/src/adapters/store/Location.ts'

const database = await Location.open(process.argv[2] ?? '')
await database.close()
