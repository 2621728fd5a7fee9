"""Settings: names and aliases, which source wins, and a sentence that names the variable when one is wrong."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from magpie import config
from magpie.config import Settings, SettingsRefused, load_settings, names_of, unknown_names

SECRET = "hunter2-hunter2-hunter2-hunter2-hunter2"
# The names that the contract accepts beside our own, as far as their setting exists.
ALIASES = {
    "SECRET_KEY": ("secret_key", SECRET),
    "DATABASE_URL": ("database_url", "postgresql://u:p@h/d"),
    "ALGORITHM": ("algorithm", "HS512"),
    "ACCESS_TOKEN_EXPIRE_MINUTES": ("access_token_expire_minutes", "90"),
    "OUTPUT_DIRECTORY": ("media_root", "/srv/media"),
    "MEDIA_ROOT": ("media_root", "/srv/media"),
    "DOWNLOAD_PATH": ("media_root", "/srv/media"),
    "MAX_CONCURRENT_DOWNLOADS": ("max_concurrent_downloads", "7"),
    "INITIAL_SUPERUSER_USERNAME": ("initial_superuser_username", "ada"),
    "INITIAL_SUPERUSER_PASSWORD": ("initial_superuser_password", SECRET),
    "INITIAL_SUPERUSER_EMAIL": ("initial_superuser_email", "ada@example.com"),
    "DEBUG": ("debug", "true"),
}


@pytest.fixture
def env_file(tmp_path: Path) -> Path:
    return tmp_path / ".env"


def load(env_file: Path, **environ: str) -> Settings:
    return load_settings(environ, env_file)


def test_without_anything_there_are_defaults(env_file: Path) -> None:
    chosen = load(env_file)
    assert chosen == Settings()
    assert chosen.media_root == chosen.data_dir / "media"
    assert chosen.effective_database_url == f"sqlite:///{chosen.data_dir / 'magpie.db'}"
    assert chosen.is_sqlite
    assert (chosen.host, chosen.port, chosen.debug, chosen.egress_allow) == ("127.0.0.1", 8000, False, "")


@pytest.mark.parametrize("alias", ALIASES)
def test_the_older_names_mean_the_same(env_file: Path, alias: str) -> None:
    field, value = ALIASES[alias]
    assert alias in names_of(field)
    by_alias, by_name = load(env_file, **{alias: value}), load(env_file, **{f"MAGPIE_{field.upper()}": value})
    assert by_alias == by_name != Settings()


def test_every_setting_can_be_set_by_its_name_and_says_what_it_is() -> None:
    names = [name for field in Settings.model_fields for name in names_of(field)]
    assert len(names) == len(set(names))
    for field, info in Settings.model_fields.items():
        assert names_of(field)[0] == f"MAGPIE_{field.upper()}"
        assert (info.description or "").endswith("."), field


def test_the_environment_wins_over_the_file_and_the_file_over_defaults(env_file: Path) -> None:
    env_file.write_text("MAGPIE_PORT=1111\nMAGPIE_HOST=0.0.0.0\nDEBUG=true\nMEDIA_ROOT=/from/file\n")
    chosen = load(env_file, MAGPIE_PORT="2222", MAGPIE_DEBUG="false", DOWNLOAD_PATH="/from/environment")
    assert (chosen.port, chosen.host, chosen.debug) == (2222, "0.0.0.0", False)
    assert chosen.media_root == Path("/from/environment")


def test_what_is_empty_is_not_given(env_file: Path) -> None:
    env_file.write_text("MAGPIE_PORT=1111\nMAGPIE_HOST\n")
    chosen = load(env_file, MAGPIE_PORT="", SECRET_KEY="", MEDIA_ROOT="", DOWNLOAD_PATH="/srv")
    assert (chosen.port, chosen.secret_key, chosen.media_root) == (1111, "", Path("/srv"))


@pytest.mark.parametrize(
    "given",
    [
        {"MEDIA_ROOT": "/a", "DOWNLOAD_PATH": "/b"},
        {"MAGPIE_MEDIA_ROOT": "/a", "OUTPUT_DIRECTORY": "/b"},
        {"DATABASE_URL": f"postgresql://u:{SECRET}@h/d", "MAGPIE_DATABASE_URL": "sqlite:////x"},
    ],
)
def test_names_that_disagree_stop_the_start(env_file: Path, given: dict[str, str]) -> None:
    with pytest.raises(SettingsRefused) as refused:
        load(env_file, **given)
    assert all(name in str(refused.value) for name in given)
    assert "keep one" in str(refused.value)
    assert SECRET not in str(refused.value)
    env_file.write_text("".join(f"{name}={value}\n" for name, value in given.items()))
    with pytest.raises(SettingsRefused, match=r"\.env"):
        load(env_file)


def test_names_that_agree_are_fine(env_file: Path) -> None:
    assert load(env_file, MEDIA_ROOT="/a", OUTPUT_DIRECTORY="/a").media_root == Path("/a")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("MAGPIE_PORT", "eighty"),
        ("MAGPIE_PORT", "65536"),
        ("DEBUG", "perhaps"),
        ("ALGORITHM", "none"),
        ("SECRET_KEY", "hunter2"),
        ("MAX_CONCURRENT_DOWNLOADS", "0"),
        ("MAGPIE_LOG_FORMAT", "xml"),
        ("MAGPIE_MAX_FILE_GB", "-1"),
        ("MAGPIE_EGRESS_ALLOW", "nas.local, not a host"),
        ("MAGPIE_EGRESS_ALLOW", "10.0.0.0/99"),
    ],
)
def test_a_bad_value_names_its_variable(env_file: Path, name: str, value: str) -> None:
    with pytest.raises(SettingsRefused) as refused:
        load(env_file, **{name: value})
    field = next(field for field in Settings.model_fields if name in names_of(field))
    assert str(refused.value).startswith(f"MAGPIE_{field.upper()}: ")
    assert "hunter2" not in str(refused.value)


def test_a_file_that_is_no_text_is_refused(env_file: Path) -> None:
    env_file.write_bytes(b"MAGPIE_HOST=\xff\xfe\n")
    with pytest.raises(SettingsRefused, match="UTF-8"):
        load(env_file)


def test_secrets_are_not_shown(env_file: Path) -> None:
    given: dict[str, Any] = {
        "SECRET_KEY": SECRET,
        "DATABASE_URL": f"postgresql://u:{SECRET}@h/d",
        "INITIAL_SUPERUSER_PASSWORD": SECRET,
        "MAGPIE_PROXY": f"http://u:{SECRET}@h:1",
    }
    chosen = load(env_file, **given)
    assert chosen.secret_key == SECRET
    assert SECRET not in repr(chosen) + str(chosen)


def test_settings_do_not_change() -> None:
    with pytest.raises(ValueError, match="frozen"):
        Settings().port = 1  # type: ignore[misc]


def test_slips_in_spelling_are_found() -> None:
    environ = {"MAGPIE_PROT": "1", "MAGPIE_PORT": "1", "MEDIA_ROOT": "/x", "SECRET": "x", "magpie_x": "1"}
    assert unknown_names(environ) == ["MAGPIE_PROT"]


def test_folders_are_absolute_and_know_the_home(
    env_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    chosen = load(env_file, MAGPIE_DATA_DIR="~/magpie", MEDIA_ROOT="media")
    assert (chosen.data_dir, chosen.media_root) == (tmp_path / "magpie", tmp_path / "media")
    assert load(env_file, MAGPIE_DATA_DIR="here").media_root == tmp_path / "here" / "media"


def test_an_installed_program_keeps_its_data_with_the_user(monkeypatch: pytest.MonkeyPatch) -> None:
    assert config.checkout_root() == Path(__file__).resolve().parents[1]
    assert Settings().data_dir == Path(__file__).resolve().parents[1] / "data"
    monkeypatch.setattr(config, "checkout_root", lambda: None)
    assert Settings().data_dir.name == "magpie"
