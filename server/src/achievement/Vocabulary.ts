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

// The class of what stands in each member: its name has to be among the object's types.
const classes: Readonly<Record<string, string>> = {
  alignment: 'Alignment',
  creator: 'Profile',
  image: 'Image',
  otherIdentifier: 'IdentifierEntry',
  parentOrg: 'Profile',
  related: 'Related',
  resultDescription: 'ResultDescription',
  rubricCriterionLevel: 'RubricCriterionLevel',
}

/** Every term in an achievement that the standard does not have in its place, and every object of another class. */
export function* check(definition: Json.Object): Generator<Place> {
  yield* checkObject(definition, 'Achievement', '')
}

function* checkObject(object: Json.Object, className: string | undefined, pointer: string): Generator<Place> {
  const types = [object.type].flat()
  if (className !== undefined && !types.includes(className))
    yield { pointer: `${pointer}/type`, code: 'TYPE_UNKNOWN', message: `The type ${className} is missing.` }
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
    const itemClass = Object.hasOwn(classes, member) ? classes[member] : undefined
    if (Json.isObject(value)) yield* checkObject(value, itemClass, at)
    else if (Json.isArray(value))
      for (const [i, item] of value.entries())
        if (Json.isObject(item)) yield* checkObject(item, itemClass, `${at}/${i}`)
  }
}
