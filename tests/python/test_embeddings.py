"""Texts as vectors: from providers, over real HTTP, or by a function; likeness as a check, and over all records."""

from __future__ import annotations

import json
import os
import pickle
import re
import signal
from pathlib import Path
from typing import Any

import pytest

from scouter.errors import EvaluationInterrupted, ModelError
from scouter.evaluate import (
    AssertionTask,
    EvaluationConfig,
    GenAIEvalDataset,
    GenAIEvalRecord,
    GenAIEvalResults,
    SemanticSimilarityAtLeast,
)
from scouter.genai import (
    Embedder,
    Embeddings,
    GeminiEmbeddingConfig,
    GeminiEmbeddingResponse,
    ModelOptions,
    OpenAIEmbeddingConfig,
    OpenAIEmbeddingResponse,
    PredictRequest,
    PredictResponse,
    Provider,
    ScriptedModel,
)
from scouter.mock import LLMTestServer, Reply, first, rate_limited

THERE = AssertionTask("there", None, "Exists", context_path="response")
VECTORS = {"north": [0.0, 1.0], "east": [1.0, 0.0], "northeast": [1.0, 1.0], "nowhere": [0.0, 0.0]}


def by_name(texts: list[str]) -> list[list[float]]:
    return [VECTORS[text] for text in texts]


def records(*pairs: tuple[Any, Any]) -> list[GenAIEvalRecord]:
    return [GenAIEvalRecord(context={"response": response, "reference": {"text": reference}}, id=str(at)) for at, (response, reference) in enumerate(pairs)]


def embed(*pairs: tuple[Any, Any], **more: Any) -> GenAIEvalResults:
    given: dict[str, Any] = {"embedding_targets": ["response", "reference.text"], "compute_similarity": True, **more}
    return GenAIEvalDataset(records(*pairs), [THERE]).evaluate(EvaluationConfig(Embedder(by_name), **given))


# Embedders.


@pytest.mark.parametrize(
    ("provider", "config", "model"),
    [
        (Provider.OpenAI, None, "text-embedding-3-small"),
        ("openai", OpenAIEmbeddingConfig("mine", dimensions=3), "mine"),
        (Provider.Gemini, None, "gemini-embedding-001"),
        ("google", GeminiEmbeddingConfig("mine", output_dimensionality=3, task_type="SEMANTIC_SIMILARITY"), "mine"),
        ("vertex", GeminiEmbeddingConfig("mine", output_dimensionality=3, task_type="SEMANTIC_SIMILARITY"), "mine"),
    ],
)
def test_a_provider_is_asked_in_its_own_words(provider: Any, config: Any, model: str) -> None:
    with LLMTestServer(Reply([[1.0, 0.5], [0.25, -1.0]])) as server:
        found = Embedder(provider, config).embed(["a", "b"])
        (request,) = server.requests
    assert (found.vectors, found[1], len(found)) == ([[1.0, 0.5], [0.25, -1.0]], [0.25, -1.0], 2)
    assert (request.messages, request.model, found.model) == (("a", "b"), model, model)
    assert request.dimensions == (None if config is None else 3)
    if isinstance(config, GeminiEmbeddingConfig):
        sent = request.body["instances"][0]["task_type"] if provider == "vertex" else request.body["requests"][0]["taskType"]
        assert sent == "SEMANTIC_SIMILARITY"


def test_vertex_answers_in_its_own_words_and_counts_tokens() -> None:
    with LLMTestServer(Reply([[1.0], [2.0]], tokens=(7, 0))):
        found = Embedder("vertex", GeminiEmbeddingConfig("text-embedding-005")).embed(["a", "b"])
    assert isinstance(found, PredictResponse)
    assert ([prediction.embeddings.values for prediction in found.predictions], found.input_tokens) == ([[1.0], [2.0]], 7)


def test_the_newer_models_of_vertex_are_asked_text_by_text() -> None:
    with LLMTestServer(lambda request: Reply([[float(len(request.text))]])) as server:
        found = Embedder("vertex").embed(["a", "bb"])
        asked = [request.messages for request in server.requests]
    assert (found.vectors, asked) == ([[1.0], [2.0]], [("a",), ("bb",)])


