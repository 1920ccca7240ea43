//! Hardening: the token may only read the repository's contents, and no credentials stay behind.

use indexmap::IndexMap;

use super::{Context, Pass};
use crate::hir::{Origin, Permissions, Value, ValueKind};
use crate::plan::{Plan, Role, text};

pub(super) static PASS: Pass =
    Pass { name: "harden", summary: "least rights, and no credentials left behind", required: false, run };

fn run(plan: &mut Plan, context: &mut Context<'_>) {
    if plan.permissions.is_none() {
        let scopes = IndexMap::from([("contents".to_owned(), text("read", &Origin::default()))]);
        plan.permissions = Some(Permissions::Scopes(scopes));
        context.ledger.note(PASS.name, None, "lets the token only read the repository's contents", "nothing more is written");
    }
    for (id, work) in &mut plan.works {
        for derived in work.prologue.iter_mut().filter(|derived| derived.role == Role::Checkout) {
            let crate::hir::StepKind::Uses { with, .. } = &mut derived.step.kind else { continue };
            let off = Value { kind: ValueKind::Bool(false), origin: derived.step.origin.clone() };
            if with.insert("persist-credentials".to_owned(), off).is_none() {
                context.ledger.note(
                    PASS.name,
                    Some(id),
                    "does not keep the credentials of the checkout",
                    "no later step can use or leak them",
                );
            }
        }
    }
}
