//! What clients ask about profiles is read, and what servers answer is written.

use bytes::Buf;
use chrono::SecondsFormat;
use prost::Message;
use serde_json::value::RawValue;
use uuid::Uuid;

use super::read::malformed;
use super::v1;
use crate::error::ReadError;
use crate::profiles::{Profile, Register, Registered, SetStatus, WholeProfile};

/// Reads what registers a profile.
///
/// # Errors
/// The bytes are no such message, or its document is no JSON.
pub fn read_register(bytes: impl Buf) -> Result<Register, ReadError> {
    let v1::RegisterProfile { profile, activate, deactivate_others } =
        v1::RegisterProfile::decode(bytes).map_err(malformed)?;
    let profile = RawValue::from_string(profile)
        .map_err(|error| ReadError::Malformed { form: "JSON", why: error.to_string() })?;
    Ok(Register { profile, activate, deactivate_others })
}

/// Reads which profile is asked for.
///
/// # Errors
/// The bytes are no such message, or name no UUID.
pub fn read_get_profile(bytes: impl Buf) -> Result<Uuid, ReadError> {
    let v1::GetProfile { uid } = v1::GetProfile::decode(bytes).map_err(malformed)?;
    read_uid(&uid)
}

/// Reads which profile is to be switched, and how.
///
/// # Errors
/// The bytes are no such message, or name no UUID.
pub fn read_set_status(bytes: impl Buf) -> Result<(Uuid, SetStatus), ReadError> {
    let v1::SetProfileStatus { uid, active, deactivate_others } =
        v1::SetProfileStatus::decode(bytes).map_err(malformed)?;
    Ok((read_uid(&uid)?, SetStatus { active, deactivate_others }))
}

fn read_uid(uid: &str) -> Result<Uuid, ReadError> {
    uid.parse().map_err(|_| ReadError::Malformed {
        form: "protobuf",
        why: "`uid` is no UUID of a profile".to_owned(),
    })
}

/// What was registered, as bytes.
pub fn write_registered(registered: Registered) -> Vec<u8> {
    let Registered { uid, version, new, remark } = registered;
    v1::RegisteredProfile { uid: uid.to_string(), version, new, remark }.encode_to_vec()
}

/// What is known of a profile, as bytes.
pub fn write_profile(profile: Profile) -> Vec<u8> {
    profile_message(profile).encode_to_vec()
}

/// A profile with its document, as bytes.
pub fn write_whole_profile(whole: WholeProfile) -> Vec<u8> {
    let WholeProfile { profile, document } = whole;
    let document = Box::<str>::from(document).into_string();
    v1::WholeProfile { profile: Some(profile_message(profile)), document }.encode_to_vec()
}

fn profile_message(profile: Profile) -> v1::Profile {
    let Profile { uid, space, name, version, kind, active, created, remark } = profile;
    let (uid, kind) = (uid.to_string(), String::from(kind));
    // As JSON has it.
    let created = created.to_rfc3339_opts(SecondsFormat::AutoSi, true);
    v1::Profile { uid, space, name, version, kind, active, created, remark }
}
