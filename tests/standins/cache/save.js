// actions/cache/save, and what actions/cache does after a job: see ../README.md.
const { checked, input, save } = require("./shared.js");

const [key] = checked([input("key")]);
if (process.env.STATE_matched !== key) save(key);
