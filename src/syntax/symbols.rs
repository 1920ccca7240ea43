//! The words of the language: one row per statement, with its usage and where it may stand.
//!
//! The parser names a statement by its row, messages take usage and nearest word from here, and `hir` refuses a statement outside its
//! places. Adding a statement is a rule in `grammar/pipe.pest`, a row here, and an arm where it is lowered.

use Place::{Checkout, File, Install, Job, Matrix, On, Row, Service, Step, Toolchain, Uses};

/// What a block belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    /// The file itself.
    File,
    /// `job`, also its `when { … }`, `in { … }` and `parallel { … }` as far as work goes.
    Job,
    /// `step { … }`
    Step,
    /// `on … { … }`
    On,
    /// `matrix { … }`
    Matrix,
    /// A row of a matrix.
    Row,
    /// `uses … { … }`
    Uses,
    /// The definition of a toolchain.
    Toolchain,
    /// The definition of a service.
    Service,
    /// `install { … }` and `setup { … }` of a toolchain.
    Install,
    /// `checkout { … }` and other data that takes no statements at all.
    Checkout,
}

impl Place {
    /// As messages say where.
    pub fn within(self) -> String {
        if self == File { format!("at {}", self.name()) } else { format!("in {}", self.name()) }
    }

    /// As messages name it.
    pub fn name(self) -> &'static str {
        match self {
            File => "the file level",
            Job => "a job",
            Step => "a step",
            On => "`on`",
            Matrix => "a matrix",
            Row => "a row of a matrix",
            Uses => "the inputs of `uses`",
            Toolchain => "a toolchain",
            Service => "a service",
            Install => "the steps of a toolchain",
            Checkout => "data",
        }
    }
}

macro_rules! keywords {
    ($($variant:ident $rule:ident $word:literal $usage:literal [$($place:ident)*] $what:literal;)*) => {
        /// A statement of the language.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Keyword { $(#[doc = $what] $variant,)* }

        /// Every statement, in the order of the tables of the manual.
        pub static KEYWORDS: &[Symbol] = &[$(Symbol {
            keyword: Keyword::$variant, rule: stringify!($rule), word: $word, usage: $usage, places: &[$($place),*], summary: $what,
        },)*];
    };
}

/// One row of the table.
#[derive(Debug)]
pub struct Symbol {
    /// The statement.
    pub keyword: Keyword,
    /// Its rule in `grammar/pipe.pest`.
    pub rule: &'static str,
    /// The word that it begins with.
    pub word: &'static str,
    /// How it is written.
    pub usage: &'static str,
    /// Where it may stand; statements of compile time may stand anywhere, and have none.
    pub places: &'static [Place],
    /// What it says.
    pub summary: &'static str,
}

impl Symbol {
    /// As messages say where it may stand.
    pub(crate) fn within(&self) -> String {
        let places: Vec<String> = self.places.iter().map(|place| place.within()).collect();
        match &places[..] {
            [before @ .., last] if !before.is_empty() => format!("{} or {last}", before.join(", ")),
            _ => places.concat(),
        }
    }

    /// What to do with it in a place where it may not stand.
    pub(crate) fn instead_of_in(&self, place: Place) -> String {
        match self.places {
            [] => "it is a statement of compile time".to_owned(),
            [File] => "move it to the file level, outside of all blocks".to_owned(),
            all if place == File && all.contains(&Job) => format!("put it into a job: `job NAME {{ {} }}`", self.usage),
            _ => format!("it stands {}", self.within()),
        }
    }
}

