// actions/upload-artifact: see ../README.md.
const fs = require("node:fs");
const path = require("node:path");

const input = (name) => (process.env[`INPUT_${name.toUpperCase()}`] ?? "").trim();
const flag = (name) => input(name).toLowerCase() === "true";
const fail = (message) => {
  console.log(`::error::${message}`);
  process.exit(1);
};

// What several places have in common.
function common(left, right) {
  const [a, b] = [left, right].map((place) => place.split(path.sep));
  const differ = a.findIndex((part, at) => part !== b[at]);
  return (differ < 0 ? a : a.slice(0, differ)).join(path.sep) || path.sep;
}

async function main() {
  const name = input("name") || "artifact";
  if (/["*:<>|?\r\n\\/]/.test(name)) fail(`The artifact name is not valid: ${name}`);
  const days = input("retention-days");
  if (days && !(Number(days) >= 1 && Number(days) <= 90)) fail(`Invalid retention-days: ${days}`);
  const glob = require(path.join(process.env.STANDIN_MODULES, "@actions/glob"));
  process.chdir(process.env.GITHUB_WORKSPACE);
  const globber = await glob.create(input("path"), {
    implicitDescendants: true,
    followSymbolicLinks: true,
    omitBrokenSymbolicLinks: true,
    excludeHiddenFiles: !flag("include-hidden-files"),
  });
  const files = (await globber.glob()).filter((file) => !fs.statSync(file).isDirectory());
  if (files.length === 0) {
    const message = `No files were found with the provided path: ${input("path")}. No artifacts will be uploaded.`;
    if (input("if-no-files-found") === "error") fail(message);
    console.log(message);
    return;
  }
  const places = globber.getSearchPaths();
  const alone = places.length === 1 && files.length === 1 && files[0] === places[0];
  const root = alone ? path.dirname(files[0]) : places.reduce(common);
  const artifacts = path.join(process.env.STANDIN_STORE, "artifacts");
  const folder = path.join(artifacts, name);
  if (fs.existsSync(folder)) {
    if (!flag("overwrite")) fail(`Conflict: an artifact with this name already exists on the workflow run: ${name}`);
    fs.rmSync(folder, { recursive: true });
  }
  for (const file of files) {
    const inside = path.relative(root, file);
    if (/["*:<>|?\r\n]/.test(inside)) fail(`The path for one of the files in artifact is not valid: ${inside}`);
    const to = path.join(folder, inside);
    fs.mkdirSync(path.dirname(to), { recursive: true });
    fs.writeFileSync(to, fs.readFileSync(file), { mode: 0o644 });
  }
  fs.appendFileSync(path.join(process.env.STANDIN_STORE, "log"), `upload ${name} ${days || "90"} days\n`);
}

main().catch((error) => fail(error.stack));
