use super::*;
use crate::Provider;
use crate::prompt::{OutputType, Prompt};
use serde_json::{Map, json};

fn prompt(messages: Vec<Message>) -> Prompt {
    Prompt {
        model: "m".into(),
        provider: Provider::OpenAi,
        messages,
        system_instructions: vec![Message::text(Role::System, "You judge ${language}.")],
        settings: Settings::default(),
        output_type: None,
        connection: crate::Connection::default(),
        bound: Map::new(),
    }
}

#[test]
fn every_message_is_a_template() {
    let messages = vec![Message::text(Role::User, "q: ${q}"), Message::text(Role::Assistant, "a: ${a.text}")];
    let compiled = prompt(messages).compile().unwrap();
    let request = compiled.fill(&json!({"q": 1, "a": {"text": "x"}, "language": "French"})).unwrap();
    let said: Vec<_> =
        request.messages.iter().map(|message| (message.role, message.as_text().unwrap())).collect();
    assert_eq!(said, [(Role::System, "You judge French."), (Role::User, "q: 1"), (Role::Assistant, "a: x")]);
}

#[test]
fn the_address_of_an_image_is_a_template_and_its_bytes_are_not() {
    let bytes = Image::Bytes { media_type: "image/png".into(), data: b"${x}".as_slice().into() };
    let parts =
        vec![Part::Image(Image::Url("https://example.com/${id}.png".into())), Part::Image(bytes.clone())];
    let compiled = prompt(vec![Message { role: Role::User, parts }]).compile().unwrap();
    let request = compiled.fill(&json!({"id": 7, "language": "x"})).unwrap();
    let expected = vec![Part::Image(Image::Url("https://example.com/7.png".into())), Part::Image(bytes)];
    assert_eq!(request.messages[1].parts, expected);
}

#[test]
fn what_is_bound_is_not_needed_and_goes_first() {
    let prompt = prompt(vec![Message::text(Role::User, "${q} ${r.a}")]).bind("language", "C").bind("q", 1);
    let compiled = prompt.compile().unwrap();
    assert_eq!(compiled.needs().iter().collect::<Vec<_>>(), ["r.a"]);
    assert_eq!(compiled.parameters().into_iter().collect::<Vec<_>>(), ["r"]);
    let request = compiled.fill(&json!({"q": "other", "r": {"a": "${q}"}})).unwrap();
    assert_eq!(request.messages[1].as_text(), Some("1 ${q}"));
}

#[test]
fn a_bound_text_with_a_place_in_it_stays_text() {
    let prompt = prompt(vec![Message::text(Role::User, "${q}")]).bind("q", "${secret}").bind("language", "");
    let request = prompt.compile().unwrap().fill(&json!({"secret": "gold"})).unwrap();
    assert_eq!(request.messages[1].as_text(), Some("${secret}"));
}

#[test]
fn everything_that_is_wrong_is_told_at_once() {
    let mut prompt = prompt(vec![Message::text(Role::User, "${a"), Message::text(Role::User, "${ 1 + }")]);
    prompt.model = "two words".into();
    prompt.output_type = Some(OutputType::Schema { name: "n".into(), schema: json!({"type": "strng"}) });
    let errors = prompt.compile().unwrap_err();
    let places: Vec<_> = errors.problems().iter().map(|problem| problem.place.as_str()).collect();
    assert_eq!(places, ["model", "output_type", "messages[0]", "messages[1]"]);
}

#[test]
fn a_missing_value_is_told_with_its_message() {
    let compiled = prompt(vec![Message::text(Role::User, "x")]).compile().unwrap();
    let error = compiled.fill(&json!({})).unwrap_err();
    assert_eq!(error.to_string(), "fill in the prompt, `system_instructions[0]`: there is no `language`");
}

#[test]
fn a_name_that_a_template_can_do_without_is_not_required() {
    let text =
        "${query} ${tone | default('none')} ${% if hint is defined %}${hint}${% endif %} ${r.a} ${r.b}";
    let prompt = prompt(vec![Message::text(Role::User, text)]).bind("language", "English");
    let compiled = prompt.compile().unwrap();
    let required: Vec<_> = compiled.needs().iter().filter(|need| compiled.requires(need)).collect();
    assert_eq!(required, ["query", "r.a", "r.b"]);
}

#[test]
fn what_a_template_wants_of_one_value_makes_no_other_required() {
    let texts = ["${items | first} ${meta.tone | default('x')} ${query}", "${n + 1} ${hint | default('x')}"];
    let messages = texts.map(|text| Message::text(Role::User, text)).to_vec();
    let compiled = prompt(messages).bind("language", "English").compile().unwrap();
    assert!(!compiled.requires("meta.tone") && !compiled.requires("hint"));
    assert!(compiled.requires("query"));
    let filled = compiled.fill(&json!({"items": ["a"], "meta": {}, "query": "q", "n": 1})).unwrap();
    assert_eq!(filled.messages[1].as_text(), Some("a x q"));
}

#[test]
fn what_a_template_needs_is_told_as_far_as_it_is_a_path() {
    for (text, needs) in [("${r.items[1].n}", "r.items"), ("${r['text']}", "r")] {
        let prompt = prompt(vec![Message::text(Role::User, text)]).bind("language", "English");
        let compiled = prompt.compile().unwrap();
        let found: Vec<_> = compiled.needs().iter().map(String::as_str).collect();
        assert_eq!(found, [needs], "{text}");
    }
}

#[test]
fn a_prompt_can_show_what_its_form_asks_for() {
    for (form, text, shown) in [
        (r#"{"rubric": {"clarity": "Is it clear?"}}"#, "${rubric}", "\n- clarity: Is it clear?"),
        (r#"{"labels": ["a", "b"]}"#, "${labels}", "- a\n- b"),
    ] {
        let mut prompt = prompt(vec![Message::text(Role::User, text)]).bind("language", "English");
        prompt.output_type = Some(serde_json::from_str(form).unwrap());
        let compiled = prompt.compile().unwrap();
        assert!(compiled.needs().is_empty());
        let request = compiled.fill(&serde_json::json!({"labels": "the record's", "rubric": 1})).unwrap();
        let said = request.messages.last().unwrap().as_text().unwrap();
        assert!(said.ends_with(shown), "{said}");
    }
}