keywords! {
    Workflow workflow "workflow" "workflow \"Name\"" [File] "the display name";
    RunName run_name "run-name" "run-name \"Name of a run\"" [File] "the name of each run";
    Description description "description" "description \"What it is for\"" [File] "what the workflow is for";
    On on "on" "on EVENT, … to BRANCH, … { FILTERS }" [File] "when the workflow runs";
    Toolchain toolchain "toolchain" "toolchain NAME VERSION { PARAMETER: VALUE }" [File Job Row] "what jobs need installed";
    ToolchainDef toolchain_def "toolchain" "toolchain NAME(PARAMETER = DEFAULT) { … }" [File] "the definition of a toolchain";
    ServiceDef service_def "service" "service NAME(PARAMETER = DEFAULT) { … }" [File] "the definition of a service";
    Runner runner "runner" "runner LABEL" [File Job Row] "the machine";
    Runners runners "runners" "runners { NAME: LABEL }" [File] "names for machines";
    Env env "env" "env { NAME: VALUE }" [File Job Step Row] "environment variables";
    Permissions permissions "permissions" "permissions { SCOPE: read }" [File Job] "what the token may do";
    Concurrency concurrency "concurrency" "concurrency { group: NAME, cancel-in-progress: true }" [File Job] "what may not run at the same time";
    Timeout timeout "timeout" "timeout 15m" [File Job Step Row] "how long it may take";
    CancelTimeout cancel_timeout "cancel-timeout" "cancel-timeout 5m" [Job] "how long it may take to end when it is cancelled";
    Shell shell "shell" "shell bash" [File Job Step] "the shell of `run`";
    In in_dir "in" "in DIR" [File Job Step Install] "the directory of `run`";
    Gate gate "gate" "gate \"Name\" except JOB, …" [File] "the one check to require";
    Optimize optimize "optimize" "optimize balanced { deadline 15m }" [File] "what to optimise for";
    Target target "target" "target ghes 3.17" [File] "what the output may use";
    Let let_value "let" "let NAME = VALUE" [] "a name for a value";
    Template template "template" "template NAME(PARAMETER, …) { … }" [File] "a reusable body";
    For for_loop "for" "for NAME in [a, b] { … }" [] "once for each";
    If if_block "if" "if exists(\"FILE\") { … } else { … }" [] "a choice at compile time";
    Import import "import" "import \"FILE.pipe\"" [File] "lets, templates and toolchains of another file";
    Monitor monitor "monitor" "monitor { summary; keep 30d }" [File] "what a run reports about itself";
    CacheVersion cache_version "cache-version" "cache-version v2" [File] "a salt in every cache key";
    Requires requires "requires" "requires pipelay 0.1" [File] "the compiler that this is meant for";
    Allow allow "allow" "allow CODE \"reason\"" [File Job Step] "silences a warning";
    Input input "input" "input NAME: TYPE = DEFAULT \"what it is\"" [On] "an input of the workflow";
    Secret secret "secret" "secret NAME? \"what it is\"" [On] "a secret of a called workflow";
    Output output "output" "output NAME: VALUE \"what it is\"" [On] "an output of a called workflow";
    Job job "job" "job NAME \"Display name\" { … }" [File] "a job";
    Reads reads "reads" "reads PATTERN, … from JOB" [Job Row Install] "what it reads";
    Writes writes "writes" "writes PATH, … merge" [Job Row Install] "what it writes";
    Keep keep "keep" "keep PATH, … as NAME for 7d when EXPR" [Job] "files for people";
    Needs needs "needs" "needs JOB, …" [Job] "what comes before";
    When when "when" "when EXPR" [Job Step Row Install] "whether it runs";
    Resources resources "resources" "resources { cpu: 4, memory: 8GB }" [Job] "what the machine must have";
    Matrix matrix "matrix" "matrix AXIS: a, b" [Job] "once for each combination";
    Include include "include" "include { AXIS: VALUE }" [Matrix] "one more combination";
    Exclude exclude "exclude" "exclude { AXIS: VALUE }" [Matrix] "a combination that is left out";
    Shards shards "shards" "shards auto of files \"PATTERN\" { max 8 }" [Job] "a horizontal split";
    FailFast fail_fast "fail-fast" "fail-fast off" [Job] "whether one failed row cancels the others";
    MaxParallel max_parallel "max-parallel" "max-parallel 2" [Job] "how many rows run at once";
    Priority priority "priority" "priority high" [Job Row] "what starts first when machines are short";
    Service service "service" "service NAME VERSION { … }" [Job Row] "a server beside the job";
    Container container "container" "container IMAGE { … }" [Job] "the container that the steps run in";
    Environment environment "environment" "environment NAME { url: … }" [Job] "the deployment environment";
    Outputs outputs "outputs" "outputs { NAME: ${{ steps.ID.outputs.NAME }} }" [Job] "what other jobs may ask for";
    Snapshot snapshot "snapshot" "snapshot IMAGE" [Job] "an image made of the machine";
    Locks locks "locks" "locks NAME" [Job] "never beside another holder of the name";
    MayFail may_fail "may-fail" "may-fail when EXPR" [Job Step] "its failure fails nothing else";
    Memo memo "memo" "memo off" [Job] "a proven result is not made again";
    Takes takes "takes" "takes 3m" [Job Step] "how long it takes";
    Isolated isolated "isolated" "isolated" [Job] "never shares a machine";
    Checkout checkout "checkout" "checkout { fetch-depth: 0 }" [Job] "the repository's files";
    Cache cache "cache" "cache NAME { paths: [PATH], key: KEY }" [Job Toolchain] "a cache layer";
    Raw raw_keys "raw" "raw { KEY: VALUE }" [File Job Step] "keys that the language does not know";
    Run run "run" "run COMMAND" [Job Step Install] "a step that runs a command";
    Uses uses "uses" "uses ACTION@REF { INPUT: VALUE }" [Job Step Install] "a step that runs an action";
    Step step "step" "step ID \"Name\" when EXPR: COMMAND" [Job Install] "a step with a name, an id or a condition";
    Retry retry "retry" "retry 3" [Step] "how often it is tried again";
    Background background "background" "background" [Step] "the next steps do not wait for it";
    Parallel parallel "parallel" "parallel { … }" [Job] "steps side by side";
    Wait wait "wait" "wait ID" [Job Step] "until background steps have ended";
    Cancel cancel "cancel" "cancel ID" [Job Step] "ends a background step";
    Secrets secrets "secrets" "secrets inherit" [Uses] "the secrets of a called workflow";
    Detect detect "detect" "detect FILE, …" [Toolchain] "the files that show that a toolchain applies";
    Install install "install" "install { reads LOCKFILE; writes DIR; run COMMAND }" [Toolchain] "what a job needs before its commands";
    Setup setup "setup" "setup { uses ACTION@REF }" [Toolchain] "what makes the tool available";
    Warn warn "warn" "warn \"text\"" [] "a warning where the definition is used";
}

impl Keyword {
    /// Its row of the table.
    pub fn symbol(self) -> &'static Symbol {
        // The table is made of the same list as the enum.
        &KEYWORDS[self as usize]
    }

    /// The word that it begins with.
    pub fn word(self) -> &'static str {
        self.symbol().word
    }

    /// Whether it holds for all around it where it has no block: one that lacks its brace means something else, and is well-formed.
    pub(super) fn spreads_without_block(self) -> bool {
        matches!(self, Self::When | Self::In)
    }
}

/// The rows whose statements begin with that word.
pub fn by_word(word: &str) -> impl Iterator<Item = &'static Symbol> {
    KEYWORDS.iter().filter(move |symbol| symbol.word == word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_keyword_finds_its_row() {
        for (index, symbol) in KEYWORDS.iter().enumerate() {
            assert_eq!(symbol.keyword as usize, index);
            assert_eq!(symbol.keyword.word(), symbol.word);
            assert!(symbol.usage.starts_with(symbol.word), "{}", symbol.usage);
        }
    }
}
