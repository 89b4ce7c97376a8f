//! Profiles are registered once, found, and switched on and off.

use std::collections::BTreeMap;

use chrono::DateTime;
use indexmap::IndexMap;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use scouter_drift::psi::Binning;
use scouter_engine::SystemClock;
use scouter_server::registry::{Layout, Place, Profile, RegisterError, Registered, register};
use scouter_server::store::{Activation, ProfileRow, Store, Which};
use scouter_tasks::profile::{CustomConfig, CustomProfile, Identity, PsiProfile, SpcConfig, SpcProfile};
use uuid::Uuid;

use crate::samples::{GENAI, psi};
use crate::support::fresh;

async fn registered(store: &Store, profile: PsiProfile, activation: Activation) -> Registered {
    register(store, &SystemClock, Profile::Psi(profile), activation).await.unwrap()
}

async fn refused(store: &Store, profile: PsiProfile) -> RegisterError {
    register(store, &SystemClock, Profile::Psi(profile), Activation::Unchanged).await.unwrap_err()
}

async fn all(store: &Store) -> Vec<ProfileRow> {
    store.profiles(&Which::default(), None, 100).await.unwrap()
}

async fn active(store: &Store) -> BTreeMap<String, bool> {
    all(store).await.into_iter().map(|row| (row.version, row.active)).collect()
}

#[tokio::test]
async fn a_profile_comes_back_as_it_was_registered_with_its_uid() {
    let (_server, store, _) = fresh().await;
    let sent = psi("1.2.3", &[1.0, 2.0, 3.0]);
    let Registered { uid, version, new } = registered(&store, sent.clone(), Activation::Unchanged).await;
    assert_eq!((version.as_str(), new), ("1.2.3", true));
    let document = store.profile_document(uid).await.unwrap().unwrap();
    let Profile::Psi(there) = Profile::read(&document).unwrap() else { panic!("{document}") };
    let mut expected = sent;
    expected.config.identity.uid = uid.to_string();
    assert_eq!(there, expected);
    let row = store.profile(uid).await.unwrap().unwrap();
    assert_eq!((row.space.as_str(), row.name.as_str(), row.kind.as_str()), ("production", "my_model", "psi"));
    assert!(!row.active);
}

#[tokio::test]
async fn profiles_of_every_kind_are_kept_beside_each_other() {
    let (_server, store, _) = fresh().await;
    let version = "0.1.0".to_owned();
    let identity =
        Identity { space: "shop".to_owned(), name: "m".to_owned(), ..SpcConfig::default().identity };
    let spc = SpcProfile {
        scouter_version: version.clone(),
        config: SpcConfig { identity: identity.clone(), ..SpcConfig::default() },
        features: IndexMap::new(),
        absent: IndexMap::new(),
    };
    let custom = CustomProfile {
        scouter_version: version,
        config: CustomConfig { identity: identity.clone(), ..CustomConfig::default() },
        custom_metrics: Vec::new(),
    };
    let mut plain = psi("0.1.0", &[1.0]);
    plain.config.identity = identity;
    let genai = Profile::read(GENAI).unwrap();
    for profile in [Profile::Spc(spc), Profile::Custom(custom), Profile::Psi(plain), genai] {
        let new = register(&store, &SystemClock, profile.clone(), Activation::Unchanged).await.unwrap();
        let there = Profile::read(&store.profile_document(new.uid).await.unwrap().unwrap()).unwrap();
        assert_eq!(there.content_hash().unwrap(), profile.content_hash().unwrap());
    }
    let kinds: Vec<_> = all(&store).await.into_iter().map(|row| row.kind).collect();
    assert_eq!(kinds, ["genai", "psi", "custom", "spc"]);
}

#[tokio::test]
async fn numbers_that_tasks_expect_are_kept_exactly() {
    let (_server, store, _) = fresh().await;
    let profile = Profile::read(GENAI).unwrap();
    let first = register(&store, &SystemClock, profile.clone(), Activation::Unchanged).await.unwrap();
    let document = store.profile_document(first.uid).await.unwrap().unwrap();
    assert!(document.contains("1180591620717411303424") && document.contains("0.10e0"), "{document}");
    let again = register(&store, &SystemClock, Profile::read(&document).unwrap(), Activation::Unchanged);
    assert_eq!(again.await.unwrap(), Registered { new: false, ..first });
}

