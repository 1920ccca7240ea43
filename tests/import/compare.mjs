// Whether workflows mean the same, in the words of others: GitHub's own parser, and a YAML loader that is neither its nor ours.
// `node compare.mjs FOLDER`: FOLDER/original/NAME is compared with FOLDER/emitted/NAME, and each difference is a line on stdout.
// Nothing here is shared with src/import/compare.rs, so that what the one takes for equal by mistake the other tells.
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { register } from "node:module";
import path from "node:path";
import { pathToFileURL } from "node:url";

// The packages import JSON as bundlers do, which plain Node refuses.
register("data:text/javascript," + encodeURIComponent(`
import { readFile } from "node:fs/promises";
export async function load(url, context, next) {
  if (!url.endsWith(".json")) return next(url, context);
  return { format: "module", shortCircuit: true, source: "export default " + await readFile(new URL(url), "utf8") };
}`));
const load = file => import(pathToFileURL(path.join(process.env.ORACLE_HOME, "node_modules", file)).href);
const parser = await load("@actions/workflow-parser/dist/index.js");
const { ErrorPolicy } = await load("@actions/workflow-parser/dist/model/convert.js");
const { TemplateContext, TemplateValidationErrors } = await load("@actions/workflow-parser/dist/templates/template-context.js");
const { getWorkflowSchema } = await load("@actions/workflow-parser/dist/workflows/workflow-schema.js");
const { FeatureFlags, Lexer } = await load("@actions/expressions/dist/index.js");
const strict = await load("js-yaml/dist/js-yaml.mjs");
const { default: lax } = await load("yaml/dist/index.js");
const featureFlags = new FeatureFlags({ all: true, blockScalarChompingWarning: false });

// ------------------------------------------------------------------------------------------------------------------ the readings

/** What GitHub's parser makes of a text: its tree, and the workflow that it converts that into. */
async function github(content) {
  const context = new TemplateContext(new TemplateValidationErrors(), getWorkflowSchema(), new parser.NoOperationTraceWriter());
  context.state.featureFlags = featureFlags;
  const read = parser.parseWorkflow({ name: "workflow.yml", content }, context);
  const converted = read.value && await parser.convertWorkflowTemplate(read.context, read.value, undefined,
    { errorPolicy: ErrorPolicy.TryConversion, fetchReusableWorkflowDepth: 0, featureFlags });
  const errors = context.errors.getErrors().map(error => error.rawMessage ?? error.message);
  return { errors, tree: plain(read.value), converted: plain(converted) };
}

/** A tree of tokens as data; an expression is what its words are, however it is spaced. */
function plain(token) {
  const value = JSON.parse(JSON.stringify(token ?? null));
  const walk = value => {
    if (Array.isArray(value)) return value.map(walk);
    if (value === null || typeof value !== "object") return value;
    if (value.type === 1 && "seq" in value || value.type === 1 && Object.keys(value).length === 1) return (value.seq ?? []).map(walk);
    if (value.type === 2 && Object.keys(value).every(key => key === "type" || key === "map"))
      return Object.fromEntries((value.map ?? []).map(({ Key, Value }) => [typeof Key === "object" ? JSON.stringify(Key) : Key, walk(Value)]));
    if (value.type === 3 && "expr" in value) return { expr: alone(words(value.expr, true)) };
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, walk(inner)]));
  };
  return walk(value);
}

/**
 * The words of an expression. GitHub's parser makes one of a text with expressions in it, and takes quotes, indentation and line ends of a text of
 * several lines in the YAML into its strings: these are left out then, and the loader alone compares them.
 */
const words = (text, loose = false) => new Lexer(text).lex().tokens
  .map(({ lexeme }) => loose && lexeme.startsWith("'")
    ? lexeme.replace(/^'\s+|\s+'$/g, "'").replace(/^'"(.*)"'$/s, "'$1'").replace(/\s+/g, " ") : lexeme)
  .join(" ").trim();

/** The one expression that a text is. */
const alone = expr => expr.replace(/^format \( '\{0\}' , (.*) \)$/, "$1");

// --------------------------------------------------------------------------------------------------------- what GitHub reads alike

