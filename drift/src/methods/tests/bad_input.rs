use crate::{
    Absent,
    methods::{DomainClassifier, DriftMethod, Mmd, Pair, Points, cramers_v, mmd},
    psi::{Counts, ZeroBins},
    sample::Sorted,
    statistics::Alpha,
};

const SAMPLES: [DriftMethod; 3] = [
    DriftMethod::KolmogorovSmirnov,
    DriftMethod::CramerVonMises,
    DriftMethod::Wasserstein { threshold: 0.1 },
];
const COUNTS: [DriftMethod; 5] = [
    DriftMethod::Psi { zero_bins: ZeroBins::Jeffreys },
    DriftMethod::ChiSquare,
    DriftMethod::JensenShannon,
    DriftMethod::Hellinger,
    DriftMethod::TotalVariation { threshold: 0.1 },
];

fn samples(method: DriftMethod, baseline: &[f64], current: &[f64]) -> Result<bool, Absent> {
    let (baseline, current) = (Sorted::of(baseline), Sorted::of(current));
    let pair = Pair::Samples { baseline: &baseline, current: &current };
    method.compare(pair, Alpha::USUAL).map(|drift| drift.drifted)
}

fn counts(method: DriftMethod, baseline: &[u64], current: &[u64]) -> Result<bool, Absent> {
    let (baseline, current) = (Counts::of_bins(baseline), Counts::of_bins(current));
    let pair = Pair::Counts { baseline: &baseline, current: &current };
    method.compare(pair, Alpha::USUAL).map(|drift| drift.drifted)
}

#[test]
fn no_method_compares_with_nothing() {
    for method in SAMPLES {
        assert_eq!(samples(method, &[1.0, 2.0], &[]), Err(Absent::NoRows), "{method:?}");
        assert_eq!(samples(method, &[f64::NAN], &[1.0]), Err(Absent::NoFinite), "{method:?}");
    }
    for method in COUNTS {
        assert_eq!(counts(method, &[1, 2], &[0, 0]), Err(Absent::NoRows), "{method:?}");
    }
}

#[test]
fn sides_of_one_or_two_values_have_numbers_or_a_reason() {
    let sides: [&[f64]; 5] = [&[1.0], &[2.0], &[1.0, 2.0], &[1.0, 1.0], &[3.0, 4.0]];
    for (baseline, current) in sides.iter().flat_map(|left| sides.map(|right| (*left, right))) {
        for method in SAMPLES {
            let (left, right) = (Sorted::of(baseline), Sorted::of(current));
            let pair = Pair::Samples { baseline: &left, current: &right };
            if let Ok(drift) = method.compare(pair, Alpha::USUAL) {
                assert!(
                    !drift.statistic.is_nan() && !drift.p_value.is_nan(),
                    "{method:?} {baseline:?} {current:?}"
                );
            }
        }
    }
    for (baseline, current) in [([1, 0], [0, 1]), ([1, 1], [2, 0]), ([2, 0], [2, 0]), ([1, 0], [1, 1])] {
        for method in COUNTS {
            let (left, right) = (Counts::of_bins(baseline), Counts::of_bins(current));
            let pair = Pair::Counts { baseline: &left, current: &right };
            let drift = method.compare(pair, Alpha::USUAL).unwrap();
            assert!(
                !drift.statistic.is_nan() && !drift.p_value.is_nan(),
                "{method:?} {baseline:?} {current:?}"
            );
        }
    }
}

#[test]
fn single_values_are_too_few_for_cramer_and_von_mises() {
    let too_few = Err(Absent::TooFew { needed: 2, found: 1 });
    assert_eq!(samples(DriftMethod::CramerVonMises, &[1.0], &[2.0]), too_few);
}

#[test]
fn no_method_compares_different_bins() {
    for method in COUNTS {
        assert_eq!(counts(method, &[1, 2], &[1]), Err(Absent::Mismatch { left: 2, right: 1 }), "{method:?}");
    }
}

#[test]
fn methods_say_which_input_they_do_not_read() {
    assert_eq!(counts(DriftMethod::KolmogorovSmirnov, &[1], &[1]), Err(Absent::WrongInput));
    assert_eq!(samples(DriftMethod::ChiSquare, &[1.0], &[1.0]), Err(Absent::WrongInput));
}

