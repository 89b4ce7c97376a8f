use crate::{
    spc::{Alert, Cusum, Ewma, Limits, Rule, SpcBaseline, Subgroups, c4, nelson, western_electric},
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

#[test]
fn cumulative_sums_agree_with_numpy() {
    for case in golden("cusum") {
        let of = Cusum::new(case["reference"].as_f64().unwrap(), case["decision"].as_f64().unwrap()).unwrap();
        let (z, high, low) = (floats(&case["z"]), floats(&case["high"]), floats(&case["low"]));
        let mut chart = of.begin();
        for ((z, high), low) in z.iter().zip(high).zip(low) {
            chart.push(*z);
            close(chart.sums().0, &json!(high), 1e-9);
            close(chart.sums().1, &json!(low), 1e-9);
        }
        let alerts: Vec<_> = of.alerts(&z).map(|alert| alert.points).collect();
        assert_eq!(json!(alerts), case["alerts"]);
    }
}

#[test]
fn weighted_averages_agree_with_numpy() {
    for case in golden("ewma") {
        let of = Ewma::new(case["weight"].as_f64().unwrap(), case["width"].as_f64().unwrap()).unwrap();
        let (z, averages, limits) = (floats(&case["z"]), floats(&case["averages"]), floats(&case["limits"]));
        let mut chart = of.begin();
        for ((z, average), limit) in z.iter().zip(averages).zip(limits) {
            chart.push(*z);
            close(chart.average(), &json!(average), 1e-9);
            close(chart.limit(), &json!(limit), 1e-12);
        }
        let alerts: Vec<_> = of.alerts(&z).map(|alert| alert.points).collect();
        assert_eq!(json!(alerts), case["alerts"]);
    }
}
