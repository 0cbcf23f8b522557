/** Loaded before a program (`node --import`), it has no name stand for anything, so that the web is away. */
import * as Offline from './Offline.ts'

Offline.begin()
