//! All that a profile watches, over states that were made where the records are.

use std::sync::Arc;

use chrono::DateTime;
use indexmap::IndexMap;
use scouter_drift::Absent;
use scouter_drift::psi::{Binning, Counts, PsiBaseline, ZeroBins};
use scouter_engine::{Outcome, Verdict};
use scouter_tasks::measured::Measured;
use scouter_tasks::profile::{PsiConfig, PsiFeature, PsiMap, PsiProfile, read, write};
use scouter_tasks::suite::compile;
use scouter_tasks::task::{Baseline, Few, Seen, Task, WatchSpec};
use scouter_tasks::value::Value;
use scouter_tasks::window::{State, Window, report};

use crate::support::problems;

/// A profile of these features, each of numbers from 0 to 999, of which this one is watched where one is named.
fn profile(features: &[&str], watched: Option<&str>) -> PsiProfile {
    let values: Vec<f64> = (0..1000).map(f64::from).collect();
    let feature = |id: &&str| {
        let baseline = PsiBaseline::of_numbers(&values[..], Binning::default(), ZeroBins::default()).unwrap();
        ((*id).to_owned(), PsiFeature { id: (*id).to_owned(), timestamp: DateTime::UNIX_EPOCH, baseline })
    };
    let mut config = PsiConfig::default();
    config.alert_config.features_to_monitor = watched.map(str::to_owned).into_iter().collect();
    PsiProfile {
        scouter_version: "1".to_owned(),
        config,
        features: features.iter().map(feature).collect(),
        absent: IndexMap::new(),
    }
}

/// So many rows, all in the first of ten bins.
fn first_bin(rows: u64) -> State {
    State::Counts(Counts::of_bins([&[rows][..], &[0; 9]].concat()))
}

fn outcome(profile: PsiProfile, states: &[(&str, State)]) -> Outcome<Measured> {
    let task: Arc<dyn Task> = Arc::new(WatchSpec::new("watch", Baseline::Psi(Box::new(profile))));
    let plan = compile(&[task]).unwrap().window.unwrap();
    let states = states.iter().map(|(name, state)| ((*name).to_owned(), state.clone())).collect();
    report(&plan, Arc::new(Window::of_states(states, 100))).unwrap().outcomes.remove(0)
}

/// What is seen, and the verdict.
fn seen(profile: PsiProfile, states: &[(&str, State)]) -> (Seen, Option<Verdict>) {
    let outcome = outcome(profile, states);
    let output = outcome.output().unwrap();
    (Seen::read(output.value.found().unwrap()).unwrap(), output.verdict)
}

#[test]
fn each_feature_speaks_for_itself() {
    let states = [("x", first_bin(100)), ("y", first_bin(29))];
    let (seen, verdict) = seen(profile(&["x", "y"], None), &states);
    assert_eq!((verdict, &seen.drifted[..]), (Some(Verdict::Failed), ["x".to_owned()].as_slice()));
    assert_eq!(seen.judged.keys().collect::<Vec<_>>(), ["x"]);
    assert!(seen.judged["x"].drifted && seen.judged["x"].said.starts_with("PSI "));
    assert_eq!((seen.too_few, &seen.few[..]), (None, ["y".to_owned()].as_slice()));
    let map: PsiMap = read(&seen.document).unwrap();
    assert_eq!(map.absent["y"], Absent::TooFew { needed: 30, found: 29 });
    assert_eq!((&map.lost, &seen.lost), (&vec!["y".to_owned()], &vec!["y".to_owned()]));
}

#[test]
fn too_few_rows_of_all_that_is_watched_say_nothing() {
    let states = [("x", first_bin(100)), ("y", first_bin(29))];
    let (seen, verdict) = seen(profile(&["x", "y"], Some("y")), &states);
    assert_eq!((seen.too_few, seen.drifted.len()), (Some(Few { found: 29, needed: 30 }), 0));
    assert_eq!(seen.lost, ["y"]);
    // What is not watched was judged all the same.
    assert_eq!(verdict, Some(Verdict::Passed));
}

#[test]
fn of_several_features_that_have_too_few_rows_the_nearest_to_enough_is_told() {
    let states = [("x", first_bin(7)), ("y", first_bin(12)), ("z", first_bin(29))];
    let (seen, _) = seen(profile(&["x", "y", "z"], None), &states);
    assert_eq!(seen.too_few, Some(Few { found: 29, needed: 30 }));
}

#[test]
fn of_a_baseline_of_few_rows_nothing_is_said_and_no_rows_are_waited_for() {
    for rows in [29, 500] {
        let mut profile = profile(&["x", "y"], None);
        profile.features["x"].baseline.counts = Counts::of_bins([&[12_u64][..], &[0; 9]].concat());
        let (seen, verdict) = seen(profile, &[("x", first_bin(rows)), ("y", first_bin(100))]);
        assert_eq!((verdict, &seen.drifted[..]), (Some(Verdict::Failed), ["y".to_owned()].as_slice()));
        assert_eq!((seen.judged.contains_key("x"), seen.few.len(), seen.too_few), (false, 0, None));
        let map: PsiMap = read(&seen.document).unwrap();
        assert_eq!(map.features["x"].too_few, Some(Absent::FewBefore { needed: 30, found: 12 }));
        assert_eq!((&map.lost, &seen.lost), (&vec!["x".to_owned()], &vec!["x".to_owned()]));
    }
}

#[test]
fn a_baseline_of_few_rows_alone_comes_to_no_verdict() {
    let mut profile = profile(&["x"], None);
    profile.features["x"].baseline.counts = Counts::of_bins([&[12_u64][..], &[0; 9]].concat());
    let (seen, verdict) = seen(profile, &[("x", first_bin(500))]);
    assert_eq!((verdict, seen.too_few), (Some(Verdict::NotApplicable), None));
}

#[test]
fn no_rows_at_all_are_not_too_few() {
    let (seen, verdict) = seen(profile(&["x"], None), &[("x", first_bin(0))]);
    assert_eq!((verdict, seen.too_few, seen.judged.len()), (Some(Verdict::NotApplicable), None, 0));
}

#[test]
fn a_feature_without_a_state_is_an_error() {
    let outcome = outcome(profile(&["x"], None), &[]);
    let Outcome::Errored(error) = outcome else { panic!("{outcome:?}") };
    assert_eq!(error.message(), "compare with the baseline: there is no state of `x` of its method");
}

#[test]
fn what_another_task_found_is_nothing_that_was_seen() {
    assert_eq!(Seen::read(&Value::map([("drifted", Value::Bool(true))])), None);
    assert_eq!(Seen::read(&Value::Null), None);
}

#[test]
fn a_drift_task_goes_by_the_number_of_its_profile() {
    let mut few = profile(&["delay"], None);
    few.config.alert_config.min_values = 1200;
    let baseline = write(&few).unwrap();
    let problems =
        problems(&format!("- {{task_type: Drift, id: drift, baseline: {baseline}, column: delay}}\n"));
    let message = "`delay` had 1,000 values then, at least 1,200 are needed (`min_values`)";
    assert_eq!(problems, [("drift".to_owned(), "baseline".to_owned(), message.to_owned())]);
}
