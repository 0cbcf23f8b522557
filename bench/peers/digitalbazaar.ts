import { DataIntegrityProof } from '@digitalbazaar/data-integrity'
import { cryptosuite } from '@digitalbazaar/eddsa-rdfc-2022-cryptosuite'
import { issue, verifyCredential } from '@digitalbazaar/vc'
import * as vc from './vc.ts'

export const create = (task: vc.Task) => vc.create({ issue, verifyCredential, DataIntegrityProof, cryptosuite }, task)
