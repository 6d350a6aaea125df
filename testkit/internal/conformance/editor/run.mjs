// What an editor with yaml-language-server flags and offers in the files of voxemu.
//
//   node run.mjs BINARY
//
// In files/*.yaml each line that ends in "# ! TEXT" must be flagged, with TEXT in the
// message, and no other line may be. offers.json lists positions (marked by |) and what
// completion must offer there. The schemas are those that the binary prints.

import {execFileSync, spawn} from 'node:child_process'
import {mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {basename, dirname, join, resolve} from 'node:path'
import {fileURLToPath, pathToFileURL} from 'node:url'
import rpc from 'vscode-jsonrpc/node'
import protocol from 'vscode-languageserver-protocol'

const here = dirname(fileURLToPath(import.meta.url))
const binary = resolve(process.argv[2] ?? 'bin/voxemu')
const folder = mkdtempSync(join(tmpdir(), 'voxemu-editor-'))
const patience = 60_000 // ms, for one answer

const kinds = ['scenario', 'rule', 'expectation']
for (const kind of kinds) {
  writeFileSync(join(folder, `${kind}.schema.json`), execFileSync(binary, ['schema', kind]))
}

const server = spawn(process.execPath, [join(here, 'node_modules/yaml-language-server/bin/yaml-language-server'), '--stdio'])
server.stderr.pipe(process.stderr)
const connection = rpc.createMessageConnection(new rpc.StreamMessageReader(server.stdout), new rpc.StreamMessageWriter(server.stdin))
const waiting = new Map() // by URI: what to do with the diagnostics
connection.onNotification(protocol.PublishDiagnosticsNotification.type, ({uri, diagnostics}) => waiting.get(uri)?.(diagnostics))
connection.onRequest(protocol.ConfigurationRequest.type, ({items}) => items.map(({section}) =>
  section === 'yaml' ? {validate: true, completion: true, hover: true, schemaStore: {enable: false}} : null))
connection.onRequest(protocol.RegistrationRequest.type, () => {})
connection.onRequest('custom/schema/request', () => [])
connection.listen()

const within = (what, promise) => {
  let timer
  const late = new Promise((_, reject) => { timer = setTimeout(() => reject(new Error(`${what}: no answer within ${patience} ms`)), patience) })
  return Promise.race([promise, late]).finally(() => clearTimeout(timer))
}

let opened = 0
// open opens a file of a kind and returns its URI and its diagnostics. The first line
// names the schema, so that the text begins at line 1.
async function open(kind, text) {
  const uri = pathToFileURL(join(folder, `${kind}-${opened++}.yaml`)).href
  const diagnostics = new Promise(found => waiting.set(uri, found))
  await connection.sendNotification(protocol.DidOpenTextDocumentNotification.type, {textDocument: {
    uri, languageId: 'yaml', version: 1, text: `# yaml-language-server: $schema=${kind}.schema.json\n${text}`,
  }})
  return {uri, diagnostics: await within(uri, diagnostics)}
}

const failures = []
let flagged = 0, offered = 0

async function judgeMistakes(file) {
  const kind = basename(file, '.yaml')
  const text = readFileSync(join(here, 'files', file), 'utf8')
  const {diagnostics} = await open(kind, text)
  text.split('\n').forEach((line, i) => {
    const want = line.split('# ! ')[1]
    const found = diagnostics.filter(d => d.range.start.line === i + 1).map(d => d.message.replaceAll('\n', ' '))
    if (want === undefined && found.length > 0) {
      failures.push(`${file}:${i + 1}: flagged without a mistake: ${found.join('; ')}`)
    } else if (want !== undefined && !found.some(message => message.includes(want))) {
      failures.push(`${file}:${i + 1}: want a message with ${JSON.stringify(want)}, got ${JSON.stringify(found)}`)
    } else if (want !== undefined) {
      flagged++
    }
  })
}

async function judgeValid(name) {
  const {diagnostics} = await open('scenario', execFileSync(binary, ['scenarios', 'show', name], {encoding: 'utf8'}).replace(/^# yaml-lang.*\n/, ''))
  for (const d of diagnostics) {
    failures.push(`scenario ${name}, line ${d.range.start.line}: flagged without a mistake: ${d.message}`)
  }
}

async function judgeOffer({kind, text, offers}) {
  const before = text.split('|')[0]
  const {uri} = await open(kind, text.replace('|', ''))
  const lines = before.split('\n')
  const list = await within(text, connection.sendRequest(protocol.CompletionRequest.type, {
    textDocument: {uri}, position: {line: lines.length, character: lines.at(-1).length},
  }))
  const labels = (list.items ?? list).map(item => item.label)
  for (const want of offers) {
    if (labels.includes(want)) {
      offered++
    } else {
      failures.push(`${kind} ${JSON.stringify(text)}: want ${want} offered, got ${labels.slice(0, 8).join(', ')} … (${labels.length})`)
    }
  }
}

try {
  await within('initialize', connection.sendRequest(protocol.InitializeRequest.type, {
    processId: process.pid, rootUri: pathToFileURL(folder).href, workspaceFolders: null,
    capabilities: {workspace: {configuration: true, didChangeConfiguration: {dynamicRegistration: true}}, textDocument: {
      publishDiagnostics: {}, completion: {completionItem: {documentationFormat: ['markdown']}},
    }},
  }))
  await connection.sendNotification(protocol.InitializedNotification.type, {})
  for (const file of readdirSync(join(here, 'files')).sort()) {
    await judgeMistakes(file)
  }
  for (const name of ['demo', 'outage', 'flaky-api', 'roles', 'registrar-rejects', 'examples']) {
    await judgeValid(name)
  }
  for (const offer of JSON.parse(readFileSync(join(here, 'offers.json'), 'utf8'))) {
    await judgeOffer(offer)
  }
} catch (error) {
  failures.push(String(error))
} finally {
  connection.dispose()
  server.kill()
  rmSync(folder, {recursive: true, force: true})
}
for (const failure of failures) {
  console.error(failure)
}
console.log(`editor: ${flagged} mistakes flagged, ${offered} words offered, ${failures.length} failed`)
process.exit(failures.length > 0 ? 1 : 0)
