// The suite imports `globSync`, which Node.js 20 does not have, for a command that is not used here; without the name it would
// not load. With newer versions this changes nothing.
import fs from 'node:fs'
import { register } from 'node:module'

if (!fs.globSync) {
  const load = `export async function load(url, context, next) {
    const loaded = await next(url, context)
    if (!url.includes('/@modelcontextprotocol/conformance/dist/')) return loaded
    return { ...loaded, source: String(loaded.source).replace(/globSync as [\\w$]+,/, '') }
  }`
  register('data:text/javascript,' + encodeURIComponent(load))
}
