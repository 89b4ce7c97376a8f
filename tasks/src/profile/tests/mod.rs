//! Schedules, and documents that come back as they were or say why not.

use chrono::{DateTime, TimeZone, Utc};
use proptest::prelude::*;
use scouter_drift::{
    Absent, Correction,
    column::Tally,
    psi::{Binning, Counts, PsiBaseline, Threshold, ZeroBins},
    spc::{Limits, SpcBaseline, Subgroups},
    statistics::Alpha,
};

use super::*;
use crate::value::{Map, Value, from_json};

fn noon() -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2025, 1, 31, 12, 0, 0).unwrap()
}

fn profile(values: &[f64]) -> PsiProfile {
    let mut tally = Tally::default();
    tally.add([Some("AA"), Some("ünï"), None]);
    let zero = ZeroBins::default();
    let feature = |id: &str, baseline| PsiFeature { id: id.to_owned(), timestamp: noon(), baseline };
    let numbers = PsiBaseline::of_numbers(values, Binning::default(), zero);
    let mut config = PsiConfig::default();
    config.identity.uid = "u-1".to_owned();
    let mut features = indexmap::IndexMap::new();
    if let Ok(numbers) = numbers {
        features.insert("x".to_owned(), feature("x", numbers));
    }
    features.insert(
        "carrier".to_owned(),
        feature("carrier", PsiBaseline::of_categories(&tally, 10, zero).unwrap()),
    );
    PsiProfile { scouter_version: "0.1.0".to_owned(), config, features, absent: indexmap::IndexMap::new() }
}

fn through_text<D: Document>(data: &D) -> Result<D, DocumentError> {
    read(&from_json(&write(data)?.to_string()).unwrap())
}

#[test]
fn every_common_cron_is_a_schedule_that_comes() {
    for cron in CommonCron::ALL {
        let schedule: Schedule = cron.cron().parse().unwrap();
        assert_eq!(schedule, cron.schedule());
        assert!(schedule.next(noon()).unwrap() > noon(), "{schedule}");
    }
}

#[test]
fn every_week_is_on_sunday() {
    let sunday = Utc.with_ymd_and_hms(2025, 2, 2, 0, 0, 0).unwrap();
    assert_eq!(CommonCron::EveryWeek.schedule().next(noon()), Some(sunday));
}

#[test]
fn a_wrong_schedule_is_told_with_its_text() {
    for (text, part) in [
        ("", ""),
        ("daily", ""),
        ("0 0 31 2 *", ""),
        ("99 * * * *", "out of bounds; its fields are minute (0-59), hour"),
        ("every day", "its fields are minute (0-59), hour"),
        ("* * * *", ""),
        ("0 0 30 2 *", "no day is like that"),
        ("CRON_TZ=Europe/Romulus 0 0 * * *", "there is no time zone `Europe/Romulus`"),
        ("CRON_TZ=Europe/Roma 0 0 * * *", "there is no time zone `Europe/Roma`, did you mean `Europe/Rome`?"),
        ("CRON_TZ=Europe/Rome", "nothing follows the time zone"),
    ] {
        let error = text.parse::<Schedule>().unwrap_err().to_string();
        assert!(error.contains(&format!("`{text}`")) && error.contains(part), "{error}");
    }
}

/// Expected by Python's `zoneinfo`, but for the gap, of which it knows no end.
#[test]
fn a_time_of_day_in_a_zone_comes_once_a_day_whatever_its_clocks_do() {
    let schedule: Schedule = "CRON_TZ=Europe/Rome 30 2 * * *".parse().unwrap();
    let days = |month, day, expected: [&str; 3]| {
        let mut at = Utc.with_ymd_and_hms(2025, month, day, 0, 0, 0).unwrap();
        for expected in expected {
            at = schedule.next(at).unwrap();
            assert_eq!(at.to_rfc3339(), format!("2025-{expected}:00+00:00"));
        }
    };
    days(3, 29, ["03-29T01:30", "03-30T01:00", "03-31T00:30"]);
    days(10, 25, ["10-25T00:30", "10-26T00:30", "10-27T01:30"]);
}

proptest! {
    #[test]
    fn a_profile_comes_back_exactly(values in prop::collection::vec(prop::num::f64::ANY, 1..200)) {
        let profile = profile(&values);
        prop_assert_eq!(through_text(&profile), Ok(profile));
    }
}

#[test]
fn a_chart_comes_back_exactly() {
    let values: Vec<f64> = (0..100).map(|i| f64::from(i * 7 % 13) / 3.0).collect();
    let baseline = SpcBaseline::new(&Subgroups::of(&values[..], 5), Limits::Individual).unwrap();
    let feature = SpcFeature { id: "x".to_owned(), timestamp: noon(), baseline };
    let profile = SpcProfile {
        scouter_version: "0.1.0".to_owned(),
        config: SpcConfig { limits: Limits::Individual, ..SpcConfig::default() },
        features: [("x".to_owned(), feature)].into_iter().collect(),
        absent: indexmap::IndexMap::new(),
    };
    assert_eq!(through_text(&profile), Ok(profile));
}

