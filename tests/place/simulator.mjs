#!/usr/bin/env node
// What a run of a workflow on GitHub's machines takes and costs, told from the workflow's YAML and a table of times alone. It shares nothing with `src/cost`,
// so that what only the compiler's own model believes does show.
//
//   simulator.mjs (TIMES.json WORKFLOW.yml)…
//
// prints a line of JSON for each pair: {"wall" in seconds, "minutes" billed, "dollars", "jobs": [{"id", "row", "start", "end", "minutes", "dollars"}]}.
// or {"error"}, where it does not know how long a step takes, say. TIMES.json, of which all but `machines` and `steps` may be missing:
//
//   machines    {"ubuntu-latest": {"price": 0.006, "cores": 2}}: what a started minute costs, and how many processors it has
//   steps       [{"job", "row", "step", "seconds", "split"}]: a step by how its display name begins, the longest that fits. `job` is that of the spec: the
//               workflow says in a comment where a job of it is several of those. `row` is values of axes. With `split`, that much is divided among shards
//   kinds       seconds of what goes with a machine, in place of KINDS
//   calls       {"job": seconds}: how long a called workflow takes, on `ubuntu-latest`
//   rows        {"job": 3}: how many rows a matrix has that is an expression; 1 without it
//   hit_rate, concurrent, concurrent_macos
//   left_out    ["job", "job/display name"]: what a run leaves out
//
// Left out: variation (each step takes its time, what asks for a cache takes it in the share of all runs that have none), failures and what runs after
// them, conditions but for those of `condition`, waits for GitHub's queue, billing by the second, commands that keep several processors busy, speeds of
// machines,
// and that artifacts and caches have sizes.
import { readFileSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";

const home = process.env.ORACLE_HOME || "/tmp/oracle";
const { parseDocument } = await import(pathToFileURL(path.join(home, "node_modules/yaml/dist/index.js")).href);

const KINDS = { boot: 20, checkout: 8, setup: 5, send: 8, receive: 6, restore: 8, save: 10, services: 15, archive: 0, judge: 2 };
const HIT_RATE = 0.9;
const fail = why => { throw new Error(why); };

// ------------------------------------------------------------------------------------------------------------------ what is written

/** Fills in `${{ matrix.x }}`, also with a default: `${{ matrix.x || 'y' }}`. */
const filled = (text, row) => String(text).replace(/\$\{\{\s*matrix\.([\w-]+)\s*(?:\|\|\s*(?:'([^']*)'|([\w.]+))\s*)?\}\}/g,
  (whole, axis, quoted, bare) => String(row[axis] || (quoted ?? bare ?? whole)));

/** Of `${{ github.x == 'a' && … || 'usual' }}` the last, also of a list in `fromJSON`: what holds where run time chooses none of the others. */
const usual = value => {
  const found = /^\$\{\{\s*(fromJSON\()?(?!matrix\.).*&&.*\|\|\s*(?:'([^']*)'|([\d.]+))\s*\)?\s*\}\}$/.exec(String(value));
  if (!found) return value;
  const [, isJson, text, number] = found;
  return isJson ? JSON.parse(text) : text ?? Number(number);
};

const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);

/** The rows of a matrix, as GitHub makes them: all combinations, without those excluded; then each `include` is added to those it fits, or is one more. */
function rowsOf(matrix, unknown) {
  if (matrix === undefined) return [{}];
  const { include = [], exclude = [], ...written } = typeof matrix === "string" ? {} : matrix;
  const axes = Object.fromEntries(Object.entries(written).map(([axis, values]) => [axis, usual(values)]));
  const isKnown = list => Array.isArray(list);
  if (typeof matrix === "string" || !Object.values(axes).every(isKnown) || !isKnown(include)) {
    return Array.from({ length: unknown ?? 1 }, (_, at) => ({ row: at + 1 }));
  }
  let rows = [{}];
  for (const [axis, values] of Object.entries(axes)) rows = rows.flatMap(row => values.map(value => ({ ...row, [axis]: value })));
  if (Object.keys(axes).length === 0) rows = [];
  rows = rows.filter(row => !exclude.some(out => Object.entries(out).every(([axis, value]) => same(row[axis], value))));
  const made = rows.map(row => ({ ...row }));
  for (const more of include) {
    const fits = rows.map((row, at) => at).filter(at => Object.keys(more).every(key => !(key in axes) || same(rows[at][key], more[key])));
    if (fits.length > 0) fits.forEach(at => Object.assign(made[at], more)); else made.push({ ...more });
  }
  return made;
}

/** What all must hold: the parts between `&&` that stand in no parentheses. */
function conjuncts(expr) {
  const parts = [""];
  let depth = 0;
  for (const token of expr.match(/'[^']*'|&&|[^']/g) ?? []) {
    depth += (token === "(") - (token === ")");
    if (token === "&&" && depth === 0) parts.push(""); else parts[parts.length - 1] += token;
  }
  return depth === 0 && parts.some(part => /\|\|/.test(part.replace(/\(.*\)/g, ""))) ? [expr] : parts.map(part => part.trim());
}

/** In which share of all runs something with this condition is, where all ends well. */
function condition(text, row, hitRate) {
  const expr = String(text ?? "").replace(/^\s*\$\{\{|\}\}\s*$/g, "");
  let share = 1;
  for (const part of conjuncts(expr)) {
    if (part.includes("||")) continue;
    const asked = /^matrix\.([\w-]+)\s*(==|!=)\s*(?:'([^']*)'|(true|false|[\d.]+))$/.exec(part);
    if (asked && (String(row[asked[1]] ?? "") === (asked[3] ?? asked[4])) !== (asked[2] === "==")) return 0;
    if (/cache-hit\s*!=\s*'true'/.test(part)) share *= 1 - hitRate;
    if (/cache-hit\s*==\s*'true'/.test(part)) share *= hitRate;
    if (/^(failure|cancelled)\(\)$/.test(part)) return 0;
  }
  return share;
}

/** What GitHub shows a step as. */
function shown(step) {
  if (step.name) return step.name;
  if (step.uses) return `Run ${step.uses.replace(/@.*/, "")}`;
  return `Run ${String(step.run).trim().split("\n")[0]}`;
}

/** What kind of step goes with having a machine; none where it is somebody's work. */
function kindOf(step) {
  const action = step.uses?.replace(/@.*/, "") ?? "";
  if (action === "actions/checkout") return "checkout";
  if (action === "actions/cache/save") return "save";
  if (/^actions\/cache(\/restore)?$/.test(action)) return "restore";
  if (action === "actions/upload-artifact") return "send";
  if (action === "actions/download-artifact") return "receive";
  if (/\/(setup-|action-setup)|rust-toolchain/.test(action)) return "setup";
  if (/^(Pack|Unpack|Check for) /.test(step.name ?? "")) return "archive";
  return step.name === "Judge the results" ? "judge" : undefined;
}

// -------------------------------------------------------------------------------------------------------------- how long a row takes

/** The steps of a job, each with the job of the spec that it is of, by the comments before them. */
function stepsOf(document, id) {
  const list = document.getIn(["jobs", id, "steps"]);
  let of = id;
  return (list?.items ?? []).map((item, at) => {
    const comment = `${at === 0 ? list.commentBefore ?? "" : ""}\n${item.commentBefore ?? ""}`;
    of = /^ ?Job (\S+) of the spec\.$/m.exec(comment)?.[1] ?? of;
    return { ...item.toJS(document), of };
  });
}

class Row {
  constructor(times, id, job, row, machine) {
    Object.assign(this, { times, id, job, row, machine });
    this.shards = job.env?.SHARD !== undefined && row.shard !== undefined ? Number(usual(job.env.SHARDS)) : 1;
  }

  kind(name) { return this.times.kinds?.[name] ?? KINDS[name]; }

  /** What the table says of a step. */
  known(name, of) {
    const values = Object.values(this.row).map(String);
    const fits = it => name.startsWith(it.step) && (it.job === undefined || it.job === of) && (it.row ?? []).every(value => values.includes(value));
    const weight = it => it.step.length * 4 + (it.job === undefined ? 0 : 2) + Math.min(1, it.row?.length ?? 0);
    return this.times.steps.filter(fits).sort((one, other) => weight(other) - weight(one))[0];
  }

  step(step) {
    const name = shown(step);
    const leftOut = this.times.left_out?.includes(`${step.of}/${name}`);
    const share = leftOut ? 0 : condition(step.if, this.row, this.times.hit_rate ?? HIT_RATE);
    if (share === 0) return 0;
    const known = this.known(name, step.of);
    const seconds = known ? known.seconds / (known.split ? this.shards : 1) : this.kind(kindOf(step));
    return share * (seconds ?? fail(`${this.id}: no time for \`${name}\``));
  }

  /**
   * How long steps take of which some run in the background. Moment by moment, all that runs gets an equal share of the processors, and no more than one each.
   */
  inTime(steps) {
    const flat = steps.flatMap(step => step.parallel
      ? [...step.parallel.map(inner => ({ ...inner, of: step.of, background: true })), { "wait-all": null }]
      : [step]);
    flat.push({ "wait-all": null });
    const cores = this.machine.cores ?? 1;
    let now = 0, running = [];
    // Lets what runs go on until that has ended.
    const until = ended => {
      while (!ended()) {
        const rate = Math.min(1, cores / running.length);
        const next = Math.min(...running.map(it => it.left)) / rate;
        now += next;
        running.forEach(it => { it.left -= next * rate; });
        running = running.filter(it => it.left > 1e-9);
      }
    };
    for (const step of flat) {
      if (step.cancel !== undefined) {
        running = running.filter(it => ![step.cancel].flat().includes(it.id));
      } else if ("wait-all" in step || step.wait !== undefined) {
        const ids = step.wait === undefined ? undefined : [step.wait].flat();
        until(() => !running.some(it => ids === undefined || ids.includes(it.id)));
      } else {
        const it = { id: step.id, left: this.step(step) };
        if (it.left > 0) running.push(it);
        if (!step.background) until(() => !running.includes(it));
      }
    }
    return now;
  }

  seconds(steps) {
    // A server without an image is none in this row.
    const starts = service => { const image = filled(service.image ?? service, this.row); return image !== "" && !image.includes("${{ matrix."); };
    const services = this.job.container || Object.values(this.job.services ?? {}).some(starts) ? this.kind("services") : 0;
    const all = this.kind("boot") + services + this.inTime(steps);
    return Math.min(all, 60 * Number(filled(usual(this.job["timeout-minutes"] ?? 360), this.row)));
  }
}

/** The jobs of a workflow, each with how long its rows take and what a minute of them costs. */
function jobsOf(text, times) {
  const document = parseDocument(text);
  if (document.errors.length > 0) fail(document.errors[0].message);
  const machine = label => ({ label, ...(times.machines[label] ?? fail(`nothing is known of the machine \`${label}\``)) });
  const jobs = new Map();
  for (const [id, job] of Object.entries(document.toJS().jobs)) {
    const needs = [job.needs ?? []].flat();
    const matrix = rowsOf(job.strategy?.matrix, times.rows?.[id]);
    const isLeftOut = times.left_out?.includes(id) || condition(job.if, {}, 0) === 0;
    // What comes after something that is left out is left out as well, unless it asks for more.
    const falls = !/(always|cancelled|failure)\(\)/.test(job.if ?? "") && needs.some(need => jobs.get(need)?.isLeftOut);
    if (isLeftOut || falls) { jobs.set(id, { needs, legs: [], atOnce: 1, isLeftOut: true }); continue; }
    const steps = stepsOf(document, id);
    const legs = matrix.map(row => {
      if (job.uses) return { row, machine: machine("ubuntu-latest"), seconds: times.calls?.[id] ?? fail(`no time for the call \`${id}\``) };
      const labels = [usual(job["runs-on"]?.group ?? job["runs-on"])].flat().map(label => filled(label, row));
      const own = machine(labels.join(","));
      return { row, machine: own, seconds: new Row(times, id, job, row, own).seconds(steps) };
    });
    jobs.set(id, { needs, legs, atOnce: Number(job.strategy?.["max-parallel"] ?? legs.length) || 1 });
  }
  return jobs;
}

// -------------------------------------------------------------------------------------------------------------------------- a run

/** Plays a run: a row starts when all that its job needs is over and a machine is free; who waits longest gets it. */
function play(jobs, times) {
  const isMac = leg => /^macos/.test(leg.machine.label);
  const limit = times.concurrent ?? 20, limitMacos = times.concurrent_macos ?? 5;
  const state = new Map([...jobs].map(([id, job]) => [id, { ...job, id, next: 0, running: 0, done: 0, ready: undefined }]));
  const isOver = job => job.done === job.legs.length;
  const running = [], done = [];
  let now = 0;
  for (;;) {
    // A job without rows is over as soon as it is ready, and others may be ready then.
    for (let changed = true; changed;) {
      changed = false;
      for (const job of state.values()) {
        const ready = job.ready === undefined && job.needs.every(need => state.get(need).ready !== undefined && isOver(state.get(need)));
        if (ready) { job.ready = now; changed = true; }
      }
    }
    const waiting = [...state.values()].filter(job => job.ready !== undefined).sort((one, other) => one.ready - other.ready);
    for (const job of waiting) {
      while (job.next < job.legs.length && job.running < job.atOnce && running.length < limit) {
        const leg = job.legs[job.next];
        if (isMac(leg) && running.filter(slot => isMac(slot.leg)).length >= limitMacos) break;
        job.next += 1;
        job.running += 1;
        running.push({ job, leg, start: now, end: now + leg.seconds });
      }
    }
    if (running.length === 0) break;
    now = Math.min(...running.map(slot => slot.end));
    for (const slot of running.filter(slot => slot.end <= now + 1e-6)) {
      running.splice(running.indexOf(slot), 1);
      slot.job.running -= 1;
      slot.job.done += 1;
      done.push(slot);
    }
  }
  return done.map(({ job, leg, start, end }) => {
    // A sum of parts that is a minute is one minute.
    const minutes = Math.ceil((end - start) / 60 - 1e-9);
    const row = Object.values(leg.row).filter(value => typeof value !== "object").join(", ");
    return { id: job.id, row, start, end, minutes, dollars: minutes * leg.machine.price };
  });
}

for (let at = 2; at < process.argv.length; at += 2) {
  const [file, workflow] = process.argv.slice(at, at + 2);
  try {
    const times = JSON.parse(readFileSync(file, "utf8"));
    const slots = play(jobsOf(readFileSync(workflow, "utf8"), times), times);
    const sum = key => slots.reduce((sum, slot) => sum + slot[key], 0);
    console.log(JSON.stringify({ wall: Math.max(0, ...slots.map(slot => slot.end)), minutes: sum("minutes"), dollars: sum("dollars"), jobs: slots }));
  } catch (error) {
    console.log(JSON.stringify({ error: error.message }));
    process.exitCode = 1;
  }
}