def test_what_a_predict_request_says_goes_before_the_configuration() -> None:
    request = PredictRequest([{"content": "a", "task_type": "CLUSTERING"}, {"content": "b", "task_type": "CLUSTERING"}], {"outputDimensionality": 2})
    with LLMTestServer() as server:
        found = Embedder("vertex", GeminiEmbeddingConfig("m", output_dimensionality=3, task_type="QUESTION_ANSWERING")).embed(request)
        (sent,) = server.requests
    assert [len(vector) for vector in found.vectors] == [2, 2]
    assert sent.body == {"instances": request.instances, "parameters": {"outputDimensionality": 2}}


def test_a_predict_request_is_embedded_by_any_provider() -> None:
    assert Embedder(by_name).embed(PredictRequest([{"content": "north"}])).vectors == [[0.0, 1.0]]


@pytest.mark.parametrize(
    ("instances", "parameters", "message"),
    [
        ([], None, "`instances` is empty"),
        ([{"content": "a"}, {"title": "b"}], None, "instance 1 has `title`"),
        ([{"task_type": "CLUSTERING"}], None, "instance 0 has no `content`"),
        ([{"content": "a"}, {"content": "b", "task_type": "CLUSTERING"}], None, "instance 1 has another `task_type`"),
        ([{"content": "a"}], {"autoTruncate": 1}, "`parameters` has `autoTruncate`"),
    ],
)
def test_a_predict_request_that_says_anything_else_is_refused(instances: Any, parameters: Any, message: str) -> None:
    with pytest.raises(ValueError, match=re.escape(message)):
        PredictRequest(instances, parameters)


def test_one_text_is_embedded_alone_and_its_tokens_counted() -> None:
    with LLMTestServer(Reply([[1.0]], tokens=(7, 0))):
        found = Embedder("openai").embed("a")
    assert (found.vectors, found.input_tokens) == ([[1.0]], 7)


def test_a_provider_that_is_busy_is_asked_again() -> None:
    with LLMTestServer(first(1, rate_limited(retry_after=0.01), Reply([[1.0]]))) as server:
        assert Embedder("openai").embed("a").vectors == [[1.0]]
        assert server.calls == 2


def test_a_server_that_speaks_openais_api_is_named_by_its_address() -> None:
    with LLMTestServer(Reply([[1.0]])) as server:
        address = server.base_urls["openai"]
        for embedder in (
            Embedder("openai", OpenAIEmbeddingConfig("m", base_url=address), models=ModelOptions(api_keys={"openai": "k"})),
            Embedder("openai", models=ModelOptions(base_url=address, api_keys={"openai": "k"})),
        ):
            assert embedder.embed("a").vectors == [[1.0]]
        assert [request.headers["authorization"] for request in server.requests] == ["Bearer k"] * 2


def test_an_embedder_goes_where_the_environment_says_now() -> None:
    embedder = Embedder("openai")
    for vector in ([1.0], [2.0]):
        with LLMTestServer(Reply([vector])):
            assert embedder.embed("a").vectors == [vector]


def test_many_calls_use_one_connection() -> None:
    with LLMTestServer(Reply([[1.0]])) as server:
        embedder = Embedder("openai")
        for _ in range(5):
            embedder.embed("a")
        assert (server.calls, server.connections) == (5, 1)


def test_no_answer_raises_the_cause() -> None:
    with LLMTestServer(Reply("no such model", status=404)):
        with pytest.raises(ModelError, match="no such model") as caught:
            Embedder("openai").embed("a")
    assert caught.value.results is None
    assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)


@pytest.mark.parametrize(
    ("config", "options"),
    [(OpenAIEmbeddingConfig(timeout=0.5), ModelOptions(max_retries=0)), (None, ModelOptions(max_retries=0, timeout=0.5))],
)
def test_a_provider_that_is_silent_is_not_waited_for(config: Any, options: ModelOptions) -> None:
    with LLMTestServer(Reply([[1.0]], delay=60)) as server:
        with pytest.raises(ModelError, match="no answer in time"):
            Embedder("openai", config, models=options).embed("a")
        assert server.calls == 1


def test_an_embedder_has_no_script() -> None:
    with pytest.raises(ValueError, match="an embedder has no `model`"):
        Embedder("openai", models=ModelOptions(model=ScriptedModel([])))


