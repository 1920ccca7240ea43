// actions/cache and actions/cache/restore: see ../README.md.
const { checked, fail, find, flag, input, lines, log, output, restore } = require("./shared.js");
const fs = require("node:fs");

const keys = checked([input("key"), ...lines("restore-keys")]);
const found = find(keys);
output("cache-primary-key", keys[0]);
if (found) {
  if (!flag("lookup-only")) restore(found);
  output("cache-matched-key", found.key);
  output("cache-hit", String(found.key === keys[0]));
  log(`restore ${found.key} from ${found.scope}`);
} else if (flag("fail-on-cache-miss")) {
  fail(`Failed to restore cache entry. Exiting as fail-on-cache-miss is set. Input key: ${keys[0]}`);
} else {
  log(`miss ${keys[0]}`);
}
fs.appendFileSync(process.env.GITHUB_STATE, `matched=${found ? found.key : ""}\n`);
