//! The same of version 1.2: profiles.

use std::fmt::Debug;

use bytes::Bytes;
use prost::Message;
use serde::de::DeserializeOwned;
use serde_json::Value;
use uuid::Uuid;

use super::golden::bytes;
use crate::profiles::{Profile, Register, Registered, SetStatus, WholeProfile};
use crate::protobuf::{self, v1};

fn golden(name: &str) -> Value {
    let all: Value = serde_json::from_str(include_str!("../../../../tests/golden/wire_1_2.json")).unwrap();
    all[name].clone()
}

/// A message, as this version has it and as a later one may.
fn sent(name: &str) -> [Bytes; 2] {
    let golden = golden(name);
    let newer = serde_json::json!({"protobuf": golden["newer"]});
    [bytes(&golden), bytes(&newer)]
}

/// The JSON body that says the same.
fn body<T: DeserializeOwned>(name: &str) -> T {
    serde_json::from_str(golden(name)["json"].as_str().unwrap()).unwrap()
}

#[test]
fn a_profile_that_is_registered_over_protobuf_is_the_one_that_json_says() {
    let json: Register = body("register");
    for sent in sent("register") {
        let Register { profile, activate, deactivate_others } = protobuf::read_register(sent).unwrap();
        // As it is written: numbers keep their digits.
        assert_eq!(profile.get(), json.profile.get());
        assert_eq!((activate, deactivate_others), (json.activate, json.deactivate_others));
    }
}

#[test]
fn a_profile_is_named_by_its_uid() {
    let uid: Uuid = body("get_profile");
    for sent in sent("get_profile") {
        assert_eq!(protobuf::read_get_profile(sent).unwrap(), uid);
    }
}

#[test]
fn what_switches_a_profile_says_which_and_how() {
    let (uid, how) = (body::<Uuid>("get_profile"), body::<SetStatus>("set_status"));
    for sent in sent("set_status") {
        assert_eq!(protobuf::read_set_status(sent).unwrap(), (uid, how));
    }
}

#[test]
fn answers_about_profiles_are_written_as_others_write_them() {
    let written = [
        ("registered", protobuf::write_registered(body::<Registered>("registered"))),
        ("profile", protobuf::write_profile(body::<Profile>("profile"))),
        ("whole_profile", protobuf::write_whole_profile(body::<WholeProfile>("whole_profile"))),
    ];
    for (name, written) in written {
        assert_eq!(Bytes::from(written), bytes(&golden(name)), "{name}");
    }
}

#[test]
fn fields_of_a_later_version_in_answers_about_profiles_are_passed_over() {
    fn is_read_alike<M: Message + Default + PartialEq + Debug>(name: &str) {
        let [known, newer] = sent(name);
        assert_eq!(M::decode(newer).unwrap(), M::decode(known).unwrap(), "{name}");
    }
    is_read_alike::<v1::RegisteredProfile>("registered");
    is_read_alike::<v1::Profile>("profile");
    is_read_alike::<v1::WholeProfile>("whole_profile");
}
