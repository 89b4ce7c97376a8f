use super::*;
use crate::chat::{Image, Part};
use crate::prompt::NamedOutput;
use serde_json::json;

fn read(value: Value) -> Result<Prompt, serde_json::Error> {
    serde_json::from_value(value)
}

#[test]
fn a_text_alone_is_said_by_the_user() {
    let prompt = read(json!({"model": "m", "messages": "hi", "system_instructions": "be brief"})).unwrap();
    assert_eq!(prompt.messages, [Message::text(Role::User, "hi")]);
    assert_eq!(prompt.system_instructions, [Message::text(Role::System, "be brief")]);
    assert_eq!(prompt.provider, Provider::Undefined);
}

#[test]
fn a_file_comes_back_as_it_was_written() {
    let prompt = Prompt {
        model: "m".into(),
        provider: Provider::Google,
        messages: vec![
            Message::text(Role::User, "a ${x}"),
            Message::text(Role::Assistant, "b"),
            Message {
                role: Role::User,
                parts: vec![
                    Part::Text("see".into()),
                    Part::Image(Image::Url("https://example.com/${x}.png".into())),
                    Part::Image(Image::Bytes {
                        media_type: "image/png".into(),
                        data: [0_u8, 255].as_slice().into(),
                    }),
                ],
            },
        ],
        system_instructions: vec![Message::text(Role::System, "c")],
        settings: Settings { temperature: Some(0.1), stop: vec!["x".into()], ..Settings::default() },
        output_type: Some(OutputType::Schema { name: "n".into(), schema: json!({"type": "object"}) }),
        connection: crate::Connection::default(),
        bound: Map::new(),
    }
    .bind("x", json!(["ü", 1]));
    assert_eq!(read(serde_json::to_value(&prompt).unwrap()).unwrap(), prompt);
}

#[test]
fn the_score_has_a_name() {
    let prompt = read(json!({"model": "m", "messages": ["x"], "output_type": "Score"})).unwrap();
    assert_eq!(prompt.output_type, Some(OutputType::Named(NamedOutput::Score)));
    assert_eq!(prompt.output_type.unwrap().schema().unwrap().name(), "Score");
}

#[test]
fn roles_are_read_in_the_words_of_every_provider() {
    let messages = json!([{"role": "developer", "content": "a"}, {"role": "Model", "content": "b"}]);
    let prompt = read(json!({"model": "m", "messages": messages})).unwrap();
    assert_eq!(prompt.messages, [Message::text(Role::System, "a"), Message::text(Role::Assistant, "b")]);
}

#[test]
fn a_field_with_a_typo_is_refused() {
    let told = read(json!({"model": "m", "message": "x"})).unwrap_err().to_string();
    assert!(told.contains("`message`"), "{told}");
}

#[test]
fn a_mistake_in_a_message_is_told_with_its_place() {
    for (messages, told) in [
        (json!(["x", {"role": "usr", "content": "y"}]), "message 2: unknown variant `usr`"),
        (json!([{"rol": "user", "content": "y"}]), "message 1: unknown field `rol`"),
        (json!([{"role": "user"}]), "message 1: missing field `content`"),
        (
            json!({"role": "user", "content": [{"type": "imge"}]}),
            "part 1 of `content`: unknown variant `imge`",
        ),
        (json!([{"role": "user", "content": 1}]), "message 1: `content` is a text or a list of parts"),
        (json!([1]), "message 1: a message is a text, or has `role` and `content`"),
    ] {
        let found = read(json!({"model": "m", "messages": messages})).unwrap_err().to_string();
        assert!(found.contains(told), "{found}");
    }
}

#[test]
fn an_image_that_is_neither_address_nor_data_is_refused() {
    for image in [json!({"type": "image"}), json!({"type": "image", "url": "x", "data": "eA=="})] {
        let messages = json!([{"role": "user", "content": [image]}]);
        assert!(read(json!({"model": "m", "messages": messages})).is_err());
    }
}
