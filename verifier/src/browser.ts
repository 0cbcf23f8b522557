/** What a page gets with one file: `<script type="module">`, or an import. Made by `npm run build:verifier`. */
export { catalogue } from './ErrorCatalogue.ts'
export * from './index.ts'
export * as WebReaders from './readers/WebReaders.ts'
