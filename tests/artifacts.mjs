// What `actions/upload-artifact` would send from the current folder for its input `path`: `node artifacts.mjs GLOB PATH`, GLOB being the
// folder of the package @actions/glob, which finds the files for it. Prints the paths in the artifact, one a line.
//
// Its root is as the action's README and sources say (src/shared/search.ts, v7): the place where a single path starts to be searched, the
// folder of a file that is named as it is, and what several places have in common.
import { createRequire } from "node:module";
import { lstatSync } from "node:fs";
import path from "node:path";

const [globPackage, wanted] = process.argv.slice(2);
const glob = createRequire(import.meta.url)(globPackage);
const globber = await glob.create(wanted, { implicitDescendants: true, followSymbolicLinks: true, omitBrokenSymbolicLinks: true });
const files = (await globber.glob()).filter((file) => !lstatSync(file).isDirectory());
const places = globber.getSearchPaths();

function common(left, right) {
  const [a, b] = [left, right].map((place) => place.split(path.sep));
  const differ = a.findIndex((part, at) => part !== b[at]);
  return (differ < 0 ? a : a.slice(0, differ)).join(path.sep) || path.sep;
}

const alone = places.length === 1 && files.length === 1 && files[0] === places[0];
const root = alone ? path.dirname(files[0]) : places.reduce(common);
for (const file of files) console.log(`file ${path.relative(root, file)}`);
