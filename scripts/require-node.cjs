// Preloaded with `node -r` before the rest is parsed, and written so that any old Node can read it.
var version = process.versions.node.split('.').map(Number)
var major = version[0] || 0
var minor = version[1] || 0
if (!(major > 22 || (major === 22 && minor >= 12) || (major === 20 && minor >= 19))) {
  console.error('Keelan needs Node 20.19+ or 22.12+; this is Node ' + process.versions.node + '.')
  process.exit(1)
}
