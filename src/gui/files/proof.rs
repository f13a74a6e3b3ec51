//! The proof of a plan's answer that lies beside it.

use super::store::BesideProof;
use crate::diagnostic::Severity;
use crate::gui::app::Workbench;
use crate::words::grouped;

impl Workbench {
    /// Shows the answer of a proof at once, or says why it is not used. The answer is solved for all the same:
    /// what is said around it (worths, ranges) stands in no proof.
    pub(super) fn take_proof(&mut self, proof: BesideProof) {
        let name = &proof.name;
        match proof.checked {
            Ok(proved) if proved.scenario == self.document.scenario() => {
                let ms = grouped(proved.check_ms, 0);
                self.view
                    .log
                    .say(Severity::Note, format!("The answer is that of {name}: checked by our own arithmetic in {ms} ms, not solved"));
                self.document.take_proved(proved.answer);
            }
            Ok(proved) => {
                let scenario = &proved.scenario;
                self.view
                    .log
                    .note(Severity::Note, format!("{name} proves the answer of the scenario {scenario}, which is not the one shown"));
            }
            Err(why) => self.view.log.say(Severity::Warning, format!("The proof in {name} is not used. {why}")),
        }
    }
}
