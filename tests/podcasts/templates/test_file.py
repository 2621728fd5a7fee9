"""The file of templates: people's comments stay, and a mistake is named with its line and field."""

from __future__ import annotations

import textwrap
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest.mock import Mock, patch

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from magpie.accounts.principal import Principal
from magpie.podcasts.templates.file import FileUnusable, TemplateFile
from magpie.podcasts.templates.schemas import TemplateCreate
from magpie.podcasts.templates.service import as_json, find, settle, templates_in
from magpie.podcasts.templates.shipped import shipped

SEED = """\
- id: "weekly"
  name: "Weekly talk"
  description: "What happened"
  llmPromptInstructions: "Two friends talk."
  ttsConfig: # Optional
    voiceId: "af_heart"
    style: "calm"
"""


def _file(folder: Path, text: str) -> TemplateFile:
    (folder / "templates.yaml").write_text(textwrap.dedent(text), encoding="utf-8")
    return TemplateFile(folder)


def test_the_seeds_own_file_is_read(tmp_path: Path) -> None:
    held = _file(tmp_path, SEED).read()
    assert held.problems == []
    template = held.templates["weekly"]
    assert template.llm_prompt_instructions == "Two friends talk."
    assert template.tts_config is not None
    assert (template.tts_config.voice_id, template.tts_config.style) == ("af_heart", "calm")
    brief = settle(as_json(template), {})
    assert [one.voice_id for one in brief.speakers] == ["af_heart"]


def test_without_a_file_those_that_ship_are_there(tmp_path: Path) -> None:
    templates = templates_in(tmp_path)
    assert [one.id for one in templates.every(None)] == [one.id for one in shipped()]
    assert templates.problems() == []
    assert find(tmp_path, "debate").name == "Debate"


@pytest.mark.parametrize(
    ("text", "line", "field", "word"),
    [
        ("- id: a\n  name: A\n  minutes: soon\n", 3, "minutes", "number"),
        ("- id: a\n  name: A\n  speakers:\n  - name: X\n    voiceid: y\n", 5, "speakers.0.voiceid", "xtra"),
        ("- name: A\n", 1, "id", "required"),
        ("- id: 'A B'\n  name: A\n", 1, "id", "small letters"),
        ("- id: a\n  name: A\n- id: a\n  name: B\n", 3, "id", "twice"),
        ("- id: a\n  name: A\n  music:\n    bed: ../x.mp3\n", 4, "music.bed", "podcasts/music"),
        ("- id: a\n  name: A\n  speakers: [{name: X}, {name: x}]\n", 1, None, "different names"),
        ("- id: a\n  name: [\n", 3, None, "YAML"),
        ("id: a\nname: A\n", 1, None, "list"),
        ("- 5\n", 1, None, "fields"),
        ("- id: a\n  name: A\n  format: opera\n", 3, "format", "narrator"),
        ("- id: &a a\n  name: !!python/object:os.system x\n", 2, "name", "string"),
    ],
)
def test_a_mistake_is_named_and_those_that_ship_still_work(
    tmp_path: Path, text: str, line: int, field: str | None, word: str
) -> None:
    (tmp_path / "templates.yaml").write_text(text, encoding="utf-8")
    templates = templates_in(tmp_path)
    problem = templates.problems()[0]
    assert (problem.line, problem.field) == (line, field)
    assert word in problem.message
    assert {one.id for one in templates.every(None)} >= {one.id for one in shipped()}


def test_one_faulty_template_does_not_take_the_others_with_it(tmp_path: Path) -> None:
    held = _file(tmp_path, SEED + "- id: other\n  name: ''\n").read()
    assert list(held.templates) == ["weekly"]
    assert [(one.line, one.field) for one in held.problems] == [(9, "name")]


def test_what_is_no_text_is_told(tmp_path: Path) -> None:
    (tmp_path / "templates.yaml").write_bytes(b"\xff\xfe\x00")
    assert "UTF-8" in TemplateFile(tmp_path).read().problems[0].message


def test_comments_and_order_outlive_a_change(tmp_path: Path) -> None:
    file = _file(tmp_path, "# mine\n" + SEED + "# the end\n")

    def change(entries: object) -> None:
        entries[0]["style"] = "dry"  # type: ignore[index]

    file.change(change)
    text = file.path.read_text(encoding="utf-8")
    assert text.startswith("# mine\n- id:")
    assert "# Optional" in text
    assert "# the end" in text
    assert file.read().templates["weekly"].style == "dry"


def test_a_file_that_cannot_be_read_is_never_written_over(tmp_path: Path) -> None:
    file = _file(tmp_path, "- id: [\n")
    with pytest.raises(FileUnusable):
        file.change(lambda entries: entries.append({"id": "b", "name": "B"}))
    assert file.path.read_text(encoding="utf-8") == "- id: [\n"


def test_many_writers_lose_nothing(tmp_path: Path) -> None:
    def add(number: int) -> None:
        def change(entries: object) -> None:
            entries.append({"id": f"t{number}", "name": "T"})  # type: ignore[attr-defined]

        TemplateFile(tmp_path).change(change)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(add, range(24)))
    held = TemplateFile(tmp_path).read()
    assert sorted(held.templates) == sorted(f"t{number}" for number in range(24))
    assert held.problems == []


CHARACTERS = st.sampled_from(list("ab -:#|>'\"\n\t\r\x07\x85\u2028\ufeff[]{}&*!%@`,?\\é😀\x7f\xa0"))


@pytest.mark.once
@given(texts=st.lists(st.text(CHARACTERS, max_size=14), min_size=1, max_size=2))
@settings(max_examples=60, deadline=None)
@example(texts=["a\n\x07b", "c"])
@example(texts=["\x85", "\u2028*|\n"])
def test_whatever_somebody_writes_the_file_can_be_read_again(texts: list[str]) -> None:
    with TemporaryDirectory() as folder:
        templates = templates_in(Path(folder))
        chief = Principal(1, "ada", is_superuser=True)
        for number, text in enumerate(texts):
            wanted = TemplateCreate(name=f"T{number}", llm_prompt_instructions=text)
            with patch("magpie.podcasts.templates.service.audit.record"):
                templates.create(Mock(), chief, wanted)
        assert templates.problems() == []
        held = [find(Path(folder), f"t{number}").llm_prompt_instructions for number in range(len(texts))]
        assert held == texts


@pytest.mark.once
def test_nobody_fills_the_file_so_that_it_cannot_be_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("magpie.podcasts.templates.file.MAX_TEMPLATES", 1)
    file = _file(tmp_path, SEED)
    with pytest.raises(FileUnusable, match="more than 1 templates"):
        file.change(lambda entries: entries.append({"id": "b", "name": "B"}))
    monkeypatch.setattr("magpie.podcasts.templates.file.MAX_BYTES", 1000)
    with pytest.raises(FileUnusable, match="larger"):
        file.change(lambda entries: entries[0].update({"description": "x" * 1000}))
    assert list(file.read().templates) == ["weekly"]
