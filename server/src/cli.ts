import { realpathSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { Argument, Command, InvalidArgumentError, Option } from 'commander'
import * as Role from './access/Role.ts'
import * as Audit from './cli/audit.ts'
import { award } from './cli/award.ts'
import { backup, restore } from './cli/backup.ts'
import { claimLink } from './cli/claim-link.ts'
import * as Collection from './cli/collection.ts'
import { auditContent, exportContent } from './cli/content.ts'
import { decide } from './cli/decide.ts'
import { deploy } from './cli/deploy.ts'
import { doctor } from './cli/doctor.ts'
import { disclose, erase, retention } from './cli/erase.ts'
import { exportBatch } from './cli/export.ts'
import { exportEverything } from './cli/export-everything.ts'
import * as Failure from './cli/Failure.ts'
import { importBadges, importEverything, listImports, writeRoster } from './cli/import.ts'
import { issue } from './cli/issue.ts'
import * as Issuer from './cli/issuer.ts'
import * as Key from './cli/key.ts'
import * as Mail from './cli/mail.ts'
import * as Member from './cli/member.ts'
import { noted as note } from './cli/noted.ts'
import * as Organisation from './cli/organisation.ts'
import { reconcile } from './cli/reconcile.ts'
import { redeem } from './cli/redeem.ts'
import { showConfig } from './cli/show-config.ts'
import * as Signer from './cli/signer.ts'
import { start } from './cli/start.ts'
import { status } from './cli/status.ts'
import * as Token from './cli/token.ts'
import { transactions } from './cli/transactions.ts'
import * as Webhook from './cli/webhook.ts'
import { worker } from './cli/worker.ts'
import * as Config from './config.ts'
import { signing } from './main.ts'
import { quotas } from './organisations/Organisation.ts'
import * as Event from './webhooks/Event.ts'

/**
 * Runs the `laurel` command.
 *
 * @param args what follows the command's name
 * @param environment see `config.ts`
 * @returns the exit code: 0 done, 1 refused (something has to be changed), 2 not finished (to be run again); of the
 * doctor: 0 well, 1 not, 2 not known
 */
export async function run(
  args: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): Promise<number> {
  const config = () => Config.read(environment)
  // What changes something is noted before and after, here and nowhere else.
  const noted = (
    operation: string,
    given: readonly string[],
    work: (config: Config.Config) => Promise<void>,
    organisation?: string,
  ) => note(operation, given, config(), work, organisation)
  let examined: number = Failure.exitCodes.done
  const program = new Command('laurel')
    .description('Issues Open Badges that outlive their issuer: signed, anchored on a chain, verifiable by anybody.')
    .showHelpAfterError()
    .exitOverride()
  program
    .command('issue')
    .description('issue a credential to everybody on a roster, and anchor them')
    .argument('<roster>', 'the roster: a CSV file')
    .requiredOption('--achievement <file>', 'the achievement that is awarded: a JSON file')
    .option('--redeemable', 'give everybody a ticket, to be redeemed for a token in the issuer’s collection')
    .option('--again', 'issue a roster once more that was issued before')
    .option('--json', 'answer in JSON')
    .action((roster, options) => noted('issue', [], (config) => issue(roster, options, config)))
  program
    .command('status')
    .description('show where every batch stands, or how a credential stands')
    .argument('[id]', 'one batch, or one credential')
    .option('--at <time>', 'how the credential stood at a time, with its time zone: 2026-03-01T09:30:00Z')
    .option('--json', 'answer in JSON')
    .action((id, options) => status(id, options, config()))
  program
    .command('config')
    .description('show every setting as it is in force, and where it comes from; secrets are hidden')
    .option('--json', 'answer in JSON')
    .action((options) => showConfig(options, environment))
  program
    .command('doctor')
    .description('look at everything, and say what is wrong and which command mends it; changes nothing')
    .option('--json', 'answer in JSON')
    .action(async (options) => {
      examined = await doctor(options, config())
    })
  program
    .command('backup')
    .description('write everything into one sealed file, while a server runs')
    .argument('<file>', 'a new file')
    .requiredOption('--passphrase-file <file>', 'a file with the passphrase that opens it, of 16 characters or more')
    .option('--json', 'answer in JSON')
    .action((file, options) => backup(file, options, environment))
  program
    .command('restore')
    .description('put a backup into a home, and a database, that have nothing in them')
    .argument('<file>', 'the backup')
    .requiredOption('--passphrase-file <file>', 'a file with the passphrase that opens it')
    .option('--json', 'answer in JSON')
    .action((file, options) => restore(file, options, environment))
  program
    .command('reconcile')
    .description('look up on the chain what a restored database does not know, and let it be written to again')
    .option('--resume <batch>', 'let a batch go on that was blocked by that: no learner has it yet')
    .option('--json', 'answer in JSON')
    .action((options) => reconcile(options, config()))
  program
    .command('transactions')
    .description('show what every account has sent, what waits, and what holds it up')
    .option('--accept <account>', 'take what this account has sent elsewhere for accounted for')
    .option('--yes', 'do not ask')
    .option('--json', 'answer in JSON')
    .action((options) =>
      options.accept === undefined
        ? transactions(options, config())
        : noted('transactions accept', [], (config) => transactions(options, config)),
    )
  for (const [act, description] of [
    ['revoke', 'revoke a credential for good'],
    ['suspend', 'suspend a credential for the time being'],
    ['reinstate', 'end the suspension of a credential'],
  ] as const)
    program
      .command(act)
      .description(description)
      .argument('<id>', 'the id of the credential')
      .option('--reason <text>', 'why; kept here, never published')
      .option('--json', 'answer in JSON')
      .action((id, options) => noted(act, [id], (config) => decide(act, id, options, config)))
  program
    .command('claim-link')
    .description('send the recipient of a credential, or those of a batch, a link to what they were given')
    .argument('<id>', 'one credential, or one batch')
    .option('--renew', 'of a batch, also to those who have a link and have not answered')
    .option('--json', 'answer in JSON')
    .action((id, options) => noted('claim-link', [id], (config) => claimLink(id, options, config)))
  program
    .command('export')
    .description('write the credentials of a delivered batch once more, or all that an organisation has')
    .argument('[batch]', 'the batch')
    .argument('[target]', 'an empty or new folder, or a new file')
    .option('--everything', 'all that an organisation has, to take it along or to import it elsewhere')
    .option('--organisation <id>', 'whose everything; home by default')
    .option('--to <target>', 'of everything: an empty or new folder, or a new .zip')
    .addOption(
      new Option(
        '--format <format>',
        'a folder of files, one file with a line for each credential, an IPFS archive, or a folder of keepsakes',
      )
        .choices(['folder', 'ndjson', 'car', 'laurel'])
        .default('folder'),
    )
    .option('--proof', 'put into keepsakes what proves the anchor to whoever knows the newest final block')
    .option('--images', 'bake the credentials of a large batch into images as well')
    .option('--json', 'answer in JSON')
    .action((batch, target, options, command) => {
      const { everything, to } = options
      if (everything ? batch !== undefined || to === undefined : target === undefined)
        command.error('error: name a batch and a target, or --everything and --to')
      return everything
        ? noted('export everything', [], (config) => exportEverything(options, config), options.organisation)
        : noted('export', [batch], (config) => exportBatch(batch, target, options, config))
    })
  program
    .command('erase')
    .description('erase for good what is kept of recipients; what was issued beside theirs stays valid')
    .argument('[ids...]', 'the ids of their credentials')
    .option('--email <address>', 'all that is kept of whoever has this address')
    .option('--revoke', 'revoke their credentials first, which copies of others then show')
    .option('--yes', 'do not ask')
    .option('--json', 'answer in JSON')
    .action((ids, options) => noted('erase', ids, (config) => erase(ids, options, config)))
  program
    .command('disclose')
    .description('show all that is kept of a person, in JSON')
    .argument('<email>', 'the address of the person')
    .action((email) => noted('disclose', [], (config) => disclose(email, config)))
  program
    .command('retention')
    .description('show for how long what is known of people is kept, and what is older; or say it anew')
    .option('--rosters <days>', 'since a batch was accepted, what rosters say; or never', toDays)
    .option('--reasons <days>', 'since it was decided, why something was decided; or never', toDays)
    .option('--organisation <id>', 'whose; home by default')
    .option('--json', 'answer in JSON')
    .action((options) =>
      options.rosters === undefined && options.reasons === undefined
        ? retention(options, config())
        : noted('retention', [], (config) => retention(options, config)),
    )
  const imported = program.command('import').description('bring badges of other places here, as they are')
  const whose = new Option('--organisation <id>', 'whose; home by default')
  imported
    .command('add')
    .description('import a file: an Open Badge, a list of Credly or Badgr (CSV or JSON), or a ZIP of them')
    .argument('<file>', 'the file')
    .option('--dry-run', 'only tell what would be imported, and every row that is wrong')
    .addOption(whose)
    .option('--json', 'answer in JSON, with what becomes of each row')
    .action((file, options) =>
      options.dryRun
        ? importBadges(file, options, config())
        : noted('import add', [], (config) => importBadges(file, options, config), options.organisation),
    )
  imported
    .command('export')
    .description('import what laurel export --everything has written elsewhere: the credentials stay their issuer’s')
    .argument('<path>', 'the folder, or the ZIP')
    .option('--dry-run', 'only tell what would be imported')
    .addOption(whose)
    .option('--json', 'answer in JSON, with what becomes of each credential')
    .action((path, options) =>
      options.dryRun
        ? importEverything(path, options, config())
        : noted('import export', [], (config) => importEverything(path, options, config), options.organisation),
    )
  imported
    .command('list')
    .description('list what was imported')
    .addOption(whose)
    .option('--json', 'answer in JSON')
    .action((options) => listImports(options, config()))
  imported
    .command('roster')
    .description('write a roster of who has imported badges, to issue them anew with the originals as evidence')
    .argument('<import>', 'as laurel import list shows it')
    .option('--achievement <name>', 'only those of this achievement, by its id or name there')
    .option('--unverified', 'also those of which nobody can tell whether they are valid')
    .addOption(whose)
    .action((id, options) =>
      noted('import roster', [], (config) => writeRoster(id, options, config), options.organisation),
    )
  const issuer = program
    .command('issuer')
    .description('make issuers, say who they are, and speak for the home’s own in the directory on the chain')
  issuer
    .command('create')
    .description('make an issuer for an organisation, with a key and a DID of its own')
    .argument('<name>', 'what it is called')
    .option('--organisation <id>', 'whose; home by default')
    .option('--key <uri>', 'where its credential key is; by default in the home')
    .option('--json', 'answer in JSON')
    .action((name, options) =>
      noted('issuer create', [], (config) => Issuer.create(name, options, config), options.organisation),
    )
  issuer
    .command('list')
    .description('list the issuers of an organisation, the first of which issues what names none')
    .option('--organisation <id>', 'whose; home by default')
    .option('--json', 'answer in JSON')
    .action((options) => Issuer.list(options, config()))
  issuer
    .command('register')
    .description('register the issuer, its accounts and its key, or what is new about them')
    .option('--json', 'answer in JSON')
    .action((options) => noted('issuer register', [], (config) => Issuer.register(options, config)))
  issuer
    .command('profile')
    .description(
      'show what the issuer says of itself, or change it for what is issued from now on; an empty text ends it',
    )
    .option('--name <name>', 'its name')
    .option('--url <address>', 'its web page')
    .option('--description <text>', 'what it is')
    .option('--email <address>', 'where it is written to')
    .option('--image <file>', 'its image: a PNG, which is encoded anew and kept')
    .option('--organisation <id>', 'whose issuer it is; home by default')
    .option('--issuer <id>', 'which of its issuers; the first by default')
    .option('--json', 'answer in JSON')
    .action((options) => {
      const { json: _, organisation, issuer: __, ...said } = options
      return Object.keys(said).length === 0
        ? Issuer.profile(options, config())
        : noted('issuer profile', [], (config) => Issuer.profile(options, config), organisation)
    })
  issuer
    .command('show')
    .description('show what the directory says about the issuer')
    .option('--json', 'answer in JSON')
    .action((options) => Issuer.show(options, config()))
  issuer
    .command('rotate')
    .description('replace an account or key by a new one; what the old one has said stays valid')
    .addArgument(new Argument('<key>', 'which one').choices(Issuer.purposes))
    .option('--issuer <id>', 'an issuer beside the home’s own, which has a credential key alone')
    .option('--organisation <id>', 'whose issuer that is; home by default')
    .option('--key <uri>', 'where the new key of such an issuer is; by default in the home')
    .option('--json', 'answer in JSON')
    .action((purpose, options) =>
      noted(
        `issuer rotate ${purpose}`,
        [options.issuer ?? ''],
        (config) => Issuer.rotate(purpose, options, config),
        options.organisation,
      ),
    )
  issuer
    .command('report-compromise')
    .description('report an account or key as compromised, for good: nothing counts that it has said since')
    .addArgument(new Argument('<key>', 'which one').choices(Issuer.purposes))
    .requiredOption('--from <time>', 'since when, with its time zone: 2026-03-01T09:30:00Z')
    .option('--id <id>', 'an older account or key than the newest')
    .option('--issuer <id>', 'an issuer beside the home’s own, which has a credential key alone')
    .option('--organisation <id>', 'whose issuer that is; home by default')
    .option('--yes', 'do not ask')
    .option('--json', 'answer in JSON')
    .action((purpose, options) =>
      noted(
        `issuer report-compromise ${purpose}`,
        [options.issuer ?? ''],
        (config) => Issuer.report(purpose, options, config),
        options.organisation,
      ),
    )
  const collection = program.command('collection').description('keep the issuer’s collection of badge tokens')
  collection
    .command('create')
    .description('make the collection, one on each chain; what it is called never changes')
    .option('--name <name>', 'what it is called; by default as the issuer is')
    .option('--symbol <symbol>', 'an abbreviation of it; by default BADGE')
    .option('--description <text>', 'what it is, in a sentence')
    .option('--yes', 'do not ask')
    .option('--json', 'answer in JSON')
    .action((options) => noted('collection create', [], (config) => Collection.create(options, config)))
  collection
    .command('show')
    .description('show the collection, what was awarded in it, and the batches whose learners have tickets')
    .option('--json', 'answer in JSON')
    .action((options) => Collection.show(options, config()))
  collection
    .command('open')
    .description('open a batch for redeeming, which the first learner pays for otherwise')
    .argument('<batch>', 'the batch')
    .option('--yes', 'do not ask')
    .option('--json', 'answer in JSON')
    .action((batch, options) => noted('collection open', [batch], (config) => Collection.open(batch, options, config)))
  collection
    .command('close')
    .description('close a batch that was anchored by an account which is reported to have been compromised by then')
    .argument('<batch>', 'the batch')
    .option('--yes', 'do not ask')
    .option('--json', 'answer in JSON')
    .action((batch, options) =>
      noted('collection close', [batch], (config) => Collection.close(batch, options, config)),
    )
  program
    .command('award')
    .description('give wallets a badge token each, by the issuer’s collection')
    .argument('[wallets...]', 'the wallets')
    .requiredOption('--achievement <file>', 'the achievement that is awarded: a JSON file')
    .option('--wallets <file>', 'a file with more wallets, a line each')
    .option('--like <award>', 'give it to the list of an earlier award, by its number')
    .option('--again', 'give it once more to a list that was given it before')
    .option('--yes', 'do not ask')
    .option('--json', 'answer in JSON')
    .action((wallets, options) => noted('award', [], (config) => award(wallets, options, config)))
  program
    .command('redeem')
    .description('turn a ticket into a badge token; anybody may, and pays for it')
    .argument('<ticket>', 'the ticket: a file whose name ends in .ticket.json')
    .option('--to <wallet>', 'the wallet that is to have the token, where the ticket does not name one')
    .option('--yes', 'do not ask')
    .option('--json', 'answer in JSON')
    .action((ticket, options) => noted('redeem', [], (config) => redeem(ticket, options, config)))
  const token = program.command('token').description('look after badge tokens of the issuer’s collection')
  token
    .command('show')
    .description('show who holds a token, and for which achievement')
    .argument('<id>', 'the id of the token')
    .option('--json', 'answer in JSON')
    .action((id, options) => Token.show(id, options, config()))
  token
    .command('revoke')
    .description('revoke tokens for good')
    .argument('<ids...>', 'the ids of the tokens')
    .option('--yes', 'do not ask')
    .option('--json', 'answer in JSON')
    .action((ids, options) => noted('token revoke', ids, (config) => Token.revoke(ids, options, config)))
  token
    .command('revoke-ticket')
    .description('revoke the ticket that comes with a credential, before it is redeemed; the credential stays')
    .argument('<credential>', 'the id of the credential')
    .option('--yes', 'do not ask')
    .option('--json', 'answer in JSON')
    .action((credential, options) =>
      noted('token revoke-ticket', [credential], (config) => Token.revokeUnredeemed(credential, options, config)),
    )
  token
    .command('rebind')
    .description('bind a token to another wallet with its holder’s signature; without one, show what is to be signed')
    .argument('<id>', 'the id of the token')
    .requiredOption('--to <wallet>', 'the other wallet')
    .option('--deadline <seconds>', 'until when the signature counts, as it was signed')
    .option('--signature <hex>', 'the signature')
    .option('--yes', 'do not ask')
    .option('--json', 'answer in JSON')
    .action((id, options) => noted('token rebind', [id], (config) => Token.rebind(id, options, config)))
  token
    .command('propose-rebinding')
    .description('propose to bind a token of a lost wallet to another one, which the holder can veto for thirty days')
    .argument('<id>', 'the id of the token')
    .requiredOption('--to <wallet>', 'the other wallet')
    .option('--yes', 'do not ask')
    .option('--json', 'answer in JSON')
    .action((id, options) =>
      noted('token propose-rebinding', [id], (config) => Token.proposeRebinding(id, options, config)),
    )
  token
    .command('cancel-rebinding')
    .description('make a proposal void')
    .argument('<id>', 'the id of the token')
    .option('--yes', 'do not ask')
    .option('--json', 'answer in JSON')
    .action((id, options) =>
      noted('token cancel-rebinding', [id], (config) => Token.cancelRebinding(id, options, config)),
    )
  token
    .command('complete-rebinding')
    .description('carry a proposal out, once it has been public for thirty days')
    .argument('<id>', 'the id of the token')
    .option('--yes', 'do not ask')
    .option('--json', 'answer in JSON')
    .action((id, options) =>
      noted('token complete-rebinding', [id], (config) => Token.completeRebinding(id, options, config)),
    )
  program
    .command('deploy')
    .description('deploy the contracts that a chain lacks, at the addresses that they have on every chain')
    .option('--network <name>', 'which chain LAUREL_CHAIN_RPC has to answer for')
    .option('--dry-run', 'only show what is missing and what it costs')
    .option('--yes', 'do not ask')
    .option('--json', 'answer in JSON')
    .action((options) =>
      options.dryRun ? deploy(options, config()) : noted('deploy', [], (config) => deploy(options, config)),
    )
  const content = program.command('content').description('look after what is public')
  content
    .command('audit')
    .description('hash all of it here, and at every place that keeps it')
    .option('--json', 'answer in JSON')
    .action((options) => auditContent(options, config()))
  content
    .command('export')
    .description('write all of it into one archive (CARv1)')
    .argument('<file>', 'the archive')
    .option('--json', 'answer in JSON')
    .action((file, options) => exportContent(file, options, config()))
  const organisation = program.command('organisation').description('whose data there is, each apart from the others')
  organisation
    .command('add')
    .description('add an organisation')
    .argument('<id>', 'lower-case letters, digits and hyphens; it never changes')
    .option('--name <name>', 'what it is called; its id by default')
    .option('--json', 'answer in JSON')
    .action((id, options) => noted('organisation add', [], (config) => Organisation.add(id, options, config)))
  organisation
    .command('list')
    .description('list the organisations and what they have used')
    .option('--json', 'answer in JSON')
    .action((options) => Organisation.list(options, config()))
  organisation
    .command('quota')
    .description('set how much is accepted of an organisation; what is not named stays')
    .argument('<id>', 'as laurel organisation list shows it')
    .argument('<limits...>', `name=number or name=none: ${Object.keys(quotas).join(', ')}`)
    .option('--json', 'answer in JSON')
    .action((id, limits, options) =>
      noted('organisation quota', [], (config) => Organisation.quota(id, limits, options, config)),
    )
  const key = program.command('key').description('who may use the HTTP interface')
  key
    .command('create')
    .description('make a key and show it, once')
    .requiredOption('--name <name>', 'what it is for, for whoever reads the list')
    .option('--scopes <scopes>', 'what it may do, with commas between; all there is by default')
    .option('--expires <date>', 'when it ends')
    .option('--organisation <id>', 'whose; home by default')
    .option('--json', 'answer in JSON')
    .action((options) => noted('key create', [], (config) => Key.create(options, config)))
  key
    .command('list')
    .description('list every key there ever was, without their secrets')
    .option('--organisation <id>', 'whose; home by default')
    .option('--json', 'answer in JSON')
    .action((options) => Key.list(options, config()))
  key
    .command('revoke')
    .argument('<id>', 'as laurel key list shows it')
    .description('end a key for good')
    .option('--organisation <id>', 'whose; home by default')
    .option('--json', 'answer in JSON')
    .action((id, options) => noted('key revoke', [id], (config) => Key.revoke(id, options, config)))
  const mail = program.command('mail').description('what is written to people')
  mail
    .command('list')
    .description('list the newest mails and what has become of them')
    .addOption(new Option('--state <state>', 'only those').choices(['queued', 'sent', 'bounced', 'failed']))
    .option('--json', 'answer in JSON')
    .action((options) => Mail.list(options, config()))
  mail
    .command('send')
    .description('write to the learners of a delivered batch, each once')
    .argument('<batch>', 'the batch')
    .option('--unreached', 'only to those whom the last mail has not reached, once more')
    .option('--json', 'answer in JSON')
    .action((batch, options) => noted('mail send', [batch], (config) => Mail.send(batch, options, config)))
  mail
    .command('resend')
    .description('write to one learner about their credential once more')
    .argument('<id>', 'the id of the credential')
    .option('--json', 'answer in JSON')
    .action((id, options) => noted('mail resend', [id], (config) => Mail.resend(id, options, config)))
  mail
    .command('preview')
    .description('show a mail as its reader would see it')
    .addArgument(new Argument('<template>', 'which one').choices(Mail.known.templates))
    .addOption(new Option('--language <language>', 'in which language').choices(Mail.known.languages))
    .option('--html', 'its HTML in place of its text')
    .option('--json', 'answer in JSON')
    .action((template, options) => Mail.preview(template, options, config()))
  mail
    .command('bounces')
    .description('take in delivery reports and complaints that have come back')
    .argument('<files...>', 'a file for each message')
    .option('--json', 'answer in JSON')
    .action((files, options) => noted('mail bounces', [], (config) => Mail.bounces(files, options, config)))
  mail
    .command('suppressed')
    .description('list the addresses to which nothing is sent')
    .option('--json', 'answer in JSON')
    .action((options) => Mail.suppressed(options, config()))
  mail
    .command('allow')
    .description('send to an address again')
    .argument('<address>', 'the address')
    .option('--json', 'answer in JSON')
    .action((address, options) => noted('mail allow', [], (config) => Mail.allow(address, options, config)))
  const audit = program.command('audit').description('see to it that nobody has changed what was noted')
  audit
    .command('verify')
    .description('hold the whole audit log against itself, and against what is anchored of it')
    .option('--json', 'answer in JSON')
    .action((options) => Audit.verify(options, config()))
  audit
    .command('anchor')
    .description('anchor the audit log as it stands, without waiting for its time')
    .option('--json', 'answer in JSON')
    .action((options) => noted('audit anchor', [], (config) => Audit.anchor(options, config)))
  const signer = program.command('signer').description('the keys that sign for the issuer')
  signer
    .command('list')
    .description('list every key, where it is and whether it is in use')
    .option('--json', 'answer in JSON')
    .action((options) => Signer.list(options, config()))
  signer
    .command('init')
    .description('make the key for a purpose, on the token or in the keystore, where there is none')
    .addArgument(new Argument('<purpose>', 'what it is for').choices(signing))
    .option('--json', 'answer in JSON')
    .action((purpose, options) =>
      noted(`signer init ${purpose}`, [], (config) => Signer.init(purpose, options, config)),
    )
  signer
    .command('test')
    .description('let each key sign something, and verify it')
    .option('--json', 'answer in JSON')
    .action((options) => Signer.test(options, config()))
  const member = program.command('member').description('the people of the organisation, who sign in in a browser')
  const roleOption = () => new Option('--role <role>', 'what they may').choices([...Role.allRoles])
  const within = (command: Command) =>
    command
      .option('--department <department>', 'the one department to which the role is limited')
      .option('--issuer <issuer>', 'the one issuer to which the role is limited')
      .option('--json', 'answer in JSON')
  within(
    member
      .command('add')
      .description('make somebody a member and show a link that signs them in, once')
      .argument('<email>', 'their e-mail address')
      .addOption(roleOption())
      .option('--owner', 'the same as --role owner; for somebody who is a member already: another link'),
  ).action((email, options) => noted('member add', [], (config) => Member.add(email, options, config)))
  member
    .command('list')
    .description('list the members')
    .option('--json', 'answer in JSON')
    .action((options) => Member.list(options, config()))
  within(
    member
      .command('role')
      .description('give a member another role, and end their sessions')
      .argument('<member>', 'the id, or the e-mail address')
      .addArgument(new Argument('<role>', 'what they may').choices([...Role.allRoles])),
  ).action((who, role, options) =>
    noted('member role', [who], (config) => Member.changeRole(who, role, options, config)),
  )
  member
    .command('remove')
    .description('end a membership, with all sessions and passkeys')
    .argument('<member>', 'the id, or the e-mail address')
    .option('--json', 'answer in JSON')
    .action((who, options) => noted('member remove', [who], (config) => Member.remove(who, options, config)))
  const webhook = program.command('webhook').description('whom to tell what happens')
  webhook
    .command('add')
    .description('add a webhook and show its secret, once')
    .argument('<url>', 'to which events are sent', toAddress)
    .option('--types <types>', 'what it is told, with commas between; everything by default', toTypes)
    .option('--description <text>', 'what it is for, for whoever reads the list')
    .option('--organisation <id>', 'whose; home by default')
    .option('--json', 'answer in JSON')
    .action((url, options) => noted('webhook add', [], (config) => Webhook.add(url, options, config)))
  webhook
    .command('list')
    .description('list the webhooks, without their secrets')
    .option('--organisation <id>', 'whose; home by default')
    .option('--json', 'answer in JSON')
    .action((options) => Webhook.list(options, config()))
  webhook
    .command('show')
    .description('show a webhook and what it was told last')
    .argument('<id>', 'as laurel webhook list shows it')
    .option('--organisation <id>', 'whose; home by default')
    .option('--json', 'answer in JSON')
    .action((id, options) => Webhook.show(id, options, config()))
  webhook
    .command('replay')
    .description('send events to a webhook again; whoever serves does so')
    .argument('<id>', 'as laurel webhook list shows it')
    .argument('<what>', 'the id of an event, or a time with its time zone: all since then')
    .option('--missing', 'of all since then only what has not arrived')
    .option('--organisation <id>', 'whose; home by default')
    .option('--json', 'answer in JSON')
    .action((id, what, options) =>
      noted('webhook replay', [id, what], (config) => Webhook.replay(id, what, options, config)),
    )
  webhook
    .command('remove')
    .description('remove a webhook with all that waits for it')
    .argument('<id>', 'as laurel webhook list shows it')
    .option('--organisation <id>', 'whose; home by default')
    .option('--json', 'answer in JSON')
    .action((id, options) => noted('webhook remove', [id], (config) => Webhook.remove(id, options, config)))
  program
    .command('start')
    .description('serve the HTTP interface and public documents, and do the work of open batches')
    .option('--workers <number>', 'work in so many processes beside this one, which then serves only', count)
    .action((options) => noted('start', [], (config) => start(options, config)))
  program
    .command('worker')
    .description('do the work of open batches and tell webhooks of it, beside other workers')
    .action(() => worker(config()))
  try {
    await program.parseAsync(args, { from: 'user' })
    return examined
  } catch (error) {
    // Commander has said what is wrong with the command line; asking for help is no error.
    if (isCommanderError(error)) return error.exitCode === 0 ? Failure.exitCodes.done : Failure.exitCodes.refused
    return Failure.tell(error, args.includes('--json'))
  }
}

function count(text: string): number {
  if (!/^\d{1,2}$/.test(text)) throw new InvalidArgumentError('It is a number from 0 to 99.')
  return Number(text)
}

/** A number of days; never: none. */
function toDays(text: string): number | null {
  if (text === 'never') return null
  if (!/^[1-9]\d{0,4}$/.test(text)) throw new InvalidArgumentError('It is a number of days, or never.')
  return Number(text)
}

function toAddress(text: string): string {
  if (!URL.canParse(text)) throw new InvalidArgumentError('It is an address: https://…')
  return text
}

function toTypes(text: string): readonly Event.Type[] {
  const types = text.split(',')
  if (!types.every((type) => Object.hasOwn(Event.types, type)))
    throw new InvalidArgumentError(`There are ${Event.allTypes.join(', ')}.`)
  return types as readonly Event.Type[]
}

function isCommanderError(error: unknown): error is { readonly exitCode: number } {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('commander.')
}

const executed = process.argv[1]
if (executed !== undefined && realpathSync(executed) === fileURLToPath(import.meta.url)) {
  // Whoever reads the output may have seen enough of it: | head, for one.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error
    process.exit()
  })
  process.exitCode = await run(process.argv.slice(2), process.env)
}