#[test]
fn what_is_kept_beside_a_profile_comes_back_and_is_no_part_of_it() {
    let (profile, mut state) = (profile(&[1.0, 2.0]), PsiState::default());
    state.columns.insert("x".to_owned(), PsiColumn::Missing(3));
    let document = from_json(&write_with(&profile, &state).unwrap().to_string()).unwrap();
    assert_eq!(read::<PsiProfile>(&document), Ok(profile.clone()));
    assert_eq!(read_state::<PsiState>(&document), Ok(Some(state)));
    assert_eq!(read_state::<PsiState>(&write(&profile).unwrap()), Ok(None));
}

#[test]
fn what_a_later_version_kept_beside_a_profile_says_so() {
    let text = write_with(&profile(&[1.0, 2.0]), &PsiState::default()).unwrap().to_string();
    for (format, told) in [
        (2, "what it keeps to be put together with others was written in format `2`, and `1` is the latest"),
        (0, "it is damaged: there is no format `0` of what is kept to put parts together"),
    ] {
        let state = format!(r#""state":{{"format":{format}"#);
        let later = from_json(&text.replace(r#""state":{"format":1"#, &state)).unwrap();
        let error = read_state::<PsiState>(&later).unwrap_err().to_string();
        assert!(error.starts_with(told), "{error}");
        assert!(
            read::<PsiProfile>(&later).is_ok(),
            "nobody who reads a profile looks at what is kept beside it"
        );
    }
}

fn changed(profile: &PsiProfile, key: &str, value: Option<Value>) -> Result<PsiProfile, DocumentError> {
    let document = write(profile).unwrap();
    let entries = document.as_map().unwrap().iter().filter(|(name, _)| name.as_str() != key);
    let entries = entries.map(|(name, value)| (name.clone(), value.clone()));
    let entries = entries.chain(value.map(|value| (key.into(), value)));
    read(&Value::Map(entries.collect::<Map>().into()))
}

#[test]
fn a_newer_format_says_so() {
    let profile = profile(&[1.0, 2.0]);
    assert_eq!(changed(&profile, "format", Some(Value::Int(7))), Err(DocumentError::Newer(7)));
}

#[test]
fn a_map_is_of_the_first_format_that_has_what_it_says() {
    let of_rows = |rows: u8| {
        let values: Vec<f64> = (0..rows).map(f64::from).collect();
        let profile = profile(&values);
        let counts = profile.features["x"].baseline.count_numbers(&[5.0; 40][..]).unwrap();
        profile.compare_enough([("x".to_owned(), counts)])
    };
    for (map, format) in [(of_rows(30), 1), (of_rows(29), 2)] {
        assert_eq!(write(&map).unwrap().get("format"), Some(&Value::Int(format)));
        assert_eq!(through_text(&map), Ok(map));
    }
}

#[test]
fn another_kind_says_so() {
    let document = write(&SpcConfig::default()).unwrap();
    let error = read::<PsiProfile>(&document).unwrap_err();
    assert_eq!(error.to_string(), "it is a `spc_drift_config`, not a `psi_drift_profile`");
}

#[test]
fn a_damaged_document_says_what_is_missing() {
    let profile = profile(&[1.0, 2.0]);
    let error = changed(&profile, "features", None).unwrap_err();
    assert_eq!(error.to_string(), "it is damaged: missing field `features`");
    assert_eq!(changed(&profile, "format", None), Err(DocumentError::NoFormat("psi_drift_profile")));
}

#[test]
fn limits_that_are_no_numbers_are_refused() {
    let text = write(&profile(&[7.0])).unwrap().to_string();
    for limit in ["NaN", "Infinity"] {
        let damaged = text.replace(":7.0", &format!(":{limit}"));
        assert_ne!(damaged, text);
        let error = read::<PsiProfile>(&from_json(&damaged).unwrap()).unwrap_err().to_string();
        assert!(error.contains("bin `1` has neither a category nor a limit that fits its place"), "{error}");
    }
}

fn shifted(correction: Correction, watched: &[&str]) -> PsiMap {
    let values: Vec<f64> = (0..1000).map(f64::from).collect();
    let mut profile = profile(&values);
    profile.config.alert_config.correction = correction;
    profile.config.alert_config.features_to_monitor = watched.iter().map(|name| (*name).to_owned()).collect();
    profile.config.alert_config.threshold = Threshold::ChiSquare { alpha: Alpha::USUAL };
    let later: Vec<f64> = values.iter().map(|v| v * 1.5).collect();
    let counts = profile.features["x"].baseline.count_numbers(&later[..]).unwrap();
    profile.compare([("x".to_owned(), counts.clone()), ("unknown".to_owned(), counts)])
}

#[test]
fn of_few_rows_there_is_an_index_and_nothing_is_said() {
    let values: Vec<f64> = (0..1000).map(f64::from).collect();
    let profile = profile(&values);
    let counts = |rows: usize| {
        let counts = profile.features["x"].baseline.count_numbers(&vec![2_000.0; rows][..]).unwrap();
        [("x".to_owned(), counts)]
    };
    let few = profile.compare_enough(counts(29));
    assert_eq!(few.features["x"].too_few, Some(Absent::TooFew { needed: 30, found: 29 }));
    assert!(few.features["x"].drift.drifted && few.features["x"].adjusted_p_value.is_none());
    assert_eq!((few.drifted().count(), &few.lost[..]), (0, &["x".to_owned()][..]));
    let enough = profile.compare_enough(counts(30));
    assert_eq!((enough.drifted().count(), enough.lost.len()), (1, 0));
    // Whoever has looked at how many there are is asked no more.
    assert_eq!(profile.compare(counts(29)).drifted().count(), 1);
}

#[test]
fn no_baseline_must_have_more_rows_than_whoever_makes_it_is_warned_of() {
    let values: Vec<f64> = (0..100).map(f64::from).collect();
    let mut profile = profile(&values);
    profile.config.alert_config.min_values = 1000;
    let counts = profile.features["x"].baseline.count_numbers(&[2_000.0; 1000][..]).unwrap();
    assert_eq!(profile.compare_enough([("x".to_owned(), counts)]).drifted().count(), 1);
    assert_eq!(profile.unjudged().collect::<Vec<_>>(), ["carrier"]);
}

#[test]
fn of_a_baseline_of_few_rows_nothing_is_said_either() {
    let values: Vec<f64> = (0..29).map(f64::from).collect();
    let profile = profile(&values);
    let map = |rows: usize| {
        let counts = profile.features["x"].baseline.count_numbers(&vec![2_000.0; rows][..]).unwrap();
        profile.compare_enough([("x".to_owned(), counts)])
    };
    assert_eq!(profile.unjudged().collect::<Vec<_>>(), ["x", "carrier"]);
    // Where both are few, it is the baseline that more rows do not help.
    for map in [map(1_000), map(29)] {
        assert_eq!(map.features["x"].too_few, Some(Absent::FewBefore { needed: 30, found: 29 }));
        assert_eq!((map.drifted().count(), map.judged().len(), &map.lost[..]), (0, 0, &["x".to_owned()][..]));
    }
}

#[test]
fn only_watched_features_drift() {
    let map = shifted(Correction::Holm, &["carrier"]);
    assert!(map.features["x"].drift.drifted);
    assert_eq!(map.drifted().count(), 0);
    assert_eq!(shifted(Correction::Holm, &[]).drifted().collect::<Vec<_>>(), ["x"]);
}

#[test]
fn a_feature_that_is_not_there_cannot_be_watched() {
    let error =
        check_features("watch feature", &["carier".to_owned()], ["carrier", "x"].into_iter()).unwrap_err();
    assert_eq!(
        error.to_string(),
        "watch feature `carier`: there is no such feature; did you mean `carrier`?"
    );
}

#[test]
fn profiles_that_are_made_again_have_the_same_content() {
    let values: Vec<f64> = (0..100).map(f64::from).collect();
    let (first, mut again) = (profile(&values), profile(&values));
    again.scouter_version = "0.2.0".to_owned();
    again.config.identity.uid = "u-2".to_owned();
    again.features["x"].timestamp = DateTime::UNIX_EPOCH;
    assert!(first != again && first.clone().content() == again.content());
    assert_ne!(first.content(), profile(&values[1..]).content());
}

#[test]
fn nobody_is_told_that_a_p_value_is_zero() {
    let mut map = shifted(Correction::Holm, &[]);
    map.features["x"].adjusted_p_value = Some(0.0);
    let said = &map.judged()["x"].said;
    assert!(said.starts_with("PSI ") && said.contains(", p < 1e−300"), "{said}");
}

fn said_of(name: &str, profile: &PsiProfile, counts: Counts) -> String {
    profile.compare([(name.to_owned(), counts)]).judged().remove(name).unwrap().said
}

#[test]
fn of_missing_values_their_share_of_the_baseline_is_told_beside_that_of_now() {
    let full: Vec<f64> = (0..1000).map(|row| f64::from(row % 20)).collect();
    let few: Vec<f64> = [f64::NAN; 980].into_iter().chain((0..20).map(f64::from)).collect();
    let said = |before: &[f64], now: &[f64]| {
        let profile = profile(before);
        let counts = profile.features["x"].baseline.count_numbers(now).unwrap();
        said_of("x", &profile, counts)
    };
    for (said, shares) in [
        (said(&few, &full), "98 % of the baseline, 0 % now"),
        (said(&full, &few), "0 % of the baseline, 98 % now"),
    ] {
        assert!(said.ends_with(&format!(", most of it by rows without a value: {shares}")), "{said}");
    }
}

#[test]
fn of_categories_that_are_new_both_shares_are_told_too() {
    let mut profile = profile(&[1.0]);
    profile.features["carrier"].baseline.counts.bins = vec![100, 100];
    let mut tally = Tally::default();
    tally.weigh(Some("ZZ"), 100);
    let counts = profile.features["carrier"].baseline.count_categories(&tally).unwrap();
    let said = said_of("carrier", &profile, counts);
    let told =
        "most of it by rows of categories that the baseline does not know: 0 % of the baseline, 100 % now";
    assert!(said.ends_with(told), "{said}");
}