def test_vectors_have_the_words_of_their_providers_reply_too() -> None:
    with LLMTestServer(Reply([[1.0, 0.5], [0.25, -1.0]], tokens=(7, 0))):
        openai, gemini = Embedder("openai").embed(["a", "b"]), Embedder("gemini").embed(["a", "b"])
    assert isinstance(openai, OpenAIEmbeddingResponse) and isinstance(gemini, GeminiEmbeddingResponse)
    assert isinstance(openai, Embeddings) and isinstance(gemini, Embeddings)
    assert [(row.index, row.embedding) for row in openai.data] == [(0, [1.0, 0.5]), (1, [0.25, -1.0])]
    assert openai.usage is not None and (openai.usage.prompt_tokens, openai.usage.total_tokens, openai.object) == (7, 7, "list")
    assert [row.values for row in gemini.embeddings] == openai.vectors == gemini.vectors
    assert repr(openai).startswith("OpenAIEmbeddingResponse(2 vectors of 2 numbers")


def test_vectors_cost_what_the_table_says() -> None:
    prices = {"as_of": "2026-01-01", "models": {"openai/text-embedding-3-small": {"input": 2.0}}}
    embedder = Embedder("openai", models=ModelOptions(prices=prices))
    with LLMTestServer(Reply([[1.0]], tokens=(7, 0))):
        call = embedder.embed("a").call
    assert call is not None and (call.input_tokens, call.attempts, call.cost) == (7, 1, pytest.approx(14e-6))
    used = embedder.used
    assert used is not None and (used.calls, used.tokens, used.cost, used.unpriced) == (1, 7, pytest.approx(14e-6), 0)


def test_what_was_embedded_before_is_found_on_disk(tmp_path: Path) -> None:
    with LLMTestServer(Reply([[1.0, 0.1]])) as server:
        first, second = (Embedder("openai", models=ModelOptions(cache_dir=tmp_path)).embed("a") for _ in range(2))
        assert server.calls == 1
        Embedder("openai", OpenAIEmbeddingConfig("another"), models=ModelOptions(cache_dir=tmp_path)).embed("a")
        assert server.calls == 2
    assert second.vectors == first.vectors and second.call is not None
    assert (second.call.origin, second.call.cost, second.call.attempts) == ("cache", 0.0, 0)


def test_recorded_vectors_are_played_without_a_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tape = tmp_path / "tape.jsonl"
    with LLMTestServer(Reply([[1.0, 0.1]])):
        recorded = Embedder("openai", models=ModelOptions(cassette=tape, cassette_mode="record")).embed("a")
    for name in ("OPENAI_API_KEY", "OPENAI_BASE_URL", "OPENAI_API_BASE", "AZURE_OPENAI_ENDPOINT"):
        monkeypatch.delenv(name, raising=False)
    player = Embedder("openai", models=ModelOptions(cassette=tape, cassette_mode="replay_or_fail"))
    played = player.embed("a")
    assert played.vectors == recorded.vectors and played.call is not None and played.call.origin == "cassette"
    with pytest.raises(ModelError, match=r"no such question; the nearest recording differs at `texts\[0\]`"):
        player.embed("b")


def test_a_cassette_of_an_embedder_is_in_order_when_the_run_ends(tmp_path: Path) -> None:
    tape = tmp_path / "tape.jsonl"
    embedder = Embedder("openai", models=ModelOptions(cassette=tape, cassette_mode="record"))
    config = EvaluationConfig(embedder=embedder, embedding_targets=["response"])
    with LLMTestServer(Reply([[1.0, 0.1]])):
        for text in ("b", "a"):
            dataset = GenAIEvalDataset([GenAIEvalRecord(context={"response": text})], [THERE])
            dataset.evaluate(config)
    asked = [json.loads(line)["request"]["texts"] for line in tape.read_text().splitlines()]
    assert asked == [["a"], ["b"]]


def test_an_embedder_keeps_to_its_budget_wherever_it_goes() -> None:
    embedder = Embedder("openai", models=ModelOptions(budget_calls=1))
    with LLMTestServer(Reply([[1.0]])) as server:
        embedder.embed("a")
        with pytest.raises(ModelError, match="the budget of calls is used up"):
            embedder.embed("b")
        assert server.calls == 1
    with LLMTestServer(Reply([[1.0]])) as server, pytest.raises(ModelError, match="the budget of calls is used up"):
        embedder.embed("b")
    assert server.calls == 0