const isMap = value => value !== null && typeof value === "object" && !Array.isArray(value);
const list = value => value === null ? [] : Array.isArray(value) ? value : [value];
const under = key => value => isMap(value) && !("expr" in value) ? value : { [key]: value };
const GONE = Symbol("as good as not there");
const JOINED = "joined";
const unless = wanted => value => String(value ?? "") === wanted ? GONE : value;
const filled = value => value === null || isMap(value) && Object.keys(value).length === 0 ? GONE : value;
const declared = value => {
  const { type = "string", required = false, description = "", ...rest } = value ?? {};
  if (rest.default === null) delete rest.default;
  return { type, required: String(required), description: description ?? "", ...rest };
};
const condition = (value, loose) => {
  const always = expr => ["true", "success ( ) && ( true )", "success ( )"].includes(expr) ? GONE : { expr };
  if (isMap(value)) return always(value.expr.replace(/^success \( \) && \( (.*) \)$/, (_, inner) => `success ( ) && ( ${alone(inner)} )`));
  const text = String(value ?? "").trim();
  const whole = /^\$\{\{((?:[^}']|'[^']*'|\}(?!\}))*)\}\}$/.exec(text);
  // What joins texts and expressions is left to GitHub's parser.
  if (!whole && text.includes("${{")) return JOINED;
  return always(words(whole ? whole[1] : text, loose));
};

/** By the path of keys, `*` for any: what a value is taken for. The first that fits. */
const FORMS = [
  ["on", value => isMap(value) ? value : Object.fromEntries(list(value).map(event => [event, {}]))],
  ["on.schedule", value => value],
  ["on.*", value => value ?? {}],
  ["on.workflow_dispatch.*|on.workflow_call.*", filled],
  ["on.workflow_dispatch.inputs.*|on.workflow_call.inputs.*|on.workflow_call.secrets.*|on.workflow_call.outputs.*", declared],
  ["on.workflow_dispatch.**|on.workflow_call.**|on.schedule.**", value => value],
  ["on.*.*", list],
  ["env|defaults|defaults.run|jobs.*.env|jobs.*.with|jobs.*.outputs|jobs.*.defaults|jobs.*.defaults.run|jobs.*.services", filled],
  ["concurrency|jobs.*.concurrency", under("group")],
  ["concurrency.cancel-in-progress|jobs.*.concurrency.cancel-in-progress", unless("false")],
  ["concurrency.queue|jobs.*.concurrency.queue", unless("single")],
  ["jobs.*.needs", value => list(value).length ? list(value).toSorted() : GONE],
  ["jobs.*.if", condition],
  ["jobs.*.runs-on", value => isMap(value) && !("expr" in value) ? value : list(value)],
  ["jobs.*.runs-on.labels", list],
  ["jobs.*.continue-on-error", unless("false")],
  ["jobs.*.environment", under("name")],
  ["jobs.*.snapshot", under("image-name")],
  ["jobs.*.container|jobs.*.services.*", under("image")],
  ["jobs.*.container.*|jobs.*.services.*.*", value => value === null || Array.isArray(value) && !value.length ? GONE : filled(value)],
  ["jobs.*.strategy", filled],
  ["jobs.*.strategy.fail-fast", unless("true")],
];
const OF_STEPS = {
  "if": condition,
  "run": value => isMap(value) ? value : String(value ?? "").replace(/\n+$/, ""),
  "continue-on-error": unless("false"),
  "background": unless("false"),
  "env": filled,
  "with": filled,
  "wait": list,
  "wait-all": () => true,
};
const RULES = FORMS.flatMap(([paths, form]) => paths.split("|").map(text => [text.split("."), form]));
const fits = (pattern, keys) => pattern.at(-1) === "**"
  ? keys.length >= pattern.length && pattern.slice(0, -1).every((part, at) => part === "*" || part === keys[at])
  : pattern.length === keys.length && pattern.every((part, at) => part === "*" || part === keys[at]);

/**
 * A workflow in the one form that stands for all that GitHub reads alike; single values are texts, but for those of a matrix. `loose`: it is of
 * GitHub's parser.
 */
