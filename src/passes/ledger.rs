//! What was decided, and why.

use indexmap::IndexMap;

use crate::cost::Evidence;
use crate::pins::image::{Digest, Image};
use crate::pins::{Asked, Pin, Source};

/// What a decision is about, by which what came of it finds it again.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Subject {
    /// The job or the workflow as a whole.
    #[default]
    Whole,
    /// When a job is stopped.
    Timeout,
    /// Which runs cancel others.
    Concurrency,
    /// What the token may do.
    Rights,
    /// What a checkout leaves behind.
    Credentials,
    /// Expressions of scripts.
    Scripts,
    /// What is handed over.
    HandOver {
        /// The name of its archive.
        name: String,
        /// The path or pattern that it holds.
        path: String,
    },
    /// The cache layer of that name.
    Layer(String),
    /// The commit in place of a tag, or the digest behind one.
    Pin(String),
}

/// Something that a decision rests on.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct Ground {
    /// What of: the commands of a job, the start of machines, the speed of one.
    pub what: String,
    /// How that is known.
    pub evidence: Evidence,
}

/// A decision of a pass.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct Decision {
    /// The pass.
    pub pass: &'static str,
    /// The job, where it is about one.
    pub job: Option<String>,
    /// What was done.
    pub what: String,
    /// Why.
    pub why: String,
    /// The plan of `optimize by` that it is decided for, where it is not for all.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub plan: Option<String>,
    /// What it rests on, where it rests on what something takes.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub grounds: Vec<Ground>,
    /// What it is about.
    #[serde(skip)]
    pub subject: Subject,
}

impl Decision {
    /// It rests on that.
    pub fn on(&mut self, grounds: Vec<Ground>) -> &mut Self {
        self.grounds = grounds;
        self
    }

    /// It is decided for that plan of `optimize by`.
    pub fn under(&mut self, plan: &str) -> &mut Self {
        self.plan = Some(plan.to_owned());
        self
    }

    /// It is about that.
    pub fn about(&mut self, subject: Subject) {
        self.subject = subject;
    }
}

/// All decisions, in the order they were taken.
#[derive(Debug, Clone, Default, serde::Serialize)]
pub struct Ledger {
    /// The decisions.
    pub decisions: Vec<Decision>,
    /// The tags and branches of other repositories that are asked for, and the pin of each, where one is known.
    #[serde(skip)]
    pub pins: IndexMap<Asked, Option<(Pin, Source)>>,
    /// The images of servers, containers and steps by their tags, and the digest of each, where it is locked.
    #[serde(skip)]
    pub images: IndexMap<Image, Option<Digest>>,
    /// What the check of the gate is called, where there is one.
    #[serde(skip)]
    pub gate: Option<String>,
}

impl Ledger {
    /// Notes a decision.
    pub fn note(
        &mut self,
        pass: &'static str,
        job: Option<&str>,
        what: impl Into<String>,
        why: impl Into<String>,
    ) -> &mut Decision {
        let at = self.decisions.len();
        let (job, what, why) = (job.map(str::to_owned), what.into(), why.into());
        self.decisions.push(Decision { pass, job, what, why, plan: None, grounds: Vec::new(), subject: Subject::Whole });
        &mut self.decisions[at]
    }
}
