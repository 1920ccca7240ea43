// actions/download-artifact: see ../README.md.
const fs = require("node:fs");
const path = require("node:path");

const input = (name) => (process.env[`INPUT_${name.toUpperCase()}`] ?? "").trim();
const fail = (message) => {
  console.log(`::error::${message}`);
  process.exit(1);
};

const artifacts = path.join(process.env.STANDIN_STORE, "artifacts");
const all = fs.existsSync(artifacts) ? fs.readdirSync(artifacts).sort() : [];
const into = path.resolve(process.env.GITHUB_WORKSPACE, input("path"));
const name = input("name");
const merge = input("merge-multiple").toLowerCase() === "true";
// A pattern as minimatch takes it, as far as names of artifacts can hold wildcards.
const regex = new RegExp("^" + input("pattern").replace(/[.+^${}()|[\]\\]/g, "\\$&").replace(/\*/g, ".*").replace(/\?/g, ".") + "$");
const wanted = name ? all.filter((one) => one === name) : all.filter((one) => !input("pattern") || regex.test(one));
if (name && wanted.length === 0) fail(`Unable to download artifact(s): Artifact not found for name: ${name}`);
for (const one of wanted) {
  const to = name || merge ? into : path.join(into, one);
  fs.mkdirSync(to, { recursive: true });
  fs.cpSync(path.join(artifacts, one), to, { recursive: true, force: true });
}
fs.appendFileSync(path.join(process.env.STANDIN_STORE, "log"), `download ${wanted.join(" ")}\n`);
