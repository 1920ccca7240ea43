//! What is assumed where nothing was measured. A profile replaces all of it.
//!
//! Sources, read 2026-11. Log of one run of `PyTables` (`GHALogs`, 18 jobs, 2023): "Set up job" 1.9 s, checkout 8.7 s, artifact up 10.0 s and down 7.1 s, both by
//! version 3, which is slower than today's. "Around 25 s" until a fresh machine runs code (tim.sillysamoyed.com, 2026, an opinion). setup-node
//! "~5 s" where the version is in the tool cache (actions/setup-node#726). A cache of 1 GB is restored in 10 to 20 s (avrea.com), one of 500 MB
//! in 4 s and saved in 11 s (docs.warpbuild.com/cache, medians of 9).

/// Until a machine runs the first step; billed.
pub const BOOT: f64 = 20.0;
/// Fetching the repository.
pub const CHECKOUT: f64 = 8.0;
/// Making a tool available that is in the tool cache.
pub const SETUP: f64 = 5.0;
/// Starting the servers beside a job until they are healthy.
pub const SERVICES: f64 = 15.0;
/// Restoring a cache layer.
pub const RESTORE: f64 = 8.0;
/// Saving one.
pub const SAVE: f64 = 10.0;
/// Packing and sending an artifact.
pub const SEND: f64 = 8.0;
/// Receiving and unpacking one.
pub const RECEIVE: f64 = 6.0;
/// Installing what a lockfile lists.
pub const INSTALL: f64 = 60.0;
/// The same with packages from a cache that has them nine times of ten, and then takes half as long. No measured tables were found of either.
pub const INSTALL_CACHED: f64 = 33.0;
/// A command of which nothing is known.
pub const COMMAND: f64 = 60.0;
/// A called workflow of which nothing is known.
pub const CALL: f64 = 300.0;
/// A look at the results of other jobs.
pub const JUDGE: f64 = 2.0;
/// How often a cache has the exact key: "80-90 % for stable components" is what teams aim at.
pub const HIT_RATE: f64 = 0.9;
/// What part of a job's commands is spared where a cache has what they would fetch or build: no measured tables were found, and a fifth is little. Of 14,364
/// builds with their environment in a cache and without what did not change, 65 % took at most half as long (Gallaba et al., TSE 2022).
pub const SPARED: f64 = 0.2;
/// GitHub ends a job after six hours (github/docs limits.md).
pub const LONGEST: f64 = 6.0 * 3600.0;
/// And on machines of one's own after five days.
pub const LONGEST_OF_OWN: f64 = 5.0 * 86_400.0;
/// A run, and so all that a workflow does that is called, after 35 days.
pub const LONGEST_OF_CALL: f64 = 35.0 * 86_400.0;
