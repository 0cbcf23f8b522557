import * as Errors from '@laurel/core/Errors'

/** Thrown when a report cannot be written. */
export class ReportError extends Errors.BaseError<
  'REPORT_FONT' | 'REPORT_FORMAT' | 'REPORT_KEY' | 'REPORT_PACKAGES' | 'REPORT_UNWRITABLE'
> {
  override readonly name = 'report.ReportError'
  constructor(code: ReportError['code'], message: string, cause?: unknown) {
    super(code, message, { cause })
  }
}
