import * as Json from '@laurel/core/Json'
import type { Place } from './Achievement.ts'

// Open Badges 3.0.3 §B.5 (enumerations). Each of these may be extended by a term that begins with ext:.
const terms: Readonly<Record<string, readonly string[]>> = {
  achievementType: [
    'Achievement',
    'ApprenticeshipCertificate',
    'Assessment',
    'Assignment',
    'AssociateDegree',
    'Award',
    'Badge',
    'BachelorDegree',
    'Certificate',
    'CertificateOfCompletion',
    'Certification',
    'CommunityService',
    'Competency',
    'Course',
    'CoCurricular',
    'Degree',
    'Diploma',
    'DoctoralDegree',
    'Fieldwork',
    'GeneralEducationDevelopment',
    'JourneymanCertificate',
    'LearningProgram',
    'License',
    'Membership',
    'ProfessionalDoctorate',
    'QualityAssuranceCredential',
    'MasterCertificate',
    'MasterDegree',
    'MicroCredential',
    'ResearchDoctorate',
    'SecondarySchoolDiploma',
  ],
  identifierType: [
    'name',
    'sourcedId',
    'systemId',
    'productId',
    'userName',
    'accountId',
    'emailAddress',
    'nationalIdentityNumber',
    'isbn',
    'issn',
    'lisSourcedId',
    'oneRosterSourcedId',
    'sisSourcedId',
    'ltiContextId',
    'ltiDeploymentId',
    'ltiToolId',
    'ltiPlatformId',
    'ltiUserId',
    'identifier',
  ],
  resultType: [
    'GradePointAverage',
    'LetterGrade',
    'Percent',
    'PerformanceLevel',
    'PredictedScore',
    'RawScore',
    'Result',
    'RubricCriterion',
    'RubricCriterionLevel',
    'RubricScore',
    'ScaledScore',
    'Status',
  ],
  targetType: [
    'ceasn:Competency',
    'ceterms:Credential',
    'CFItem',
    'CFRubric',
    'CFRubricCriterion',
    'CFRubricCriterionLevel',
    'CTDL',
  ],
}

/** Every term in an achievement that the standard does not have in its place. */
export function* check(definition: Json.Object): Generator<Place> {
  yield* checkObject(definition, '')
}

function* checkObject(object: Json.Object, pointer: string): Generator<Place> {
  for (const [member, value] of Object.entries(object)) {
    const at = `${pointer}/${member}`
    const known = Object.hasOwn(terms, member) ? terms[member] : undefined
    if (
      typeof value === 'string' &&
      known !== undefined &&
      !known.includes(value) &&
      !/^ext:[a-z|A-Z|0-9.\-_]+/.test(value)
    )
      yield {
        pointer: at,
        code: 'TERM_UNKNOWN',
        message: 'The standard has no such term; one of your own begins with ext:.',
      }
    // Endorsements are credentials of others, with classes of their own.
    if (member === 'endorsement') continue
    if (Json.isObject(value)) yield* checkObject(value, at)
    else if (Json.isArray(value))
      for (const [i, item] of value.entries()) if (Json.isObject(item)) yield* checkObject(item, `${at}/${i}`)
  }
}