def test_a_text_that_is_empty_is_refused_before_anybody_is_asked() -> None:
    with LLMTestServer(Reply([[1.0]])) as server:
        with pytest.raises(ValueError, match="text 1 is empty"):
            Embedder("openai").embed(["a", " "])
        assert server.calls == 0


def test_a_wrong_key_is_shown_once_however_many_records_there_are() -> None:
    check = SemanticSimilarityAtLeast("alike", Embedder("openai"), 0.5, "response", "reference.text")
    with LLMTestServer(Reply("wrong key", status=401)) as server:
        done = GenAIEvalDataset(records(*[("north", "east")] * 20), [check]).evaluate(EvaluationConfig(max_concurrency=1))
        assert server.calls == 1
    assert done.task_counts()["alike"].errored == 20


def test_what_cannot_embed_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ValueError, match="`anthropic` has no embeddings here"):
        Embedder("anthropic")
    with pytest.raises(TypeError, match="expected `OpenAIEmbeddingConfig`"):
        Embedder("openai", GeminiEmbeddingConfig())
    with pytest.raises(ValueError, match="leave `config` and `models` out"):
        Embedder(by_name, OpenAIEmbeddingConfig())
    for name in ("OPENAI_API_KEY", "OPENAI_BASE_URL", "OPENAI_API_BASE", "AZURE_OPENAI_ENDPOINT"):
        monkeypatch.delenv(name, raising=False)
    with pytest.raises(ValueError, match="OPENAI_API_KEY"):
        Embedder("openai").embed("a")


def test_a_function_embeds_lists_and_arrays() -> None:
    import numpy

    assert Embedder(by_name).embed("north").vectors == [[0.0, 1.0]]
    assert Embedder(lambda texts: numpy.ones((len(texts), 2))).embed(["a", "b"]).vectors == [[1.0, 1.0], [1.0, 1.0]]


def test_a_function_that_gives_something_else_is_told_so() -> None:
    with pytest.raises(ValueError, match="gave 1 vectors for 2 texts"):
        Embedder(lambda texts: [[1.0]]).embed(["a", "b"])
    with pytest.raises(TypeError, match="a list of numbers for each text"):
        Embedder(lambda texts: ["x"]).embed("a")
    with pytest.raises(KeyError, match="unknown"):
        Embedder(by_name).embed("unknown")
    with pytest.raises(TypeError, match="a text, a list of texts or a `PredictRequest` is embedded"):
        Embedder(by_name).embed(1)  # type: ignore[arg-type]


def test_likeness_is_the_cosine() -> None:
    embedder = Embedder(by_name)
    assert embedder.similarity("north", "north") == 1.0
    assert embedder.similarity("north", "east") == 0.0
    assert embedder.similarity("north", "northeast") == pytest.approx(0.5**0.5)
    with pytest.raises(ValueError, match="all zeros"):
        embedder.similarity("north", "nowhere")


# As a check.


def test_texts_that_are_alike_enough_pass() -> None:
    task = SemanticSimilarityAtLeast("alike", Embedder(by_name), 0.7, expected_path="reference.text")
    results = GenAIEvalDataset(records(("north", "northeast"), ("north", "east")), [task]).evaluate()
    assert [(result["alike"].status, round(result["alike"].actual, 3)) for result in results] == [("passed", 0.707), ("failed", 0.0)]


def test_a_record_without_the_text_errs_alone() -> None:
    task = SemanticSimilarityAtLeast("alike", Embedder(by_name), 0.7, expected_path="reference.text")
    of = [*records(("north", "north")), GenAIEvalRecord(context={"response": "north"}, id="bare")]
    results = GenAIEvalDataset(of, [task]).evaluate()
    assert (results["0"]["alike"].status, results["bare"]["alike"].status) == ("passed", "errored")
    assert "there is no `reference`" in results["bare"]["alike"].message


def test_what_a_check_took_stands_in_its_result() -> None:
    task = SemanticSimilarityAtLeast("alike", Embedder("openai"), 0.5, expected_path="reference.text")
    with LLMTestServer([Reply([[1.0, 0.0], [1.0, 0.0]], tokens=(7, 0)), Reply("too long", status=400)]):
        results = GenAIEvalDataset(records(("north", "east"), ("east", "north")), [task]).evaluate(EvaluationConfig(max_concurrency=1))
    done, failed = (result["alike"] for result in results)
    assert (done.status, done.actual, done.call.input_tokens, done.call.provider) == ("passed", 1.0, 7, "openai")
    assert failed.status == "errored" and failed.call.attempts == 1
    assert (results.usage.calls, results.usage.failed, results.usage.input_tokens) == (1, 1, 7)
    assert results.usage.cost == pytest.approx(7 * 0.02e-6)


