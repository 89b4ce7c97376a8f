use crate::access::{Grant, Grants, Role};

fn grants(all: &[&str]) -> Grants {
    all.iter().map(|grant| grant.parse::<Grant>().unwrap()).collect()
}

#[test]
fn a_role_holds_in_its_space_and_for_what_needs_less() {
    let held = grants(&["shop=write"]);
    for (space, role, may) in [
        ("shop", Role::Read, true),
        ("shop", Role::Write, true),
        ("shop", Role::Admin, false),
        ("bank", Role::Read, false),
        ("*", Role::Read, false),
    ] {
        assert_eq!(held.may(space, role), may, "{space} {role:?}");
    }
    assert!(held.anywhere(Role::Write) && !held.everywhere(Role::Read));
    assert_eq!(held.spaces(Role::Read), Some(vec!["shop".to_owned()]));
}

#[test]
fn a_role_in_every_space_holds_in_each() {
    let held = grants(&["*=read", "shop=write"]);
    assert!(held.may("bank", Role::Read) && held.may("shop", Role::Write) && !held.may("bank", Role::Write));
    assert_eq!((held.spaces(Role::Read), held.spaces(Role::Write)), (None, Some(vec!["shop".to_owned()])));
}

#[test]
fn of_two_roles_in_a_space_the_larger_holds() {
    assert_eq!(grants(&["shop=write", "shop=read"]).to_string(), "shop=write");
}

#[test]
fn nobody_may_anything_without_a_grant() {
    assert!(!Grants::default().anywhere(Role::Read));
}

#[test]
fn what_is_no_grant_is_told() {
    for text in ["shop", "=read", "shop=own", "shop=", "", "my shop=read", "a/b=read"] {
        let error = text.parse::<Grant>().unwrap_err().to_string();
        assert!(error.contains(&format!("`{text}`")) && error.contains("`shop=write`"), "{error}");
    }
}

#[test]
fn grants_are_kept_as_an_object_of_words() {
    let held = grants(&["shop=write", "*=read"]);
    let json = serde_json::to_string(&held).unwrap();
    assert_eq!(json, r#"{"*":"read","shop":"write"}"#);
    assert_eq!(serde_json::from_str::<Grants>(&json).unwrap(), held);
}
