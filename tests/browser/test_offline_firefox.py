"""The offline journey in Debian's Firefox: written with no network, killed, opened again, signed in, handed in."""

from browser.firefox import Firefox
from browser.line import Line
from browser.test_offline import eight_hundred_words
from browser.writers import KEPT, Newsroom, Writer

from reporter.rules import addresses

SET = """
const [field, text] = [document.querySelector(arguments[0]), arguments[1]];
field.focus();
for (let at = 0; at < text.length; at += 200) {
  field.value += text.slice(at, at + 200);
  field.dispatchEvent(new Event("input", { bubbles: true }));
  await new Promise((done) => setTimeout(done, 10));
}
return field.value === text;
"""
STATE = "return document.getElementById('writing').dataset.state === arguments[0];"
READY = "return document.querySelector('#writing[data-ready]') !== null;"
BODY = "return document.querySelector('[name=body]').value;"


def sign_in(firefox: Firefox, place: str, writer: Writer) -> None:
    firefox.fill(f"{place} [name=email]", writer.email)
    firefox.fill(f"{place} [name=password]", writer.password)
    firefox.click(f"{place} button, {place} [type=submit]")


def test_written_offline_and_killed(newsroom: Newsroom, line: Line, firefox: Firefox, writer: Writer) -> None:
    session, text = newsroom.session("Data flows", writer), eight_hundred_words(1)
    address = addresses.write_up(session)
    firefox.goto(f"{line.url}/login")
    sign_in(firefox, "main", writer)
    firefox.goto(line.url + address)
    firefox.wait_for(f"return await ({KEPT})(arguments[0]);", address)
    line.cut()
    firefox.goto(line.url + address)
    firefox.wait_for(READY)
    for css, words in (("[name=headline]", "Written on a train"), ("[name=lead]", "A lead."), ("[name=body]", text)):
        assert firefox.evaluate(SET, css, words)
    firefox.click("[name=policy_issues]")
    firefox.click("button[value=hand_in]")
    firefox.wait_for(STATE, "on_device")
    assert "It is handed in as soon as there is a network" in firefox.text("#state")

    firefox.kill()
    firefox.start()
    firefox.evaluate_in_browser("Services.cookies.removeAll();")  # a killed Firefox may have forgotten the sign-in
    firefox.goto(line.url + address)
    firefox.wait_for(READY)
    assert firefox.evaluate(BODY) == text
    line.mend()
    firefox.wait_for("return document.querySelector('form.sign-in-here') !== null;")
    assert newsroom.report_of(session) == []
    sign_in(firefox, "form.sign-in-here", writer)
    firefox.wait_for(STATE, "filed")
    assert firefox.evaluate(BODY) == text
    assert len(newsroom.report_of(session)) == 1
    assert newsroom.filed(session) == [text]