def test_a_threshold_that_is_no_cosine_says_so() -> None:
    with pytest.raises(ValueError, match="from -1 to 1"):
        SemanticSimilarityAtLeast("alike", Embedder(by_name), 80)


# Over all records.


def test_texts_are_embedded_and_compared_for_every_record() -> None:
    results = embed(("north", "east"), ("north", "northeast"))
    assert results["0"].embedding == {"response": [0.0, 1.0], "reference.text": [1.0, 0.0]}
    assert results["0"].mean_embeddings == {"response": 0.5, "reference.text": 0.5}
    assert results["0"].similarity_scores == {"response_reference.text": 0.0}
    assert results["1"].similarity_scores["response_reference.text"] == pytest.approx(0.5**0.5)
    assert results.histograms is None


def test_histograms_count_all_records() -> None:
    results = embed(("north", "east"), ("north", "northeast"), ("east", "east"), compute_histograms=True)
    assert results.histograms is not None
    assert list(results.histograms) == ["response", "reference.text", "response_reference.text"]
    assert sum(results.histograms["response_reference.text"].bin_counts) == 3


def test_a_text_that_is_missing_is_left_out() -> None:
    of = [GenAIEvalRecord(context={"response": "north"}, id="bare")]
    config = EvaluationConfig(Embedder(by_name), ["response", "reference.text"], compute_similarity=True)
    result = GenAIEvalDataset(of, [THERE]).evaluate(config)["bare"]
    assert (result.embedding, result.similarity_scores) == ({"response": [0.0, 1.0]}, {})


def test_a_text_is_embedded_whatever_else_stands_in_its_record() -> None:
    of = [GenAIEvalRecord(context={"response": "north", "image": object()}, id="shown")]
    result = GenAIEvalDataset(of, [THERE]).evaluate(EvaluationConfig(Embedder(by_name), ["response"]))["shown"]
    assert result.embedding == {"response": [0.0, 1.0]}


def test_a_text_that_cannot_be_read_is_told_with_its_record() -> None:
    of = [GenAIEvalRecord(context={"response": "north", "reference": object()}, id="odd")]
    with pytest.raises(ValueError, match="failed to embed `reference` of record `odd`: .*object") as caught:
        GenAIEvalDataset(of, [THERE]).evaluate(EvaluationConfig(Embedder(by_name), ["response", "reference"]))
    assert caught.value.results["odd"]["there"].status == "passed"  # type: ignore[attr-defined]


def test_a_text_is_embedded_once_however_often_it_occurs() -> None:
    asked: list[str] = []

    def embedding(texts: list[str]) -> list[list[float]]:
        asked.extend(texts)
        return by_name(texts)

    config = EvaluationConfig(Embedder(embedding), ["response", "reference.text"])
    results = GenAIEvalDataset(records(("north", "east"), ("east", "north")), [THERE]).evaluate(config, trials=2)
    assert sorted(asked) == ["east", "north"]
    assert [result.embedding["response"] for result in results] == [[0.0, 1.0]] * 2 + [[1.0, 0.0]] * 2


def test_what_was_judged_is_kept_where_embedding_fails() -> None:
    config = EvaluationConfig(Embedder("openai"), ["response"])
    with LLMTestServer(Reply("no such model", status=404)):
        with pytest.raises(ModelError, match="no such model") as caught:
            GenAIEvalDataset(records(("north", "east")), [THERE]).evaluate(config)
    assert caught.value.results is not None and caught.value.results["0"]["there"].status == "passed"


def test_texts_that_are_empty_are_left_out() -> None:
    results = embed(("north", ""), ("east", "north"))
    assert results["0"].embedding == {"response": [0.0, 1.0]}
    assert results["1"].similarity_scores == {"response_reference.text": 0.0}


