#!/usr/bin/env node
// What other people's programs say of workflows and actions: GitHub's own parser and language service, actionlint, zizmor's reader, and the JSON schema of
// SchemaStore. `judge.mjs FILE…` prints a line of JSON for each file and judge, {"file", "oracle", "ok", "errors"}, and fails where one of them
// refuses a file. `.ci/run` installs them into $ORACLE_HOME.
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { register } from "node:module";
import path from "node:path";
import { pathToFileURL } from "node:url";

const home = process.env.ORACLE_HOME || "/tmp/oracle";
// These packages import JSON as bundlers do, which plain Node refuses: the loader makes modules of it.
register("data:text/javascript," + encodeURIComponent(`
import { readFile } from "node:fs/promises";
export async function load(url, context, next) {
  if (!url.endsWith(".json")) return next(url, context);
  return { format: "module", shortCircuit: true, source: "export default " + await readFile(new URL(url), "utf8") };
}`));
const load = file => import(pathToFileURL(path.join(home, "node_modules", file)).href);
const parser = await load("@actions/workflow-parser/dist/index.js");
const { ErrorPolicy } = await load("@actions/workflow-parser/dist/model/convert.js");
const { TemplateContext, TemplateValidationErrors } = await load("@actions/workflow-parser/dist/templates/template-context.js");
const { getWorkflowSchema } = await load("@actions/workflow-parser/dist/workflows/workflow-schema.js");
const { FeatureFlags } = await load("@actions/expressions/dist/index.js");
const service = await load("@actions/languageservice/dist/index.js");
const { clearCache } = await load("@actions/languageservice/dist/utils/workflow-cache.js");
const { TextDocument } = await load("vscode-languageserver-textdocument/lib/esm/main.js");
// What GitHub has for all, and the packages behind a flag.
const featureFlags = new FeatureFlags({ allowCaseFunction: true });

const files = process.argv.slice(2).map(file => path.resolve(file));
const isAction = file => /^action\.ya?ml$/.test(path.basename(file));
const workflows = files.filter(file => !isAction(file));
const actions = files.filter(isAction);
let refused = 0;
const say = (file, oracle, errors) => {
  refused += errors.length > 0;
  console.log(JSON.stringify({ file, oracle, ok: errors.length === 0, errors }));
};
const fail = why => { console.error(`judge.mjs: ${why}`); process.exit(2); };

// Called workflows of the same folder are read; those of other repositories are not there, which is no fault of the file.
const near = file => ({
  async getFileContent(called) {
    if (called.owner) throw new Error("remote");
    return { name: called.path, content: readFileSync(path.join(path.dirname(file), path.basename(called.path)), "utf8") };
  },
});
const isRemote = (message, line) => message.startsWith("Unable to find reusable workflow") && !/uses:\s*\.\//.test(line ?? "");

async function parse(file, content) {
  const context = new TemplateContext(new TemplateValidationErrors(), getWorkflowSchema(), new parser.NoOperationTraceWriter());
  context.state.featureFlags = featureFlags;
  const made = parser.parseWorkflow({ name: path.basename(file), content }, context);
  const options = { errorPolicy: ErrorPolicy.TryConversion, fetchReusableWorkflowDepth: 1, featureFlags };
  if (made.value) await parser.convertWorkflowTemplate(made.context, made.value, near(file), options);
  const lines = content.split("\n");
  const found = made.context.errors.getErrors().map(error => ({ line: error.range?.start?.line, message: error.rawMessage ?? error.message }));
  return found.filter(({ line, message }) => !isRemote(message, lines[line - 1]));
}

// It goes by the name: a workflow is one in `.github/workflows`.
async function serve(file, content) {
  const uri = `file:///repository/${isAction(file) ? "" : ".github/workflows/"}${encodeURIComponent(path.basename(file))}`;
  const found = await service.validate(TextDocument.create(uri, "yaml", 1, content), { featureFlags, fileProvider: near(file) });
  clearCache();
  const lines = content.split("\n");
  // A warning is a guess: about `env.NAME`, say, which a step may set.
  const errors = found.filter(it => it.severity === undefined || it.severity === 1).map(it => ({ line: it.range.start.line + 1, message: it.message }));
  return errors.filter(({ line, message }) => !isRemote(message, lines[line - 1]));
}

const guarded = async judge => { try { return await judge(); } catch (error) { return [{ message: String(error.stack) }]; } };
for (const file of files) {
  const content = readFileSync(file, "utf8");
  if (!isAction(file)) say(file, "gh-parser", await guarded(() => parse(file, content)));
  say(file, "gh-langsvc", await guarded(() => serve(file, content)));
}

const run = (tool, args, ...codes) => {
  const done = spawnSync(path.join(home, "bin", tool), args, { encoding: "utf8", maxBuffer: 1 << 28 });
  if (done.error || (codes.length > 0 && !codes.includes(done.status))) fail(`${tool}: ${done.error ?? done.stderr}`);
  return done;
};

// Which label a machine has and how old an action may be is the author's choice, and told by the compiler.
if (workflows.length > 0) {
  const soft = it => it.kind === "runner-label" || /is deprecated|is retired on GitHub|is too old to run/.test(it.message);
  const found = JSON.parse(run("actionlint", ["-shellcheck=", "-pyflakes=", "-format", "{{json .}}", ...workflows], 0, 1).stdout || "[]") ?? [];
  for (const file of workflows) {
    const errors = found.filter(it => path.resolve(it.filepath) === file && !soft(it));
    say(file, "actionlint", errors.map(({ line, message, kind }) => ({ line, message, kind })));
  }
}
for (const [schema, some] of [["workflows", workflows], ["actions", actions]]) {
  if (some.length === 0) continue;
  const { errors, parse_errors = [] } = JSON.parse(run("check-jsonschema", ["--builtin-schema", `vendor.github-${schema}`, "-o", "json", ...some], 0, 1).stdout);
  for (const file of some) {
    const of = [...errors, ...parse_errors].filter(it => path.resolve(it.filename) === file);
    say(file, "json-schema", of.map(it => ({ message: `${it.path ?? ""} ${it.message}` })));
  }
}
// A file that it cannot read ends the whole run: then each is asked for alone.
const read = some => run("zizmor", ["--offline", "--no-progress", "--no-config", "--no-exit-codes", "--format=json", ...some]);
const all = read(files).status === 0;
for (const file of files) {
  const { status, stderr } = all ? { status: 0 } : read([file]);
  say(file, "zizmor-load", status === 0 ? [] : [{ message: stderr.trim() }]);
}
// The wasm of a parser would keep the process alive.
process.stdout.write("", () => process.exit(refused > 0 ? 1 : 0));
