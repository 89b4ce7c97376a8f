use super::*;
use minijinja::value::Serde;
use proptest::prelude::*;
use serde_json::json;

fn fill(text: &str, values: &serde_json::Value) -> Result<String, String> {
    let mut templates = Templates::new();
    let text = templates.add("message", text)?;
    templates.fill(&text, &Value::from(Serde(values))).map_err(|why| why.to_string())
}

fn needs(text: &str) -> Vec<String> {
    let mut templates = Templates::new();
    templates.add("message", text).unwrap();
    templates.needs().into_iter().collect()
}

#[test]
fn text_is_inserted_as_it_is() {
    assert_eq!(fill("<${x}>", &json!({"x": "a \"b\" & <c>\n"})).unwrap(), "<a \"b\" & <c>\n>");
}

#[test]
fn anything_else_is_inserted_as_json() {
    let values = json!({"o": {"b": [1, true, null], "a": "ü"}, "n": null, "f": 1.0, "t": true, "i": 9_007_199_254_740_993_u64});
    assert_eq!(
        fill("${o} ${n} ${f} ${t} ${i}", &values).unwrap(),
        r#"{"b":[1,true,null],"a":"ü"} null 1.0 true 9007199254740993"#
    );
}

#[test]
fn what_is_inserted_is_never_expanded_again() {
    let values = json!({"answer": "${secret} ${% if true %}x${% endif %}", "secret": "gold"});
    assert_eq!(fill("${answer}", &values).unwrap(), "${secret} ${% if true %}x${% endif %}");
}

#[test]
fn nested_paths_lead_into_objects_and_lists() {
    let values = json!({"r": {"text": "x", "items": [{"n": 1}, {"n": 2}]}});
    assert_eq!(fill("${r.text} ${r.items[1].n} ${ r['text'] }", &values).unwrap(), "x 2 x");
}

#[test]
fn an_escaped_place_is_plain_text() {
    assert_eq!(fill("$${x} $$${x} ${x}", &json!({"x": 1})).unwrap(), "${x} $${x} 1");
    assert_eq!(fill("$${x}", &json!({})).unwrap(), "${x}");
}

#[test]
fn braces_and_dollars_of_other_languages_are_plain_text() {
    for text in ["{{ x }}", "{% if %}", "{# no #}", "{\"a\": 1}", "$5 $x {x} $ {x}", "trailing\n"] {
        assert_eq!(fill(text, &json!({})).unwrap(), text);
        assert_eq!(fill(&format!("${{x}}{text}"), &json!({"x": ""})).unwrap(), text);
    }
}

#[test]
fn blocks_and_filters_work() {
    let values = json!({"items": ["a", "b"], "show": true});
    let text =
        "${% for item in items %}${item|upper};${% endfor %}${# a comment #}${% if show %}!${% endif %}";
    assert_eq!(fill(text, &values).unwrap(), "A;B;!");
}

#[test]
fn what_is_missing_is_named() {
    assert_eq!(fill("${r.text}", &json!({"r": {}})).unwrap_err(), "there is no `r.text`");
    assert_eq!(fill("${x}", &json!({})).unwrap_err(), "there is no `x`");
}

#[test]
fn a_value_of_null_is_there() {
    assert_eq!(fill("${x}", &json!({"x": null})).unwrap(), "null");
}

#[test]
fn needs_are_paths_without_what_the_template_makes_itself() {
    assert_eq!(
        needs(
            "${query} ${r.text} ${% for item in items %}${item.x} ${loop.index}${% endfor %} ${range(3)} $${no}"
        ),
        ["items", "query", "r.text"]
    );
}

#[test]
fn a_place_that_is_not_closed_is_told_with_the_way_out() {
    let told = fill("${x", &json!({})).unwrap_err();
    assert!(told.contains("write `$${` for a plain `${`"), "{told}");
}

proptest! {
    #[test]
    fn every_text_comes_out_as_it_went_in(text in ".*") {
        prop_assert_eq!(fill("${x}", &json!({"x": text})).unwrap(), text);
    }

    #[test]
    fn every_text_can_be_written_as_a_template(text in r"[${}%#a\n]*") {
        let escaped = text.replace("${", "$${");
        prop_assert_eq!(fill(&escaped, &json!({})).unwrap(), text);
    }
}
