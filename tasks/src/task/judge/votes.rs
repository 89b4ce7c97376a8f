//! What the votes of a jury come to.
//!
//! Each vote is judged as that of a single judge is. By *majority*, more than half of all who were asked must pass it;
//! a vote that was not given neither passes nor fails, and where the others do not decide without it, the judge errs. By
//! *mean*, the mean of all values is judged. *Agreement* is the share of the votes that came to the verdict of the jury.

use scouter_engine::{NodeError, NodeResult, Output, Verdict};

use super::jury::Combine;
use crate::call::Call;
use crate::measured::Measured;
use crate::path::{Path, Read};
use crate::task::expectation::{Expectation, Ready};
use crate::value::{Map, Number, Value};

/// A jury.
#[derive(Debug)]
pub(super) struct Jury {
    pub(super) combine: Combine,
    /// Who is asked.
    pub(super) names: Vec<String>,
    /// Whether each vote is to say how likely its tokens were.
    pub(super) log_probs: bool,
}

/// A vote: what was answered and how that is judged, or why there is none.
struct Vote(Result<Answered, NodeError>);

struct Answered {
    call: Call,
    read: Read,
    passed: bool,
}

impl Jury {
    /// What the votes come to.
    pub(super) fn judge(
        &self,
        replies: Vec<Result<Call, NodeError>>,
        path: &Path,
        ready: Ready<'_>,
    ) -> NodeResult<Measured> {
        let votes: Vec<Vote> = replies.into_iter().map(|reply| Vote::of(reply, path, &ready)).collect();
        let decided = match self.combine {
            Combine::Majority => self.majority(&votes, ready),
            Combine::Mean => self.mean(&votes, path, ready),
        };
        let all = Call::together(&self.names.join(", "), votes.iter().filter_map(Vote::call));
        match decided {
            Ok(Output { value, verdict }) => {
                let mean = (self.combine == Combine::Mean).then(|| value.actual().into_owned());
                let told = self.told(&votes, verdict == Some(Verdict::Passed), mean);
                let call = all.with_reply(self.reply(&votes, told));
                Ok(Output { value: value.with_call(call), verdict })
            }
            // The votes that were given were paid for all the same.
            Err(error) => Err(all.with_reply(self.reply(&votes, Vec::new())).beside(error)),
        }
    }

    fn majority(&self, votes: &[Vote], ready: Ready<'_>) -> NodeResult<Measured> {
        let count = |passed: bool| votes.iter().filter(|vote| vote.passed() == Some(passed)).count();
        let (passed, failed, needed) = (count(true), count(false), votes.len() / 2 + 1);
        let verdict = if passed >= needed {
            true
        } else if failed + needed > votes.len() {
            false
        } else {
            return Err(self.undecided(votes));
        };
        let value = |vote: &Vote| match &vote.0 {
            Ok(Answered { read: Read::Found(value), .. }) => value.clone(),
            _ => Value::Null,
        };
        Ok(ready.output(Measured::of(Value::list(votes.iter().map(value))), verdict))
    }

    fn mean(&self, votes: &[Vote], path: &Path, ready: Ready<'_>) -> NodeResult<Measured> {
        let mut sum = 0.0;
        for (vote, name) in votes.iter().zip(&self.names) {
            let answered = vote.0.as_ref().map_err(|_| self.undecided(votes))?;
            let number = match &answered.read {
                Read::Found(value) => value.as_number().map(Number::to_f64),
                _ => None,
            };
            sum += number.ok_or_else(|| {
                NodeError::new(format!("take the mean: `{path}` in the reply of `{name}` is no number"))
            })?;
        }
        ready.judge(&Read::Found(Value::Float(sum / votes.len() as f64)), path)
    }

    /// Too many votes are missing.
    fn undecided(&self, votes: &[Vote]) -> NodeError {
        let mut missing =
            votes.iter().zip(&self.names).filter_map(|(vote, name)| Some((name, vote.0.as_ref().err()?)));
        let count = missing.clone().count();
        let Some((name, first)) = missing.next() else { return NodeError::new("ask a jury: it is empty") };
        let of = votes.len();
        let error =
            NodeError::of(first.kind(), format!("hear {count} of {of} of the jury, first `{name}`: {first}"));
        match first.detail() {
            Some(detail) => error.with_detail(detail),
            None => error,
        }
    }

