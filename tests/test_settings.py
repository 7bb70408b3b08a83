from pathlib import Path

import pytest

from watchparty.settings import BadSetting, read_settings


def test_a_flag_wins_over_the_environment_that_over_the_file_that_over_the_default(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text('port = 1\nregistration = "closed"\nhost = "::"\n')
    environment = {"WATCHPARTY_PORT": "2", "WATCHPARTY_HOST": "127.0.0.1", "OTHER": "x"}
    settings = read_settings({"data": str(tmp_path), "port": 3, "host": None}, environment)
    assert (settings.port, settings.host, settings.registration) == (3, "127.0.0.1", "closed")
    assert settings.max_upload == 64 << 30
    assert settings.library_folder == tmp_path / "library"


def test_the_environment_may_name_the_data_directory(tmp_path: Path) -> None:
    assert read_settings({}, {"WATCHPARTY_DATA": str(tmp_path)}).folder == tmp_path


def test_several_names_are_separated_by_commas(tmp_path: Path) -> None:
    settings = read_settings({"data": str(tmp_path)}, {"WATCHPARTY_ALLOWED_HOSTS": "tv, film.example"})
    assert settings.allowed_hosts == ("tv", "film.example")


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("prot = 1", "prot"),
        ("port = 70000", "port"),
        ('port = "x"', "port"),
        ("port = ", "config.toml"),
        ('data = "x"', "data"),
    ],
)
def test_a_setting_that_cannot_be_used_is_named(tmp_path: Path, text: str, named: str) -> None:
    (tmp_path / "config.toml").write_text(text)
    with pytest.raises(BadSetting, match=named):
        read_settings({"data": str(tmp_path)}, {})


def test_an_unknown_variable_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadSetting, match="WATCHPARTY_PROT"):
        read_settings({"data": str(tmp_path)}, {"WATCHPARTY_PROT": "1"})
