"""Passwords: which are refused, and what is stored of the others."""

import subprocess
import sys

import pytest
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from api import passwords
from api.errors import WeakPasswordError

AINO = ("Aino Virtanen", "aino.virtanen@samiedu.example")


def reason(password: str) -> str | None:
    try:
        passwords.refuse_weak(password, about=AINO)
    except WeakPasswordError as error:
        return error.reason
    return None


@pytest.mark.parametrize(
    "password",
    [
        "password", "Password1!", "P@ssw0rd", "pa55w0rd2027", "pass word", "contraseña1",
        "Senha2026", "salasana123", "SALASANA", "Passwort!", "Schlüssel1", "hasło1234",
        "Miłość123", "5unsh1ne", "$unshine77", "letmein!!", "iloveyou2", "w3lc0m3!", "m0nk3y99",
        "123qwerty", "qwerty123", "qwertz12", "1q2w3e4r", "1qaz2wsx", "asdfghjkl", "lkjhgfdsa",
        "abcdefgh", "abcd1234", "Summer2027!", "Verano2026", "Kesä2027!", "lato2026!", "Sommer27!",
        "dragonmonkey", "football99", "BenficaPorto1904", "Tervetuloa1", "Passw0rd!2026",
        "20080501", "01051987", "1234567890", "9876543210987654", "12345678901234", "00000000",
        "aaaaaaab", "abababab", "abcabcabcabc", "aB3$aB3$aB3$", "x7Kq9!zx7Kq9!z",
    ],
)  # fmt: skip
def test_common_passwords_are_refused_in_every_language(password: str) -> None:
    assert reason(password) == "common"


@pytest.mark.parametrize(
    "password",
    [
        "virtanen", "Virtanen2008", "AinoVirtanen", "aino.virtanen", "v1rt4n3n!", "Samiedu2027",
        "doALLVET", "doallvet2027!", "aino-doallvet", "virtanensalasana1",
        "aino.virtanen@samiedu.example",
    ],
)  # fmt: skip
def test_passwords_made_of_the_person_or_the_service_are_refused(password: str) -> None:
    assert reason(password) == "personal"


@pytest.mark.parametrize(
    "password",
    [
        "correct horse battery staple", "kynä-lumi-vene-ruis", "tulppaanit Aino vie mummolle",
        "x7Kq9!zT", "gXs4mWpe", "żółte buty i deszcz", "пароль из слов", "8402 3917 5506",
        "mostly harmless teapot", "p" * 4 + "qrstuvwxyz?" * 11 + "end",
    ],
)  # fmt: skip
def test_other_passwords_are_taken_whatever_characters_they_have(password: str) -> None:
    assert reason(password) is None


def test_a_password_has_8_to_128_characters() -> None:
    assert reason("gXs4mWp") == "short"
    assert reason("gXs4mWpe" * 2 + "gXs4mWp" * 16) is None
    assert reason("gXs4mWpe" * 2 + "gXs4mWp" * 16 + "z") == "long"


def test_short_words_of_a_person_count_only_together() -> None:
    with pytest.raises(WeakPasswordError) as refused:
        passwords.refuse_weak("jiliwu-2027", about=("Ji Li Wu",))
    assert refused.value.reason == "personal"
    passwords.refuse_weak("ji-tulip-wren", about=("Ji Li Wu",))


@pytest.mark.parametrize(
    ("password", "why"),
    [
        ("1" * 127 + "a", "common"), ("!" * 128, "common"), ("1q2" * 42, "common"),
        ("a1" * 64, "common"), ("1234567a!" * 14, None), ("!1$a5" * 25 + "xyz", None),
    ],
)  # fmt: skip
def test_long_rows_of_signs_are_looked_at_as_well(password: str, why: str | None) -> None:
    assert reason(password) == why


def test_a_stored_password_is_recognised_as_it_was_typed_and_no_other() -> None:
    stored = passwords.hash_password("kynä lumi vene ")
    assert stored.startswith("$argon2id$")
    assert passwords.verify_password("kynä lumi vene ", stored) == (True, None)
    for other in ("kynä lumi vene", "Kynä lumi vene ", "", "\ud800"):
        assert passwords.verify_password(other, stored) == (False, None)


def test_the_same_password_is_stored_differently_each_time() -> None:
    assert passwords.hash_password("gXs4mWpe") != passwords.hash_password("gXs4mWpe")


def test_a_hash_with_older_parameters_is_made_anew() -> None:
    older = PasswordHash((Argon2Hasher(time_cost=1, memory_cost=8192),)).hash("gXs4mWpe")
    right, renewed = passwords.verify_password("gXs4mWpe", older)
    assert right
    assert renewed is not None
    assert passwords.verify_password("gXs4mWpe", renewed) == (True, None)
    assert passwords.verify_password("another one", older) == (False, None)


class Counted(Argon2Hasher):
    """Knows how often a password was compared."""

    compared = 0

    def verify(self, password: str | bytes, hash: str | bytes) -> bool:
        self.compared += 1
        return super().verify(password, hash)


def test_without_a_stored_password_the_answer_is_no_and_as_much_is_computed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    hasher = Counted()
    monkeypatch.setattr(passwords, "_HASHES", PasswordHash((hasher,)))
    stored = passwords.hash_password("gXs4mWpe")
    assert passwords.verify_password("another one", stored) == (False, None)
    assert hasher.compared == 1
    assert passwords.verify_password("another one", None) == (False, None)
    assert hasher.compared == 2


def test_what_is_stored_outside_of_tests_costs_what_is_recommended() -> None:
    say = "from api import passwords; print(passwords.hash_password('x'))"
    command = [sys.executable, "-c", say]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert said.startswith("$argon2id$v=19$m=65536,t=3,p=4$")  # RFC 9106, the second choice
