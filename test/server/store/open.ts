import { workerData } from 'node:worker_threads'
import * as Location from '../../../server/src/adapters/store/Location.ts'

const database = await Location.open(workerData)
await database.close()