    /// What dependents and results see: how the votes came out, what there is to tell of that, and the votes.
    fn reply(&self, votes: &[Vote], told: Vec<(&'static str, Value)>) -> Value {
        let count =
            |passed: Option<bool>| Value::from(votes.iter().filter(|vote| vote.passed() == passed).count());
        let counts = [("passed", Some(true)), ("failed", Some(false)), ("errored", None)];
        let counts = counts.map(|(name, passed)| (name, count(passed)));
        let each = votes.iter().zip(&self.names).map(|(vote, name)| vote.to_value(name, self.log_probs));
        Value::map(counts.into_iter().chain(told).chain([("votes", Value::list(each))]))
    }

    /// What there is to tell of a verdict.
    fn told(&self, votes: &[Vote], of_jury: bool, mean: Option<Value>) -> Vec<(&'static str, Value)> {
        let given = votes.iter().filter_map(Vote::passed);
        let (agreed, all) = (given.clone().filter(|passed| *passed == of_jury).count(), given.count());
        let agreement = agreed as f64 / all.max(1) as f64;
        let reason = votes.iter().zip(&self.names).find_map(|(vote, name)| {
            let answered = vote.0.as_ref().ok().filter(|answered| answered.passed == of_jury)?;
            Some(format!("{name}: {}", answered.call.reason()?))
        });
        let mut told = vec![("agreement", Value::Float(agreement))];
        told.extend(mean.map(|mean| ("mean", mean)));
        told.extend(reason.map(|reason| ("reason", Value::from(reason))));
        told
    }

    /// Why the jury passed or failed something.
    pub(super) fn explain(
        &self,
        verdict: Option<Verdict>,
        measured: &Measured,
        expectation: &Expectation,
    ) -> String {
        let number = |name: &str| {
            measured
                .call()
                .and_then(|call| call.reply().get(name)?.as_number().map(Number::to_f64))
                .unwrap_or_default()
        };
        match self.combine {
            Combine::Mean => {
                format!("the mean of {} models: {}", self.names.len(), expectation.explain(measured))
            }
            Combine::Majority => {
                let passed = verdict == Some(Verdict::Passed);
                let (votes, word) =
                    if passed { (number("passed"), "pass") } else { (number("failed"), "fail") };
                format!(
                    "{votes} of {} models {word} it, {} must pass it",
                    self.names.len(),
                    self.names.len() / 2 + 1
                )
            }
        }
    }
}

impl Vote {
    fn of(reply: Result<Call, NodeError>, path: &Path, ready: &Ready<'_>) -> Self {
        let answered = |call: Call| {
            let read = path.read(&call.reply());
            match ready.passes(&read, path) {
                Ok(passed) => Ok(Answered { call, read, passed }),
                // It was paid for all the same.
                Err(error) => Err(call.beside(error)),
            }
        };
        Self(reply.and_then(answered))
    }

    fn passed(&self) -> Option<bool> {
        self.0.as_ref().ok().map(|answered| answered.passed)
    }

    /// What asking came to, answered or not.
    fn call(&self) -> Option<Call> {
        match &self.0 {
            Ok(answered) => Some(answered.call.clone()),
            Err(error) => Call::of_error(error),
        }
    }

    fn to_value(&self, name: &str, log_probs: bool) -> Value {
        // Not every provider says it: that it was not said is said.
        let unsaid = log_probs && self.0.as_ref().is_ok_and(|answered| answered.call.log_probs.is_empty());
        let unsaid = unsaid.then(|| ("log_probs".into(), Value::list([])));
        let call = self.call().map(|call| call.to_value());
        let told = match &self.0 {
            Ok(answered) => ("passed", Value::Bool(answered.passed)),
            Err(error) => ("error", Value::from(error.message())),
        };
        let known = call.as_ref().and_then(Value::as_map).into_iter().flat_map(Map::iter);
        let known = known.map(|(key, value)| (key.clone(), value.clone()));
        let told = [("juror".into(), Value::from(name)), (told.0.into(), told.1)];
        Value::map(told.into_iter().chain(known).chain(unsaid))
    }
}