#[tokio::test]
async fn a_single_bin_is_refused_and_read_where_it_is_stored() {
    let (_server, store, _) = fresh().await;
    let mut single = psi("1.0.0", &[1.0, 2.0, 3.0]);
    single.config.binning_strategy = Binning::Quantile { num_bins: 1 };
    let profile = Profile::Psi(single.clone());
    assert_eq!(Profile::read(&profile.write().unwrap()).unwrap(), profile);
    let why = refused(&store, single).await.to_string();
    assert!(why.starts_with("register the profile: `num_bins` is `1`: it must be 2 or more"), "{why}");
}

#[tokio::test]
async fn tasks_that_do_not_run_are_refused_and_read_where_they_are_stored() {
    let (_server, store, _) = fresh().await;
    let dependency = "\"depends_on\": [\n        \"not_empty\"";
    assert!(GENAI.contains(dependency));
    let profile = Profile::read(&GENAI.replace(dependency, "\"depends_on\": [\"nobody\"")).unwrap();
    assert_eq!(Profile::read(&profile.write().unwrap()).unwrap(), profile);
    let why = register(&store, &SystemClock, profile, Activation::Unchanged).await.unwrap_err().to_string();
    assert!(
        why.starts_with("register the profile: ") && why.contains("task `quality`, field `depends_on`"),
        "{why}"
    );
}

#[tokio::test]
async fn what_says_the_same_is_the_same_profile() {
    let (_server, store, _) = fresh().await;
    let first = registered(&store, psi("1.0.0", &[1.0, 2.0]), Activation::Unchanged).await;
    let mut again = psi("1.0.0", &[1.0, 2.0]);
    // Another run of the same program: made later, by another version of the package, with a uid of its own.
    again.scouter_version = "0.2.0".to_owned();
    again.config.identity.uid = Uuid::from_u128(1).to_string();
    for feature in again.features.values_mut() {
        feature.timestamp = DateTime::UNIX_EPOCH;
    }
    let second = registered(&store, again, Activation::On).await;
    assert_eq!(second, Registered { new: false, ..first });
    assert_eq!(active(&store).await, BTreeMap::from([("1.0.0".to_owned(), true)]));
}

#[tokio::test]
async fn a_version_is_given_once() {
    let (_server, store, _) = fresh().await;
    registered(&store, psi("1.0.0", &[1.0]), Activation::Unchanged).await;
    registered(&store, psi("1.4.2", &[1.0]), Activation::Unchanged).await;
    let why = refused(&store, psi("1.0.0", &[1.0, 2.0])).await.to_string();
    assert_eq!(
        why,
        "register the profile: version 1.0.0 of `my_model` in `production` is there with other content; give this one another version, \
         such as 1.4.3"
    );
}

#[tokio::test]
async fn a_uid_that_another_profile_has_is_replaced() {
    let (_server, store, _) = fresh().await;
    let first = registered(&store, psi("1.0.0", &[1.0]), Activation::Unchanged).await;
    let mut second = psi("1.1.0", &[1.0]);
    second.config.identity.uid = first.uid.to_string();
    let second = registered(&store, second, Activation::Unchanged).await;
    assert!(second.new && second.uid != first.uid);
    let document = store.profile_document(second.uid).await.unwrap().unwrap();
    assert_eq!(Profile::read(&document).unwrap().identity().uid, second.uid.to_string());
}

#[tokio::test]
async fn what_cannot_be_a_profile_is_refused_with_the_reason() {
    let (_server, store, _) = fresh().await;
    let mut cases = Vec::new();
    for (field, text, part) in [
        ("space", "", "`space` cannot be ``: it has 1 to 128 letters"),
        ("space", "__missing__", "`space` was not given"),
        ("name", "__missing__", "`name` was not given"),
        ("name", "a\0b", "`name` cannot be `a\\0b`"),
        ("name", "a/b", "`name` cannot be `a/b`"),
        ("name", "my shop", "`name` cannot be `my shop`"),
        ("name", "..", "`name` cannot be `..`"),
        ("name", &"x".repeat(129), "x…`: it has 1 to 128 letters"),
        ("version", "1.0", "`version` cannot be `1.0`: it is a semantic version such as 1.2.3"),
        ("uid", "mine", "its uid `mine` is no UUID; leave it empty to be given one"),
    ] {
        let mut profile = psi("1.0.0", &[1.0]);
        let identity = &mut profile.config.identity;
        match field {
            "space" => identity.space = text.to_owned(),
            "name" => identity.name = text.to_owned(),
            "version" => identity.version = text.to_owned(),
            _ => identity.uid = text.to_owned(),
        }
        cases.push((profile, part.to_owned()));
    }
    for (profile, part) in cases {
        let why = refused(&store, profile).await.to_string();
        assert!(why.contains(&part), "{why}");
    }
    assert!(all(&store).await.is_empty());
}