function form(value, loose, keys = []) {
  const [, , , strategy, matrix] = ["", ...keys];
  if (keys[0] === "jobs" && strategy === "strategy" && matrix === "matrix") return value;
  const step = keys.findLastIndex((key, at) => at > 1 && ["steps", "parallel"].includes(keys[at - 1]) && /^\d+$/.test(key));
  const inStep = keys[0] === "jobs" && keys[2] === "steps" && step > 0;
  const of = inStep ? keys.length === step + 2 && OF_STEPS[keys.at(-1)] : RULES.find(([pattern]) => fits(pattern, keys))?.[1];
  const made = of ? of(value, loose) : value;
  if (made === GONE) return GONE;
  if (Array.isArray(made)) return made.map((item, at) => form(item, loose, [...keys, String(at)]));
  if (isMap(made)) {
    if ("expr" in made) return made;
    const entries = Object.entries(made).map(([key, inner]) => [key, form(inner, loose, [...keys, key])]);
    const kept = Object.fromEntries(entries.filter(([, inner]) => inner !== GONE));
    // What holds nothing but what holds anyway.
    return of === filled && !Object.keys(kept).length ? GONE : kept;
  }
  return made === null ? "" : String(made);
}

/** The converted workflow: what GitHub's parser has not made alike itself. */
function converted(value, key) {
  if (key === "if") return condition(value);
  if (Array.isArray(value)) return key === "needs" ? value.toSorted() : value.map(item => converted(item));
  if (!isMap(value)) return key === "run" ? String(value).replace(/\n+$/, "") : value;
  if ("expr" in value) return value;
  const same = { events: 1, concurrency: 1, env: 1, environment: 1, container: 1, services: 1, snapshot: 1, strategy: 1, "runs-on": 1, outputs: 1 };
  // These it leaves as they are written: the tree has them.
  return Object.fromEntries(Object.entries(value).filter(([key]) => !(key in same)).map(([key, inner]) => [key, converted(inner, key)])
    .filter(([key, inner]) => inner !== GONE && !(["env", "with", "input-values"].includes(key) && inner && !Object.keys(inner).length)
      && !(["continue-on-error", "background"].includes(key) && String(inner) === "false")));
}

// ----------------------------------------------------------------------------------------------------------------- the comparison

/** Where two values differ. Maps have no order. */
function* differences(left, right, keys = []) {
  if (isMap(left) && isMap(right)) {
    for (const key of new Set([...Object.keys(left), ...Object.keys(right)])) yield* differences(left[key], right[key], [...keys, key]);
  } else if (Array.isArray(left) && Array.isArray(right) && left.length === right.length) {
    for (const at of left.keys()) yield* differences(left[at], right[at], [...keys, String(at)]);
  } else if (left !== right && left !== JOINED) {
    yield `${keys.join(".")}: ${JSON.stringify(left)} became ${JSON.stringify(right)}`;
  }
}

/** The order of jobs, and of the axes of each matrix, which people see. */
const orders = workflow => Object.entries(workflow?.jobs ?? {}).map(([id, job]) =>
  [id, ...Object.keys(isMap(job?.strategy?.matrix) ? job.strategy.matrix : {}).filter(axis => !["include", "exclude"].includes(axis))].join(" "));

/** The data of a text. What js-yaml refuses although GitHub takes it, as brackets that close to the left of their key, another loader reads. */
function data(text) {
  try {
    return strict.load(text, { schema: strict.CORE_SCHEMA, maxAliases: -1 });
  } catch {
    return lax.parse(text, { schema: "core", maxAliasCount: -1, logLevel: "error" });
  }
}

const folder = process.argv[2];
const count = { same: 0, different: 0, refused: 0 };
for (const name of readdirSync(path.join(folder, "original"))) {
  const text = side => readFileSync(path.join(folder, side, name), "utf8").replace(/^\uFEFF/, "");
  const [original, emitted] = [await github(text("original")), await github(text("emitted"))];
  if (original.errors.length) {
    count.refused += 1;
    if (process.env.SHOW_REFUSED) console.error(`${name}: ${original.errors[0]}`);
    continue;
  }
  const [left, right] = [data(text("original")), data(text("emitted"))];
  const found = [
    ...emitted.errors.map(error => `GitHub refuses it: ${error}`),
    ...[...differences(form(original.tree, true), form(emitted.tree, true))].map(text => `parser: ${text}`),
    ...[...differences(converted(original.converted), converted(emitted.converted))].map(text => `converter: ${text}`),
    ...[...differences(form(left), form(right))].map(text => `loader: ${text}`),
    ...[...differences(orders(left), orders(right))].map(text => `order: ${text}`),
  ];
  count[found.length ? "different" : "same"] += 1;
  for (const text of found) console.log(`${name}: ${text}`);
}
console.error(`${count.same} mean the same, ${count.different} do not; ${count.refused} GitHub refuses`);
process.exit(0);
