//! Texts that are most likely meant as an expression: `env { TOKEN: secrets.TOKEN }`.

use crate::diagnostics::Diag;
use crate::diagnostics::codes::w0651_almost_a_hole::almost_a_hole;
use crate::hir::Pipeline;
use crate::hir::visit::{self, Asks, Site};

/// Warns of values that are nothing but the name of a secret, a variable or an output.
pub fn check(pipeline: &Pipeline, _broken: bool, diags: &mut Vec<Diag>) {
    let mut look = |site: Site<'_>| {
        if let Asks::Text(text) | Asks::Whole(text) = site.asks
            && names_a_value(text)
        {
            diags.push(site.origin.explain(almost_a_hole(text, text, text.span())));
        }
    };
    visit::pipeline(pipeline, &mut look);
    pipeline.jobs.values().for_each(|job| visit::job(job, &mut look));
}

/// `secrets.NAME` and `vars.NAME` in capitals, `needs.JOB.outputs.NAME`, `steps.ID.outputs.NAME`: no file is called so.
fn names_a_value(text: &str) -> bool {
    let is_name =
        |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'));
    let capitals = |part: &str| is_name(part) && !part.bytes().any(|byte| byte.is_ascii_lowercase());
    let mut parts = text.split('.');
    match (parts.next(), parts.next(), parts.next(), parts.next(), parts.next()) {
        (Some("secrets" | "vars"), Some(name), None, ..) => capitals(name),
        (Some("needs" | "steps"), Some(id), Some("outputs"), Some(name), None) => is_name(id) && is_name(name),
        _ => false,
    }
}
