"""Columns of texts that are watched by how long they are."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from scipy import stats
from scouter.drift import Drifter, PsiDriftConfig, PsiDriftProfile, SpcDriftConfig
from scouter.errors import DataError
from scouter.evaluate import DriftTask, GenAIEvalDataset, GenAIEvalRecord

RANDOM = np.random.default_rng(17)
WORDS = np.array(["naïve", "late", "again", "a", "12", "flight"])


def answers(words: int, rows: int = 400) -> pd.DataFrame:
    texts = [" ".join(RANDOM.choice(WORDS, RANDOM.integers(1, words))) for _ in range(rows)]
    return pd.DataFrame({"answer": texts, "id": [f"u{at}" for at in range(rows)]})


BEFORE, SAME, LONGER = answers(30), answers(30), answers(45)
LENGTHS = {"answer": "words"}
DRIFTER = Drifter()


def words(frame: pd.DataFrame) -> list[int]:
    return frame["answer"].str.split().str.len().tolist()


def test_lengths_are_bins_of_numbers() -> None:
    profile = DRIFTER.create_drift_profile(BEFORE, PsiDriftConfig(text_lengths=LENGTHS))
    plain = DRIFTER.create_drift_profile({"answer": words(BEFORE)}, PsiDriftConfig())
    assert profile.features["answer"].bins == plain.features["answer"].bins
    assert DRIFTER.compute_drift(LONGER, profile).drifted == ["answer"]
    expected = DRIFTER.compute_drift({"answer": words(LONGER)}, plain).features["answer"]
    assert DRIFTER.compute_drift(LONGER, profile).features["answer"] == pytest.approx(expected, rel=1e-12)


def test_characters_are_counted_as_python_counts_them() -> None:
    config = SpcDriftConfig(sample_size=4, text_lengths={"answer": "characters"})
    center = DRIFTER.create_drift_profile(BEFORE[["answer"]], config).features["answer"].center
    assert center == pytest.approx(BEFORE["answer"].map(len).mean(), rel=1e-12)


def test_lengths_stand_on_charts() -> None:
    profile = DRIFTER.create_drift_profile(BEFORE[["answer"]], SpcDriftConfig(sample_size=4, text_lengths=LENGTHS))
    assert profile.config.feature_map is None
    expected = np.array(words(LONGER)).reshape(-1, 4).mean(axis=1)
    np.testing.assert_allclose(DRIFTER.compute_drift(LONGER, profile)["answer"].samples, expected, rtol=1e-12)


def test_lengths_are_compared_without_a_profile() -> None:
    distances = DRIFTER.compare(BEFORE[["answer"]], LONGER, text_lengths=LENGTHS)
    theirs = stats.ks_2samp(words(BEFORE), words(LONGER))
    assert distances["answer"].statistic == pytest.approx(theirs.statistic, rel=1e-12) and distances.drifted == ["answer"]
    assert DRIFTER.compare(BEFORE[["answer"]], SAME, text_lengths=LENGTHS).drifted == []


LIBRARIES: dict[str, Callable[[pd.DataFrame], object]] = {
    "pandas": lambda frame: frame,
    "categories of pandas": lambda frame: frame.astype({"answer": "category"}),
    "polars": pl.from_pandas,
    "arrow": pa.Table.from_pandas,
    "rows": lambda frame: frame.to_dict("records"),
    "parts": lambda frame: iter([frame[:150], frame[150:]]),
}


@pytest.mark.parametrize("library", LIBRARIES)
def test_lengths_of_any_library(library: str) -> None:
    config = PsiDriftConfig(text_lengths=LENGTHS)
    profile = DRIFTER.create_drift_profile(LIBRARIES[library](BEFORE), config)
    plain = DRIFTER.create_drift_profile(BEFORE, config)
    assert profile.features["answer"].bins == plain.features["answer"].bins


def test_texts_of_a_file_that_look_like_numbers_have_lengths(tmp_path: Path) -> None:
    path = tmp_path / "codes.csv"
    path.write_text("code,n\n" + "1,0\n22,0\n,0\n333,0\n" * 50)
    profile = DRIFTER.create_drift_profile(path, PsiDriftConfig(text_lengths={"code": "characters"}))
    bins = profile.features["code"]
    assert sum(bin.count for bin in bins.bins) == 150 and bins.missing == 50
    assert DRIFTER.compute_drift(path, profile)["code"].psi == 0.0


def test_texts_that_are_missing_have_no_length() -> None:
    frame = pd.DataFrame({"answer": ["a b", None, "", "c"] * 20})
    profile = DRIFTER.create_drift_profile(frame, PsiDriftConfig(text_lengths=LENGTHS))
    assert profile.features["answer"].missing == 20
    gone = DRIFTER.compute_drift({"answer": [None] * 40}, profile)["answer"]
    assert (gone.missing, gone.current_rows) == (40, 40)


def test_the_configuration_comes_back() -> None:
    config = PsiDriftConfig(text_lengths=LENGTHS)
    assert config.text_lengths == LENGTHS and PsiDriftConfig.model_validate_json(config.model_dump_json()) == config
    profile = DRIFTER.create_drift_profile(BEFORE, config)
    assert PsiDriftProfile.model_validate_json(profile.model_dump_json()) == profile
    config.text_lengths = {}
    assert "text_lengths" not in config.model_dump()


def test_a_drift_task_reads_the_texts_of_records() -> None:
    profile = DRIFTER.create_drift_profile(BEFORE[["answer"]], PsiDriftConfig(text_lengths=LENGTHS))
    for frame, status in [(SAME, "passed"), (LONGER, "failed")]:
        records = [GenAIEvalRecord({"reply": {"text": text}}) for text in frame["answer"]]
        results = GenAIEvalDataset(records, [DriftTask("longer", profile, column="reply.text")]).evaluate()
        assert results.window["longer"].status == status
    wrong = [GenAIEvalRecord({"reply": {"text": 7}}) for _ in range(40)]
    results = GenAIEvalDataset(wrong, [DriftTask("longer", profile, column="reply.text")]).evaluate()
    assert results.window["longer"].status == "errored"


def test_what_is_no_text_has_no_length() -> None:
    with pytest.raises(DataError, match="column `x`: it holds numbers, and `text_lengths` names it as one of texts"):
        DRIFTER.create_drift_profile({"x": [1, 2, 3]}, PsiDriftConfig(text_lengths={"x": "words"}))
    profile = DRIFTER.create_drift_profile(BEFORE, PsiDriftConfig(text_lengths=LENGTHS))
    with pytest.raises(DataError, match="column `answer`: it holds numbers"):
        DRIFTER.compute_drift({"answer": [1.0], "id": ["u1"]}, profile)


def test_lengths_that_cannot_be_are_refused() -> None:
    with pytest.raises(ValueError, match="`text_lengths` of `answer` is `bytes`: it must be `characters` or `words`"):
        SpcDriftConfig(text_lengths={"answer": "bytes"})
    with pytest.raises(DataError, match="failed to take the lengths of `anser`: there is no such feature; did you mean `answer`?"):
        DRIFTER.create_drift_profile(BEFORE, PsiDriftConfig(text_lengths={"anser": "words"}))
    with pytest.raises(ValueError, match="`id` is named by `categorical_features` and by `text_lengths`: it can be one of them"):
        DRIFTER.create_drift_profile(BEFORE, PsiDriftConfig(categorical_features=["id"], text_lengths={"id": "words"}))
