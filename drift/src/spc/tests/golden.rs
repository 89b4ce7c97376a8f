use crate::{
    spc::{Alert, Limits, Rule, SpcBaseline, Subgroups, c4, nelson, western_electric},
    tests::{close, floats, golden},
};
use serde_json::{Value, json};

#[test]
fn c4_agrees_with_scipy() {
    for case in golden("c4") {
        close(c4(usize::try_from(case[0].as_u64().unwrap()).unwrap()), &case[1], 1e-11);
    }
}

#[test]
fn limits_agree_with_numpy() {
    for case in golden("spc") {
        let n = usize::try_from(case["n"].as_u64().unwrap()).unwrap();
        let groups = Subgroups::of(&floats(&case["values"])[..], n);
        for (name, limits) in [("subgroup_means", Limits::SubgroupMeans), ("individual", Limits::Individual)]
        {
            let found = SpcBaseline::new(&groups, limits).unwrap();
            close(found.center, &case["center"], 1e-13);
            close(found.mean_deviation, &case["s_bar"], 1e-12);
            let lines = [
                (found.one_lcl, found.one_ucl),
                (found.two_lcl, found.two_ucl),
                (found.three_lcl, found.three_ucl),
            ];
            for (k, (low, high)) in lines.into_iter().enumerate() {
                close(low, &case[name][k][0], 1e-12);
                close(high, &case[name][k][1], 1e-12);
            }
            close(found.deviation_lcl, &case["s_limits"][0], 1e-12);
            close(found.deviation_ucl, &case["s_limits"][1], 1e-12);
        }
    }
}

/// Points with the numbers of the rules they break, as the golden file has them.
fn by_point(alerts: impl Iterator<Item = Alert>) -> Value {
    let mut found: Vec<(usize, Vec<u8>)> = Vec::new();
    for alert in alerts {
        let (Rule::WesternElectric { number } | Rule::Nelson { number }) = alert.rule else {
            panic!("{alert:?}");
        };
        let at = *alert.points.last().unwrap();
        match found.last_mut() {
            Some((last, rules)) if *last == at => rules.push(number),
            _ => found.push((at, vec![number])),
        }
    }
    json!(found)
}

#[test]
fn western_electric_rules_agree_with_numpy() {
    for case in golden("rules") {
        assert_eq!(by_point(western_electric(&floats(&case["z"]))), case["western_electric"]);
    }
}

#[test]
fn nelson_tests_agree_with_numpy() {
    for case in golden("rules") {
        assert_eq!(by_point(nelson(&floats(&case["z"]))), case["nelson"]);
    }
}

#[test]
fn charts_of_single_values_agree_with_numpy() {
    for case in golden("spc_singles") {
        let found =
            SpcBaseline::new(&Subgroups::of(&floats(&case["values"])[..], 1), Limits::default()).unwrap();
        close(found.center, &case["center"], 1e-13);
        close(found.mean_deviation, &case["moving_range"], 1e-12);
        let lines = [
            (found.one_lcl, found.one_ucl),
            (found.two_lcl, found.two_ucl),
            (found.three_lcl, found.three_ucl),
        ];
        for (k, (low, high)) in lines.into_iter().enumerate() {
            close(low, &case["limits"][k][0], 1e-12);
            close(high, &case["limits"][k][1], 1e-12);
        }
        close(found.deviation_ucl, &case["range_limit"], 1e-12);
        assert_eq!(found.deviation_lcl.to_bits(), 0);
    }
}
