//! Gates of several specs: to GitHub checks of one name are one.

use pipelay::Compilation;
use pipelay::diagnostics::codes::r0749_gates_of_one_name::gates_of_one_name;
use pipelay::map::IndexMap;

use super::session::Session;

/// The specs whose gates have a name, by that.
#[derive(Default)]
pub(crate) struct Gates(IndexMap<String, Vec<String>>);

impl Gates {
    /// Notes the gate of a spec, where it has one.
    pub(crate) fn see(&mut self, spec: &str, compilation: &Compilation) {
        if let Some(gate) = &compilation.ledger.gate {
            self.0.entry(gate.clone()).or_default().push(spec.to_owned());
        }
    }

    /// Says which have one name.
    pub(crate) fn tell(self, session: &mut Session) {
        for (name, specs) in self.0.into_iter().filter(|(_, specs)| specs.len() > 1) {
            session.say(gates_of_one_name(&name, &specs));
        }
    }
}
