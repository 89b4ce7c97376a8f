use crate::access::password::{hash_aside, is_right};
use crate::access::{Key, Unfit, check_name, check_password, hash, one_time};

#[tokio::test]
async fn a_password_is_kept_as_argon2id_with_a_salt_of_its_own() {
    let [first, second] = ["correct horse battery"; 2].map(|password| hash(password).unwrap());
    assert!(first.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{first}");
    assert_ne!(first, second);
    assert!(is_right("correct horse battery".to_owned(), Some(first.clone())).await);
    assert!(!is_right("correct horse batterz".to_owned(), Some(first)).await);
}

/// The vector of the reference implementation of Argon2 (`test.c`: 2 passes, 64 MB, one lane, `password` and `somesalt`).
#[tokio::test]
async fn hashes_of_another_implementation_are_known() {
    let known = "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc";
    assert!(is_right("password".to_owned(), Some(known.to_owned())).await);
}

#[tokio::test]
async fn nobodys_password_is_never_right() {
    for password in ["", "nobody is here"] {
        assert!(!is_right(password.to_owned(), None).await);
        assert!(!is_right(password.to_owned(), Some("no hash".to_owned())).await);
    }
}

#[tokio::test]
async fn what_is_made_for_one_use_can_be_a_password() {
    let [first, second] = [one_time().unwrap(), one_time().unwrap()];
    assert!(check_password(&first).is_ok() && first.len() == 23 && first != second);
    assert!(is_right(first.clone(), Some(hash_aside(first).await.unwrap())).await);
}

#[test]
fn names_and_passwords_have_bounds() {
    for name in ["", "Ada", "a b", "a\u{0}", &"a".repeat(65)] {
        assert_eq!(check_name(name), Err(Unfit::Name), "{name}");
    }
    assert_eq!(check_name("ada.lovelace-1@shop_x"), Ok(()));
    for password in ["elevenchars", &"a".repeat(1025)] {
        assert_eq!(check_password(password), Err(Unfit::Password), "{password}");
    }
    assert_eq!(check_password("é".repeat(12).as_str()), Ok(()));
}

#[test]
fn of_a_key_only_its_beginning_is_shown() {
    let key = Key::new().unwrap();
    let (prefix, rest) = key.reveal().split_at(16);
    assert_eq!((key.prefix(), rest.len()), (prefix, 53));
    assert!(prefix.starts_with("scouter_") && !format!("{key:?}").contains(&rest[1..]));
    assert_ne!(key.hash(), Key::new().unwrap().hash());
}