#[test]
fn equal_sides_have_not_drifted() {
    let values: Vec<f64> = (0..300).map(f64::from).collect();
    for method in SAMPLES {
        assert_eq!(samples(method, &values, &values), Ok(false), "{method:?}");
    }
    for method in COUNTS {
        assert_eq!(counts(method, &[40, 0, 60], &[40, 0, 60]), Ok(false), "{method:?}");
    }
}

#[test]
fn far_sides_have_drifted() {
    let values: Vec<f64> = (0..300).map(f64::from).collect();
    let moved: Vec<f64> = values.iter().map(|v| v + 150.0).collect();
    for method in SAMPLES {
        assert_eq!(samples(method, &values, &moved), Ok(true), "{method:?}");
    }
    for method in COUNTS {
        assert_eq!(counts(method, &[400, 100], &[100, 400]), Ok(true), "{method:?}");
    }
}

#[test]
fn one_bin_cannot_drift() {
    for method in COUNTS {
        assert_eq!(counts(method, &[40], &[4000]), Ok(false), "{method:?}");
    }
}

#[test]
fn a_constant_has_no_unit_to_measure_a_change_in() {
    let wasserstein = SAMPLES[2];
    assert_eq!(samples(wasserstein, &[3.0; 9], &[4.0; 9]), Err(Absent::Constant));
    assert_eq!(samples(wasserstein, &[3.0; 9], &[3.0; 9]), Ok(false));
}

#[test]
fn one_row_of_points_is_too_few() {
    let one = Points::of_columns(&[&[1.0][..]]).unwrap();
    let pair = Pair::Points { baseline: &one, current: &one };
    let found = DriftMethod::Mmd(Mmd::default()).compare(pair, Alpha::USUAL);
    assert_eq!(found, Err(Absent::TooFew { needed: 2, found: 1 }));
}

#[test]
fn a_bandwidth_of_nothing_is_as_good_as_none() {
    let [x, y] = [[0.0, 1.0, 2.0, 5.0], [1.0, 2.0, 4.0, 9.0]]
        .map(|column| Points::of_columns(&[&column[..]]).unwrap());
    let with = |bandwidth| mmd(&x, &y, Mmd { bandwidth, ..Mmd::default() });
    for none in [0.0, -1.0, f64::NAN, 1e-200] {
        assert_eq!(with(Some(none)), with(None), "{none}");
    }
}

#[test]
fn three_rows_teach_no_classifier() {
    let few = Points::of_columns(&[&[1.0, 2.0, 3.0][..]]).unwrap();
    let pair = Pair::Points { baseline: &few, current: &few };
    let found = DriftMethod::DomainClassifier(DomainClassifier::default()).compare(pair, Alpha::USUAL);
    assert_eq!(found, Err(Absent::TooFew { needed: 4, found: 3 }));
}

#[test]
fn equal_rows_teach_no_classifier() {
    let same = Points::of_columns(&[&[1.0; 20][..]]).unwrap();
    let pair = Pair::Points { baseline: &same, current: &same };
    let found = DriftMethod::DomainClassifier(DomainClassifier::default()).compare(pair, Alpha::USUAL);
    assert_eq!(found, Err(Absent::Constant));
}

#[test]
fn the_same_rows_give_the_same_result_twice() {
    let before: Vec<f64> = (0..90).map(|i| f64::from(i * 7 % 31)).collect();
    let after: Vec<f64> = (0..70).map(|i| f64::from(i * 5 % 37)).collect();
    let [before, after] = [before, after].map(|column| Points::of_columns(&[&column[..]]).unwrap());
    let pair = Pair::Points { baseline: &before, current: &after };
    for method in
        [DriftMethod::Mmd(Mmd::default()), DriftMethod::DomainClassifier(DomainClassifier::default())]
    {
        assert_eq!(method.compare(pair, Alpha::USUAL), method.compare(pair, Alpha::USUAL));
    }
}

#[test]
fn columns_of_different_lengths_are_no_points() {
    let found = Points::of_columns(&[&[1.0, 2.0][..], &[1.0][..]]);
    assert_eq!(found, Err(Absent::Mismatch { left: 2, right: 1 }));
}

#[test]
fn a_table_of_one_column_hangs_together_with_nothing() {
    assert_eq!(cramers_v(&[vec![3, 0], vec![4, 0]]), Err(Absent::Constant));
    assert_eq!(cramers_v(&[]), Err(Absent::NoRows));
}
