"""`lienthong notices`: listed, sent, tried out; the settings behind it checked together and their secrets hidden."""

import pytest

from harvesters.errors import SourceUnavailable
from tests.federation.cli.conftest import Lienthong
from tests.support.fake_source import FakeSource
from tests.support.listeners import Hook, MailServer


@pytest.fixture
def failed(monkeypatch: pytest.MonkeyPatch, lienthong: Lienthong) -> Lienthong:
    """A home with a run that failed."""
    fault = SourceUnavailable("timeout", "gave no answer", "https://thuvien.example.vn/oai")
    monkeypatch.setattr("federation.pipeline.runs.harvest.open_source", FakeSource(fault=fault).open)
    url = "https://thuvien.example.vn/oai"
    assert lienthong("sources", "add", "oai", "--member", "a", "--kind", "oaipmh", "--url", url).code == 0
    assert lienthong("harvest", "run", "oai").code == 1
    return lienthong


def test_a_failed_run_is_listed_as_untold(failed: Lienthong) -> None:
    (row,) = failed("notices", "--json").json
    assert (row["kind"], row["source"], row["run"], row["told"]) == ("failure", "oai", 1, None)
    assert row["message"]["en"].startswith("Run 1 of source oai failed: https://thuvien.example.vn/oai: gave no answer")
    assert row["message"]["vi"].startswith("Lượt thu 1 từ nguồn oai không thành công: ")
    head, line = failed("notices").text.splitlines()
    assert head.split() == ["notice", "at", "kind", "told", "what"]
    assert line.split()[:6:4] == ["1", "failure"]
    assert " no " in line


def test_an_import_is_considered_too(lienthong: Lienthong, tmp_path_factory: pytest.TempPathFactory) -> None:
    file = tmp_path_factory.mktemp("files") / "a.mrc"
    file.write_bytes(b"00042nam this is no record at all\x1d" * 2)
    lienthong("import", "a", file)
    assert [row["kind"] for row in lienthong("notices", "--json").json] == ["rejects"]


def test_send_tells_by_mail_and_webhook_now(failed: Lienthong, mails: MailServer, posts: Hook) -> None:
    ways = {"NOTIFY_TO": "thu@x.vn", "SMTP_URL": mails.url, "NOTIFY_WEBHOOK": posts.url}
    assert failed("notices", "--send", **ways).text == "1 notices were told by mail and webhook\n"
    assert failed("notices", "--send", **ways).text == "0 notices were told by mail and webhook\n"
    assert (len(mails.letters), len(posts.posts)) == (1, 1)
    (row,) = failed("notices", "--json").json
    assert (row["told_to"], row["told"][-1]) == (["mail", "webhook"], "Z")


def test_a_trial_is_sent_and_nothing_else(failed: Lienthong, mails: MailServer) -> None:
    ended = failed("notices", "--test", NOTIFY_TO="thu@x.vn", NOTIFY_FROM="muclucso@x.vn", SMTP_URL=mails.url)
    assert (ended.code, ended.text) == (0, "a trial was sent by mail\n")
    (letter,) = mails.letters
    assert (letter["From"], letter["Subject"]) == ("muclucso@x.vn", "Liên Thông: thư thử / trial")
    assert failed("notices", "--json").json[0]["told"] is None


def test_a_trial_that_does_not_arrive_is_one_line(failed: Lienthong, mails: MailServer) -> None:
    mails.answers = ["550 not from you"]
    ended = failed("notices", "--test", NOTIFY_TO="thu@x.vn", SMTP_URL=mails.url)
    assert (ended.code, ended.errors.strip()) == (1, f"lienthong: {mails.url}: the server answers 550 not from you")


@pytest.mark.parametrize("option", ["--send", "--test"])
def test_with_nobody_to_tell_it_says_what_to_set(failed: Lienthong, option: str) -> None:
    ended = failed("notices", option)
    assert (ended.code, "set LIENTHONG_NOTIFY_TO and LIENTHONG_SMTP_URL" in ended.errors) == (2, True)


def test_send_and_test_exclude_each_other(failed: Lienthong) -> None:
    assert failed("notices", "--send", "--test").code == 2


# --- settings ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("setting", "value", "told"),
    [
        ("NOTIFY_TO", "thu@x.vn nobody", "must be a mail address"),
        ("NOTIFY_FROM", "nobody", "must be a mail address"),
        ("NOTIFY_TO", "thu@x.vn", "LIENTHONG_SMTP_URL, which says by which server, is not"),
        ("SMTP_URL", "http://x.vn", "must be smtp://HOST:PORT"),
        ("SMTP_URL", "smtp://", "must be smtp://HOST:PORT"),
        ("SMTP_URL", "smtp://x.vn:viel", "must be smtp://HOST:PORT"),
        ("SMTP_URL", "smtp://x.vn:99999", "must be smtp://HOST:PORT"),
        ("SMTP_URL", "smtp://me:ge@heim@x.vn", "write @ as %40"),
        ("SMTP_URL", "smtp://me:ge/heim@x.vn", "/ as %2F"),
        ("SMTP_URL", "smtp://me@x.vn", "a user has a password"),
        ("NOTIFY_WEBHOOK", "ftp://x.vn/", "must be an http or https address"),
    ],
)
def test_a_wrong_setting_is_told_at_the_start(lienthong: Lienthong, setting: str, value: str, told: str) -> None:
    ended = lienthong("status", **{setting: value})
    assert (ended.code, told in ended.errors) == (2, True), ended.errors
    assert "heim" not in ended.errors


def test_settings_hides_the_password_of_the_mail_server_and_the_path_of_the_webhook(lienthong: Lienthong) -> None:
    ended = lienthong(
        "settings", SMTP_URL="smtps://me:geheim@mail.x.vn", NOTIFY_WEBHOOK="https://u:v@chat.x.vn/services/geheim"
    )
    assert "LIENTHONG_SMTP_URL=smtps://***@mail.x.vn\n" in ended.text
    assert "LIENTHONG_NOTIFY_WEBHOOK=https://chat.x.vn/***\n" in ended.text
    assert "geheim" not in ended.text


@pytest.mark.parametrize("option", ["silence_days=viel", "silence_days=0", "reject_rate=1.1", "reject_rate=-1"])
def test_a_wrong_option_of_a_source_is_refused_when_it_is_written(lienthong: Lienthong, option: str) -> None:
    add = ("sources", "add", "x", "--member", "a", "--kind", "oaipmh", "--url", "https://x.vn/oai")
    ended = lienthong(*add, "--option", option)
    assert (ended.code, option.partition("=")[0] in ended.errors) == (2, True), ended.errors


def test_a_notice_that_one_of_two_channels_has_says_which(failed: Lienthong, mails: MailServer, posts: Hook) -> None:
    from federation.pipeline.runs import notices

    posts.statuses = [500] * 3
    ways = {"NOTIFY_TO": "thu@x.vn", "SMTP_URL": mails.url, "NOTIFY_WEBHOOK": posts.url}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(notices, "PAUSES", (0.0, 0.0))
        ended = failed("notices", "--send", **ways)
    assert (ended.code, "the server answers 500" in ended.errors) == (1, True)
    assert " mail only " in failed("notices").text
