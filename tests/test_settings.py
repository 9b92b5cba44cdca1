"""The user's own settings: where they come from, and what is refused."""

from pathlib import Path

import pytest

from mci_tui import settings
from mci_tui.errors import Invalid, Refused
from mci_tui.words import say
from tests.commands.calls import live_in

EVERYTHING = """
workspace = "postgresql://db.example/desk"
language = "it"
theme = "mci-light"
animations = true
mouse = false

[keys]
"table.down" = "j,down"
wizard.next = "enter"

[mail]
host = "smtp.example.com"
port = 465
security = "tls"
username = "desk"
password_command = "pass show desk"
folder = "outbox"

[portal]
host = "::1"
port = 9000
trusted_proxies = ["10.0.0.1", "10.0.0.2"]

[tenants]
lookup = "openid"
timeout_s = 2.5
base_url = "http://127.0.0.1:8080"
"""


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the settings file would be; its folder is there."""
    path = live_in(tmp_path / "home", monkeypatch) / "config" / "mci-tui" / "settings.toml"
    path.parent.mkdir(parents=True)
    return path


def problems(environ: dict[str, str] | None = None) -> dict[str, str]:
    """What loading the settings is refused for, in words."""
    with pytest.raises(Invalid) as refused:
        settings.load(None, environ or {})
    return {key: say(why) for key, why in refused.value.problems.items()}


class TestWhereTheyComeFrom:
    def test_without_any_there_are_defaults(self, file: Path) -> None:
        found = settings.load(None, {})
        assert found.workspace == str(found.places.workspace)
        assert (found.language, found.theme, found.animations, found.mouse) == ("en", "", False, True)
        assert (found.portal.host, found.portal.port, found.tenants.lookup) == ("127.0.0.1", 8765, "off")
        assert (found.mail.host, found.mail.folder) == ("", "")

    def test_flag_before_environment_before_file_before_default(self, file: Path) -> None:
        environ = {"MCI_WORKSPACE": "/environment.db"}
        assert settings.load(None, {}).workspace == str(settings.places().workspace)
        file.write_text('workspace = "/file.db"')
        assert settings.load(None, {}).workspace == "/file.db"
        assert settings.load(None, environ).workspace == "/environment.db"
        assert settings.load("/flag.db", environ).workspace == "/flag.db"

    def test_the_file_can_say_everything(self, file: Path) -> None:
        file.write_text(EVERYTHING)
        found = settings.load(None, {})
        assert found.workspace == "postgresql://db.example/desk"
        assert (found.language, found.theme, found.animations, found.mouse) == ("it", "mci-light", True, False)
        assert found.keys == {"table.down": "j,down", "wizard.next": "enter"}
        folder = str(file.parent / "outbox")
        assert found.mail == settings.Mail("smtp.example.com", 465, "tls", "desk", "", "pass show desk", folder)
        assert found.portal == settings.Portal("::1", 9000, ("10.0.0.1", "10.0.0.2"))
        assert found.tenants == settings.Tenants("openid", 2.5, "http://127.0.0.1:8080")

    def test_a_variable_names_section_and_key(self, file: Path) -> None:
        file.write_text(EVERYTHING)
        environ = {
            "MCI_ANIMATIONS": "false",
            "MCI_MAIL_HOST": "other.example.com",
            "MCI_MAIL_PORT": "2525",
            "MCI_PORTAL_TRUSTED_PROXIES": "10.1.1.1, 10.1.1.2",
            "MCI_TENANTS_TIMEOUT_S": "1",
        }
        found = settings.load(None, environ)
        assert found.animations is False
        assert (found.mail.host, found.mail.port) == ("other.example.com", 2525)
        assert found.portal.trusted_proxies == ("10.1.1.1", "10.1.1.2")
        assert found.tenants.timeout_s == 1

    def test_an_empty_variable_says_nothing(self, file: Path) -> None:
        file.write_text('theme = "mci-light"')
        assert settings.load(None, {"MCI_THEME": "", "MCI_WORKSPACE": ""}).theme == "mci-light"

    def test_a_password_comes_from_the_environment_alone_and_is_never_shown(self, file: Path) -> None:
        found = settings.load(None, {"MCI_MAIL_PASSWORD": "correct horse"})
        assert found.mail.password == "correct horse"
        assert "horse" not in repr(found)
        file.write_text('[mail]\npassword = "correct horse"')
        assert problems().keys() == {"mail.password"}

    def test_a_path_in_the_file_is_beside_the_file(self, file: Path) -> None:
        file.write_text('workspace = "desk.db"')
        assert settings.load(None, {}).workspace == str(file.parent / "desk.db")

    def test_any_other_path_is_taken_from_where_one_stands(
        self, file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.chdir(tmp_path)
        assert settings.load("desk.db", {}).workspace == str(tmp_path / "desk.db")
        assert settings.load("~/desk.db", {}).workspace == str(tmp_path / "home" / "desk.db")
        assert settings.load(None, {"MCI_WORKSPACE": "../desk.db"}).workspace == str(tmp_path.parent / "desk.db")
        assert settings.load("~nobody-at-all/desk.db", {}).workspace == str(tmp_path / "~nobody-at-all" / "desk.db")


class TestLanguage:
    @pytest.mark.parametrize(
        ("environ", "language"),
        [
            ({}, "en"),
            ({"LANG": "it_IT.UTF-8"}, "it"),
            ({"LANG": "it"}, "it"),
            ({"LANG": "de_DE.UTF-8"}, "en"),
            ({"LANG": "item"}, "en"),
            ({"LC_ALL": "C", "LANG": "it_IT.UTF-8"}, "en"),
            ({"LC_MESSAGES": "it_CH", "LANG": "en_GB.UTF-8"}, "it"),
            ({"LC_ALL": "", "LANG": "it_IT@euro"}, "it"),
            ({"MCI_LANGUAGE": "en", "LANG": "it_IT.UTF-8"}, "en"),
        ],
    )
    def test_is_that_of_the_environment(self, file: Path, environ: dict[str, str], language: str) -> None:
        assert settings.language_of(environ) == language
        assert settings.load(None, environ).language == language

    def test_is_rather_that_of_the_file(self, file: Path) -> None:
        file.write_text('language = "en"')
        assert settings.load(None, {"LANG": "it_IT.UTF-8"}).language == "en"


class TestRefused:
    def test_unknown_keys_by_name(self, file: Path) -> None:
        file.write_text('colour = "blue"\n[mail]\nhots = "smtp"\n[printer]\nname = "x"\n')
        found = problems()
        assert found.keys() == {"colour", "mail.hots", "printer.name"}
        assert all(key in sentence and str(file) in sentence for key, sentence in found.items())

    @pytest.mark.parametrize("section", ["keys", "mail", "portal", "tenants"])
    def test_a_section_that_is_a_single_value(self, file: Path, section: str) -> None:
        file.write_text(f"{section} = 5\n")
        assert f"[{section}]" in problems()[section]

    @pytest.mark.parametrize(
        ("text", "key"),
        [
            ('language = "fr"', "language"),
            ("workspace = 7", "workspace"),
            ('theme = "two\\nlines"', "theme"),
            ('mouse = "perhaps"', "mouse"),
            ("[keys]\n'table.down' = 1", "keys.table.down"),
            ("[mail]\nport = 0", "mail.port"),
            ("[mail]\nport = true", "mail.port"),
            ("[mail]\nport = 25.0", "mail.port"),
            ("[mail]\nsecurity = 'ssl'", "mail.security"),
            ("[portal]\nport = 70000", "portal.port"),
            ("[portal]\ntrusted_proxies = 7", "portal.trusted_proxies"),
            ("[tenants]\ntimeout_s = 0", "tenants.timeout_s"),
            ("[tenants]\ntimeout_s = nan", "tenants.timeout_s"),
            ("[tenants]\nlookup = true", "tenants.lookup"),
        ],
    )
    def test_a_value_that_cannot_be(self, file: Path, text: str, key: str) -> None:
        file.write_text(text)
        assert problems().keys() == {key}

    def test_a_variable_is_named_as_it_stands_in_the_environment(self, file: Path) -> None:
        found = problems({"MCI_MAIL_PORT": "smtp", "MCI_LANGUAGE": "fr"})
        assert found.keys() == {"MCI_MAIL_PORT", "MCI_LANGUAGE"}
        assert "MCI_MAIL_PORT" in found["MCI_MAIL_PORT"]

    def test_everything_wrong_is_told_at_once(self, file: Path) -> None:
        file.write_text("mouse = 2\nanimations = 2\ncolour = 2\n")
        assert problems().keys() == {"mouse", "animations", "colour"}

    @pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "::1"])
    def test_mail_in_the_clear_stays_on_this_machine(self, file: Path, host: str) -> None:
        file.write_text(f'[mail]\nsecurity = "none"\nhost = "{host}"')
        assert settings.load(None, {}).mail.security == "none"
        assert problems({"MCI_MAIL_HOST": "smtp.example.com"}).keys() == {"mail.security"}

    @pytest.mark.parametrize("raw", [b"language = ", b'theme = "caf\xe9"', b"mouse = true\nmouse = true\n"])
    def test_a_file_that_is_no_toml(self, file: Path, raw: bytes) -> None:
        file.write_bytes(raw)
        with pytest.raises(Refused) as refused:
            settings.load(None, {})
        assert str(file) in say(refused.value.why)

    def test_a_folder_in_its_place(self, file: Path) -> None:
        file.mkdir()
        with pytest.raises(Refused, match="setting_file_broken"):
            settings.load(None, {})
