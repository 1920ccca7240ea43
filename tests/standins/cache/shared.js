// What actions/cache, /restore and /save share: see ../README.md.
const { createHash } = require("node:crypto");
const { execFileSync } = require("node:child_process");
const fs = require("node:fs");
const os = require("node:os");
const path = require("node:path");

exports.input = (name) => (process.env[`INPUT_${name.toUpperCase()}`] ?? "").trim();
exports.flag = (name) => exports.input(name).toLowerCase() === "true";
exports.lines = (name) => exports.input(name).split("\n").map((line) => line.trim()).filter(Boolean);
exports.fail = (message) => {
  console.log(`::error::${message}`);
  process.exit(1);
};
exports.output = (name, value) => fs.appendFileSync(process.env.GITHUB_OUTPUT, `${name}=${value}\n`);
exports.log = (line) => fs.appendFileSync(path.join(process.env.STANDIN_STORE, "log"), `${line}\n`);

// The branch's own scope first.
exports.scopes = () => (process.env.STANDIN_SCOPES || "refs/heads/main").split(" ");
const hash = (text) => createHash("sha256").update(text).digest("hex").slice(0, 16);
// Caches of other paths are never found.
const version = () => hash(exports.lines("path").join("|"));
const folder = (scope) => path.join(process.env.STANDIN_STORE, "caches", hash(scope), version());

exports.checked = (keys) => {
  for (const key of keys) {
    if (key.length > 512) exports.fail(`Key Validation Error: ${key} cannot be larger than 512 characters.`);
    if (key.includes(",")) exports.fail(`Key Validation Error: ${key} cannot contain commas.`);
  }
  if (keys.length > 10) exports.fail("Key Validation Error: Keys are limited to a maximum of 10.");
  return keys;
};

// Entries of a scope, the newest first.
function entries(scope) {
  if (!fs.existsSync(folder(scope))) return [];
  const names = fs.readdirSync(folder(scope)).filter((name) => name.endsWith(".json"));
  const all = names.map((name) => JSON.parse(fs.readFileSync(path.join(folder(scope), name), "utf8")));
  return all.sort((a, b) => b.made - a.made);
}

// In each scope: the key as it is, then by what keys begin with, in the order of the keys.
exports.find = (keys) => {
  for (const scope of exports.scopes()) {
    const all = entries(scope);
    const exact = all.find((entry) => entry.key === keys[0]);
    if (exact) return { ...exact, scope };
    for (const key of keys) {
      const found = all.find((entry) => entry.key.startsWith(key));
      if (found) return { ...found, scope };
    }
  }
  return undefined;
};

// In the workspace from there, since its path may be another one next time.
const workspace = process.env.GITHUB_WORKSPACE;
const places = () => exports.lines("path").map((place) => place.replace(/^~(?=\/|$)/, os.homedir()));

// What goes wrong with a cache never fails a job.
exports.restore = (entry) => tar("-C", workspace, "-xPpf", path.join(folder(entry.scope), `${hash(entry.key)}.tar`));

function tar(...args) {
  try {
    execFileSync("tar", args, { stdio: "pipe" });
    return true;
  } catch (error) {
    console.log(`::warning::${error.message}`);
    return false;
  }
}

exports.save = (key) => {
  const scope = exports.scopes()[0];
  const there = places().filter((place) => fs.existsSync(path.resolve(workspace, place)));
  if (there.length === 0) return console.log("::warning::Path Validation Error: Path(s) specified in the action for caching do(es) not exist");
  fs.mkdirSync(folder(scope), { recursive: true });
  const file = path.join(folder(scope), hash(key));
  if (fs.existsSync(`${file}.json`)) return console.log(`Failed to save: cache with key ${key} exists already`);
  // Jobs of one machine share what on GitHub's is each job's own: an archive is whole or not there.
  const own = `${file}.${process.pid}`;
  if (!tar("-C", workspace, "-cPf", own, ...there)) return undefined;
  fs.renameSync(own, `${file}.tar`);
  const made = fs.readdirSync(path.join(process.env.STANDIN_STORE, "caches"), { recursive: true }).length;
  fs.writeFileSync(`${file}.json`, JSON.stringify({ key, made }));
  exports.log(`save ${key} in ${scope}`);
};