#[test]
fn documents_that_are_no_profiles_are_told_as_what_they_are() {
    for (json, part) in [
        ("{", "failed to read the profile"),
        ("[]", "it has no `format`"),
        (r#"{"format": 1, "kind": "psi_drift_profil"}"#, "did you mean `psi_drift_profile`?"),
        (r#"{"format": 3, "kind": "of_the_future"}"#, "install a newer version"),
        (r#"{"format": 1, "kind": "psi_drift_profile"}"#, "it is damaged"),
    ] {
        let why = Profile::read(json).unwrap_err().to_string();
        assert!(why.contains(part), "{json}: {why}");
    }
}

#[tokio::test]
async fn the_same_profile_that_two_register_at_once_is_one() {
    let (_server, store, _) = fresh().await;
    let profile = || registered(&store, psi("1.0.0", &[1.0]), Activation::OnAlone);
    let (a, b, c) = tokio::join!(profile(), profile(), profile());
    assert_eq!([&a, &b, &c].into_iter().filter(|one| one.new).count(), 1);
    assert!(a.uid == b.uid && b.uid == c.uid);
}

/// As where the workers of an application start.
#[tokio::test]
async fn the_same_profile_that_many_register_at_once_again_and_again_is_one() {
    let (server, store, _) = fresh().await;
    let first = registered(&store, psi("1.0.0", &[1.0]), Activation::OnAlone).await.uid;
    let mut others = tokio::task::JoinSet::new();
    for at in 0..16 {
        let store = server.store().await;
        let activation = if at % 2 == 0 { Activation::OnAlone } else { Activation::Unchanged };
        others.spawn(async move { registered(&store, psi("1.0.0", &[1.0]), activation).await });
    }
    for again in others.join_all().await {
        assert_eq!((again.uid, again.new), (first, false));
    }
}

#[tokio::test]
async fn after_the_last_patch_comes_the_next_version_that_is_free() {
    let (_server, store, _) = fresh().await;
    let last = format!("1.0.{}", u64::MAX);
    registered(&store, psi(&last, &[1.0]), Activation::Unchanged).await;
    let why = refused(&store, psi(&last, &[1.0, 2.0])).await.to_string();
    assert!(why.ends_with("such as 1.1.0"), "{why}");
}

#[tokio::test]
async fn of_versions_that_are_switched_on_alone_at_once_one_is_on() {
    let (_server, store, _) = fresh().await;
    let mut uids = Vec::new();
    for version in ["1.0.0", "2.0.0", "3.0.0"] {
        uids.push(registered(&store, psi(version, &[1.0]), Activation::Unchanged).await.uid);
    }
    let alone = |uid| store.activate_profile(uid, Activation::OnAlone);
    let (a, b, c) = tokio::join!(alone(uids[0]), alone(uids[1]), alone(uids[2]));
    assert!(a.unwrap() && b.unwrap() && c.unwrap());
    assert_eq!(active(&store).await.values().filter(|active| **active).count(), 1);
}

#[tokio::test]
async fn switching_off_others_leaves_other_names_alone() {
    let (_server, store, _) = fresh().await;
    let mut other = psi("1.0.0", &[1.0]);
    other.config.identity.name = "other".to_owned();
    registered(&store, other, Activation::On).await;
    registered(&store, psi("1.0.0", &[1.0]), Activation::On).await;
    registered(&store, psi("2.0.0", &[1.0]), Activation::OnAlone).await;
    let active: Vec<_> =
        all(&store).await.into_iter().filter(|row| row.active).map(|row| (row.name, row.version)).collect();
    let expected = [("my_model", "2.0.0"), ("other", "1.0.0")];
    assert_eq!(active, expected.map(|(name, version)| (name.to_owned(), version.to_owned())));
}

#[tokio::test]
async fn a_profile_that_is_not_there_is_none() {
    let (_server, store, _) = fresh().await;
    let uid = Uuid::from_u128(5);
    assert!(!store.activate_profile(uid, Activation::OnAlone).await.unwrap());
    assert_eq!(store.profile(uid).await.unwrap(), None);
    assert_eq!(store.profile_document(uid).await.unwrap(), None);
}

#[tokio::test]
async fn whether_profiles_are_active_is_told_of_those_that_are_there() {
    let (_server, store, _) = fresh().await;
    let off = registered(&store, psi("1.0.0", &[1.0]), Activation::Unchanged).await.uid;
    let on = registered(&store, psi("2.0.0", &[1.0]), Activation::On).await.uid;
    let mut told = store.meant_profiles(&[on, Uuid::from_u128(5), off]).await.unwrap();
    told.sort_by_key(|(_, _, active)| *active);
    assert_eq!(told, [(off, off, false), (on, on, true)]);
}

#[tokio::test]
async fn a_profile_is_meant_by_the_uid_of_one_that_says_the_same() {
    let (_server, store, _) = fresh().await;
    let first = registered(&store, psi("1.0.0", &[1.0]), Activation::On).await;
    let own = Uuid::from_u128(1);
    let with = |mut profile: PsiProfile| {
        profile.config.identity.uid = own.to_string();
        profile
    };
    registered(&store, with(psi("1.0.0", &[1.0])), Activation::Unchanged).await;
    assert_eq!(store.meant_profile(own).await.unwrap(), first.uid);
    assert_eq!(store.meant_profiles(&[own]).await.unwrap(), [(own, first.uid, true)]);
    assert_eq!(store.profile_space(own).await.unwrap().as_deref(), Some("production"));
    // It means no other one from now on.
    let other = registered(&store, with(psi("2.0.0", &[1.0])), Activation::Unchanged).await;
    assert!(other.new && other.uid != own);
    store.add_uid(other.uid, own).await.unwrap();
    store.add_uid(other.uid, first.uid).await.unwrap();
    assert_eq!(store.meant_profile(own).await.unwrap(), first.uid);
    assert_eq!(store.meant_profile(first.uid).await.unwrap(), first.uid);
}

#[tokio::test]
async fn a_uid_means_the_profile_whose_own_it_is_before_all_others() {
    let (_server, store, pool) = fresh().await;
    let first = registered(&store, psi("1.0.0", &[1.0]), Activation::On).await.uid;
    let own = registered(&store, psi("2.0.0", &[1.0]), Activation::Unchanged).await.uid;
    // As where the version before, which knows nothing of further uids, registered the second one.
    let further = sqlx::query("INSERT INTO profile_uids (uid, profile) VALUES ($1, $2)");
    further.bind(own).bind(first).execute(&pool).await.unwrap();
    assert_eq!(store.meant_profile(own).await.unwrap(), own);
    assert_eq!(store.meant_profiles(&[own]).await.unwrap(), [(own, own, false)]);
}

#[tokio::test]
async fn a_profile_is_meant_by_the_newest_thousand_uids_alone() {
    let (_server, store, pool) = fresh().await;
    let profile = registered(&store, psi("1.0.0", &[1.0]), Activation::Unchanged).await.uid;
    let many = "INSERT INTO profile_uids SELECT gen_random_uuid(), $1 FROM generate_series(1, 1000)";
    sqlx::query(many).bind(profile).execute(&pool).await.unwrap();
    store.add_uid(profile, Uuid::max()).await.unwrap();
    let count: i64 = sqlx::query_scalar("SELECT count(*) FROM profile_uids").fetch_one(&pool).await.unwrap();
    assert_eq!((count, store.meant_profile(Uuid::max()).await.unwrap()), (1000, profile));
}

#[tokio::test]
async fn profiles_are_listed_by_what_they_have_in_pages_newest_first() {
    let (_server, store, _) = fresh().await;
    for version in ["1.0.0", "1.1.0", "1.2.0-rc.1", "2.0.0"] {
        registered(&store, psi(version, &[1.0]), Activation::OnAlone).await;
    }
    let mut behind = None;
    let mut versions = Vec::new();
    loop {
        let page = store.profiles(&Which::default(), behind, 3).await.unwrap();
        let Some(last) = page.last() else { break };
        behind = Some((last.created, last.uid));
        versions.extend(page.into_iter().map(|row| row.version));
    }
    assert_eq!(versions, ["2.0.0", "1.2.0-rc.1", "1.1.0", "1.0.0"]);
    let some = |text: &str| Some(text.to_owned());
    for (which, expected) in [
        (Which { space: some("production"), ..Which::default() }, 4),
        (Which { space: some("x' OR '1'='1"), ..Which::default() }, 0),
        (Which { name: some("my_model"), kind: some("psi"), ..Which::default() }, 4),
        (Which { kind: some("spc"), ..Which::default() }, 0),
        (Which { version: some("1.1.0"), ..Which::default() }, 1),
        (Which { active: Some(true), ..Which::default() }, 1),
        (Which { active: Some(false), ..Which::default() }, 3),
    ] {
        assert_eq!(store.profiles(&which, None, 100).await.unwrap().len(), expected, "{which:?}");
    }
}

#[test]
fn rows_hold_numbers_and_texts_in_the_order_of_the_profile() {
    let layout = Layout::of(&Profile::Psi(psi("1.0.0", &[1.0, 2.0, 3.0, 4.0])));
    assert_eq!(layout.places["x"], Place::Number(0));
    assert_eq!(layout.places["carrier"], Place::Text(0));
    assert_eq!((layout.numbers, layout.texts), (1, 1));
    let [x, carrier] = [&layout.counts["x"], &layout.counts["carrier"]];
    // Two categories; other, unseen and missing.
    assert_eq!((x.start, x.end), (0, carrier.start));
    assert_eq!(carrier.len(), 2 + 3);
}

#[derive(Debug, Clone)]
enum Step {
    Register(usize, Activation),
    Activate(usize, Activation),
}

/// Any order of registering and switching leaves on what a list on paper would.
#[test]
fn what_is_on_follows_from_what_was_asked_for() {
    const VERSIONS: [&str; 3] = ["1.0.0", "1.1.0", "2.0.0"];
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let (_server, store, pool) = runtime.block_on(fresh());
    let activation = prop_oneof![
        Just(Activation::Unchanged),
        Just(Activation::Off),
        Just(Activation::On),
        Just(Activation::OnAlone)
    ];
    let step = (0..VERSIONS.len(), activation, any::<bool>()).prop_map(|(version, activation, register)| {
        if register { Step::Register(version, activation) } else { Step::Activate(version, activation) }
    });
    let mut runner = TestRunner::new(Config { cases: 30, failure_persistence: None, ..Config::default() });
    let outcome = runner.run(&proptest::collection::vec(step, 0..12), |steps| {
        runtime.block_on(async {
            sqlx::query("TRUNCATE profiles CASCADE").execute(&pool).await.unwrap();
            let mut uids = BTreeMap::new();
            let mut expected = BTreeMap::new();
            for step in &steps {
                let (version, activation, done) = match step {
                    Step::Register(version, activation) => {
                        let profile = psi(VERSIONS[*version], &[1.0]);
                        uids.insert(*version, registered(&store, profile, *activation).await.uid);
                        (version, activation, true)
                    }
                    Step::Activate(version, activation) => {
                        let uid = uids.get(version).copied().unwrap_or_default();
                        let done = store.activate_profile(uid, *activation).await.unwrap();
                        prop_assert_eq!(done, uids.contains_key(version));
                        (version, activation, done)
                    }
                };
                if !done {
                    continue;
                }
                if *activation == Activation::OnAlone {
                    for on in expected.values_mut() {
                        *on = false;
                    }
                }
                let on = expected.entry(VERSIONS[*version].to_owned()).or_insert(false);
                match activation {
                    Activation::Unchanged => {}
                    Activation::Off => *on = false,
                    Activation::On | Activation::OnAlone => *on = true,
                }
            }
            prop_assert_eq!(active(&store).await, expected);
            Ok(())
        })
    });
    outcome.unwrap();
}
