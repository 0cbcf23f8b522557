import { DataIntegrityProof } from '@digitalcredentials/data-integrity'
import { cryptosuite } from '@digitalcredentials/eddsa-rdfc-2022-cryptosuite'
import { issue, verifyCredential } from '@digitalcredentials/vc'
import * as vc from './vc.ts'

export const create = (task: vc.Task) => vc.create({ issue, verifyCredential, DataIntegrityProof, cryptosuite }, task)
