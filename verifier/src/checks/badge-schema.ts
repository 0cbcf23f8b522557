import * as Json from '@laurel/core/Json'
import * as Shape from '@laurel/core/Shape'

/** What a member may say by the schemas of 1EdTech, beside words of an issuer's own, which begin with `ext:`. */
const vocabularies: Readonly<Record<string, readonly string[]>> = Object.fromEntries(
  Object.entries({
    achievementType:
      'Achievement ApprenticeshipCertificate Assessment Assignment AssociateDegree Award Badge ' +
      'BachelorDegree Certificate CertificateOfCompletion Certification CommunityService Competency Course ' +
      'CoCurricular Degree Diploma DoctoralDegree Fieldwork GeneralEducationDevelopment ' +
      'JourneymanCertificate LearningProgram License Membership ProfessionalDoctorate ' +
      'QualityAssuranceCredential MasterCertificate MasterDegree MicroCredential ResearchDoctorate ' +
      'SecondarySchoolDiploma',
    identifierType:
      'name sourcedId systemId productId userName accountId emailAddress nationalIdentityNumber isbn issn ' +
      'lisSourcedId oneRosterSourcedId sisSourcedId ltiContextId ltiDeploymentId ltiToolId ltiPlatformId ' +
      'ltiUserId identifier',
    resultType:
      'GradePointAverage LetterGrade Percent PerformanceLevel PredictedScore RawScore Result ' +
      'RubricCriterion RubricCriterionLevel RubricScore ScaledScore Status',
    status: 'Completed Enrolled Failed InProgress OnHold Provisional Withdrew',
    targetType: 'ceasn:Competency ceterms:Credential CFItem CFRubric CFRubricCriterion CFRubricCriterionLevel CTDL',
  }).map(([name, words]) => [name, words.split(' ')]),
)

/** Language tags, as those schemas have them. */
const language = /^[a-z]{2,4}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?$/
const context = /^https:\/\/purl\.imsglobal\.org\/spec\/ob\/v3p0\/context(-3\.\d\.\d)*\.json$/

/**
 * Whether a document that conforms obeys the JSON Schemas that 1EdTech publishes for achievement and endorsement credentials
 * (2026 edition). They ask for little that `conforms` does not, and that is written here: what ships with neither a licence
 * to pass it on nor a size that a page would want to load. Both are held against each other in the tests.
 *
 * @returns undefined for a document of version 1, for which those schemas are not made
 */
export function obeysBadgeSchema(document: Json.Object): boolean | undefined {
  if (Shape.isV1(document)) return undefined
  const { '@context': contexts, name = '', description = '', credentialStatus } = document
  const isNamed = typeof name === 'string' && typeof description === 'string'
  const [, second] = Json.isArray(contexts) ? contexts : []
  return isNamed && context.test(String(second)) && !Json.isArray(credentialStatus) && hasWords(document)
}

function hasWords(value: Json.Value): boolean {
  if (Json.isArray(value)) return value.every(hasWords)
  if (!Json.isObject(value)) return true
  const isResult = [value.type].flat().includes('Result')
  return Object.entries(value).every(([name, item]) => {
    if (name === 'inLanguage') return language.test(String(item))
    const known = name === 'status' && !isResult ? undefined : vocabulary(name)
    if (known === undefined) return hasWords(item)
    return known.includes(String(item)) || (name !== 'status' && /ext:[\w.|-]+/.test(String(item)))
  })
}

function vocabulary(name: string): readonly string[] | undefined {
  const kind = name === 'identityType' ? 'identifierType' : name
  return Object.hasOwn(vocabularies, kind) ? vocabularies[kind] : undefined
}