def test_vectors_that_were_paid_for_are_kept_where_a_later_call_fails() -> None:
    of = [GenAIEvalRecord(context={"response": f"text {n}"}, id=str(n)) for n in range(150)]
    vectors = [[1.0]] * 100
    config = EvaluationConfig(Embedder("openai"), ["response"])
    with LLMTestServer([Reply(vectors), Reply("too long", status=400)]):
        with pytest.raises(ModelError, match="too long") as caught:
            GenAIEvalDataset(of, [THERE]).evaluate(config)
    results = caught.value.results
    assert (results["99"].embedding, results["100"].embedding) == ({"response": [1.0]}, {})


def test_what_a_run_embeds_is_in_its_usage() -> None:
    of = [GenAIEvalRecord(context={"response": f"text {n}"}, id=str(n)) for n in range(150)]
    replies = [Reply([[1.0]] * 100, tokens=(300, 0)), Reply([[1.0]] * 50, tokens=(150, 0))]
    with LLMTestServer(replies):
        results = GenAIEvalDataset(of, [THERE]).evaluate(EvaluationConfig(Embedder("openai"), ["response"]))
    for read in (results, GenAIEvalResults.model_validate_json(results.model_dump_json())):
        assert (read.usage.calls, read.usage.attempts, read.usage.input_tokens) == (2, 2, 450)
        assert read.usage.cost == pytest.approx(450 * 0.02e-6)


def test_a_budget_that_ends_while_texts_are_embedded_ends_the_run_with_what_there_is() -> None:
    of = [GenAIEvalRecord(context={"response": f"text {n}"}, id=str(n)) for n in range(150)]
    config = EvaluationConfig(Embedder("openai", models=ModelOptions(budget_calls=1)), ["response"])
    with LLMTestServer(Reply([[1.0]] * 100)):
        results = GenAIEvalDataset(of, [THERE]).evaluate(config)
    assert results.cancelled and "the budget of calls is used up" in (results.stopped or "")
    assert (results["99"].embedding, results["100"].embedding) == ({"response": [1.0]}, {})
    assert results["149"]["there"].status == "passed"


def test_ctrl_c_while_texts_are_embedded_keeps_what_was_judged() -> None:
    def reply(_: Any) -> Reply:
        os.kill(os.getpid(), signal.SIGINT)
        return Reply([[1.0]], delay=60)

    with LLMTestServer(reply), pytest.raises(EvaluationInterrupted) as caught:
        GenAIEvalDataset(records(("north", "east")), [THERE]).evaluate(EvaluationConfig(Embedder("openai"), ["response"]))
    assert caught.value.results["0"]["there"].status == "passed"


def test_embeddings_go_through_json_and_pickles() -> None:
    results = embed(("north", "east"), ("north", "northeast"), compute_histograms=True)
    for again in (GenAIEvalResults.model_validate_json(results.model_dump_json()), pickle.loads(pickle.dumps(results))):
        assert again["1"].embedding == results["1"].embedding
        assert again["1"].similarity_scores == results["1"].similarity_scores
        assert list(again.histograms or ()) == list(results.histograms or ())
    assert pickle.loads(pickle.dumps(results["1"])).embedding == results["1"].embedding


@pytest.mark.parametrize(
    ("given", "error", "why"),
    [
        ({"embedding_targets": ["response"]}, ValueError, "give an `embedder`"),
        ({"compute_similarity": True}, ValueError, "give an `embedder`"),
        ({"embedder": Embedder(by_name)}, ValueError, "name paths of texts"),
        ({"embedder": by_name, "embedding_targets": ["response"]}, TypeError, "must be an `Embedder`"),
        ({"embedder": Embedder(by_name), "embedding_targets": "response"}, TypeError, r"write `\[.response.\]`"),
        ({"embedder": Embedder(by_name), "embedding_targets": ["a["]}, ValueError, "`embedding_targets`"),
        ({"embedder": Embedder(by_name), "embedding_targets": ["a"], "compute_similarity": True}, ValueError, "two or more"),
    ],
)
def test_what_cannot_be_embedded_says_so(given: dict[str, Any], error: type[Exception], why: str) -> None:
    with pytest.raises(error, match=why):
        EvaluationConfig(**given)


def test_rows_in_files_have_no_embeddings(tmp_path: Any) -> None:
    config = EvaluationConfig(Embedder(by_name), ["response"])
    with pytest.raises(ValueError, match="use `evaluate`"):
        GenAIEvalDataset(records(("north", "east")), [THERE]).evaluate_to(tmp_path / "rows.jsonl", config)
