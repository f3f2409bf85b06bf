"""Stories in a real browser: an educator's first five minutes, and an exam by two."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest
from django.conf import settings
from playwright.sync_api import expect

from exams import samples
from tests.browser.taking import Prepared
from tests.browser.test_pages import findings
from tests.browser.test_taking import answer, hand_in, move_on
from tests.examgen.waiting import wait_for

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

    from tests.browser.site import Site

ADDRESS = "rosa@example.org"
A_LONG_PASSWORD = "seven-green-lamps-3"


@pytest.mark.both_databases
def test_an_educator_signs_up_uploads_reviews_and_edits(page: Page, site: Site):
    # The site has the database that the tests are run on.
    on_sqlite = settings.DATABASES["default"]["ENGINE"].endswith("sqlite3")
    assert (site.data / "db.sqlite3").exists() is on_sqlite
    sign_up(page)
    upload_a_sample(page)
    expect(page.get_by_role("link", name="Review draft")).to_be_visible(timeout=60_000)
    page.get_by_role("link", name="Review draft").first.click()

    expect(page.get_by_text("0 of 8 decided")).to_be_visible()
    quote = page.locator(".eg-evidence blockquote").inner_text()
    assert page.locator("rect.eg-lit").count() >= 1
    picture = page.locator(".eg-page img")
    assert picture.evaluate("image => image.naturalWidth") == 1024
    page.get_by_text("Text of this page").click()
    assert page.locator("details mark").inner_text().split() == quote.split()

    page.get_by_role("link", name=re.compile("^Edit")).click()
    page.get_by_label("Question", exact=True).fill("Which part is meant here?")
    page.get_by_role("button", name=re.compile("^Save")).click()
    expect(page.locator(".eg-stem")).to_have_text("Which part is meant here?")
    expect(page.get_by_text("1 of 8 decided")).to_be_visible()

    page.get_by_role("link", name="Next question").click()
    page.get_by_role("button", name=re.compile("^Accept")).click()
    expect(page.get_by_text("2 of 8 decided")).to_be_visible()
    page.get_by_role("button", name=re.compile("^Reject")).click()
    expect(page.get_by_text("3 of 8 decided")).to_be_visible()
    checked = site.manage("verify_invariants")
    assert checked.returncode == 0, checked.stderr


def sign_up(page: Page, address: str = ADDRESS, name: str = "Rosa") -> None:
    page.goto("/")
    page.get_by_role("link", name="Upload a lecture").first.click()
    if not page.url.endswith("/signup/"):
        page.goto("/accounts/signup/")
    page.get_by_label("I teach and want to make exams").check()
    fill_in_and_confirm(page, address, name)
    expect(page.get_by_role("heading", level=1)).to_be_visible()


def fill_in_and_confirm(page: Page, address: str, name: str) -> None:
    """Fill in the form of sign-up, then the code that came by mail."""
    page.get_by_label("Email").fill(address)
    page.get_by_label("Password", exact=True).fill(A_LONG_PASSWORD)
    page.get_by_label("Your name").fill(name)
    page.get_by_role("button", name="Sign up", exact=True).click()
    expect(page).to_have_url(re.compile("confirm-email"))
    confirm = page.url
    page.goto("/demo/mailbox/")
    mail = page.get_by_role("listitem").filter(has_text=address).first
    code = re.search(r"\b[A-Z0-9]{4}-?[A-Z0-9]{2,4}\b", mail.inner_text())
    assert code is not None, mail.inner_text()
    page.goto(confirm)
    page.get_by_label("Code").fill(code.group())
    page.get_by_role("button", name="Confirm").click()
    expect(page).not_to_have_url(re.compile("confirm-email"))


def upload_a_sample(page: Page, questions: int = 8) -> None:
    page.goto("/lectures/")
    page.get_by_label("Questions", exact=True).fill(str(questions))
    page.locator("input[type=file]").set_input_files(
        {
            "name": "plant-cells.pdf",
            "mimeType": "application/pdf",
            "buffer": samples.build("plant-cells"),
        }
    )
    page.get_by_role("button", name=re.compile("Upload")).click()
    # The page answers at once; the row then changes by itself until it is ready.
    expect(page.get_by_role("heading", name="Plant cells")).to_be_visible()


# An exam by two people


@dataclass
class Pair:
    """An educator and a student, each in a browser; every page they see is looked at."""

    site: Site
    educator: Page
    student: Page
    scripts: bool
    found: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        for page in (self.educator, self.student):
            page.on("console", lambda message: self.said.append(message.text))
            page.on("pageerror", lambda error: self.said.append(str(error)))

    def look(self, page: Page) -> None:
        if self.scripts:
            self.found += findings(page, page.url)
            return
        # What looks is a script itself: only it runs, on a page that was drawn without.
        line = page.context.new_cdp_session(page)
        for disabled in (True, False):
            line.send("Emulation.setScriptExecutionDisabled", {"value": disabled})
        self.found += findings(page, page.url)
        line.send("Emulation.setScriptExecutionDisabled", {"value": True})

    def visit(self, page: Page, address: str) -> None:
        page.goto(address)
        self.look(page)


@pytest.fixture(params=["desktop", "phone", "without scripts"])
def pair(request: pytest.FixtureRequest, site: Site, browser: Browser):
    scripts = request.param != "without scripts"
    width = 390 if request.param == "phone" else 1280
    contexts: list[BrowserContext] = []
    for _ in range(2):
        context = browser.new_context(
            base_url=site.url,
            viewport={"width": width, "height": 844},
            java_script_enabled=scripts,
        )
        context.set_default_timeout(20_000)
        contexts.append(context)
    hers, his = (context.new_page() for context in contexts)
    yield Pair(site, hers, his, scripts)
    for context in contexts:
        context.close()


def test_two_people_hold_an_exam(pair: Pair, request: pytest.FixtureRequest):
    mark = re.sub(r"\W", "", request.node.callspec.id)
    hers, his = pair.educator, pair.student
    sign_up(hers, f"ines-{mark}@example.org", "Ines")
    pair.look(hers)
    exam = make_an_exam(pair, f"Botany {mark}")
    prepared = publish(pair, exam)

    come_in(pair, prepared, f"theo-{mark}@example.org")
    take_it(pair, prepared)
    pair.visit(his, "/")
    expect(his.get_by_text("not released yet")).to_be_visible()
    pair.visit(his, f"{exam}scoreboard/")
    expect(his.get_by_role("heading", name="Not released yet")).to_be_visible()

    grade_the_essay(pair)
    close_and_release(pair, exam)
    hear_of_it_and_look(pair, exam)
    pair.visit(hers, "/")
    assert (pair.found, pair.said) == ([], [])
    checked = pair.site.manage("verify_invariants")
    assert checked.returncode == 0, checked.stderr


def make_an_exam(pair: Pair, course: str) -> str:
    """From a course without an exam to a draft with every question decided."""
    page = pair.educator
    pair.visit(page, "/courses/")
    page.get_by_label("Name of a new course").fill(course)
    page.get_by_role("button", name="Create course").click()
    expect(page.get_by_role("heading", name=course)).to_be_visible()
    pair.look(page)
    upload_a_sample(page, questions=4)
    if not pair.scripts:
        reload_until(page, "Review draft")
    expect(page.get_by_role("link", name="Review draft")).to_be_visible(timeout=60_000)
    pair.look(page)
    page.get_by_role("link", name="Review draft").first.click()
    pair.look(page)
    exam = page.url.removeprefix(pair.site.url).partition("review/")[0]
    for number in (1, 2, 3):
        page.get_by_role("button", name=re.compile("^Accept")).click()
        expect(page.get_by_text(f"{number} of 4 decided")).to_be_visible()
    page.get_by_role("button", name=re.compile("^Accept")).click()
    expect(page.get_by_text("All 4 questions are decided.")).to_be_visible()
    pair.look(page)
    run(pair.site, ADD_AN_ESSAY.format(exam=exam.split("/")[2]))
    return exam


def reload_until(page: Page, link: str) -> None:
    def there() -> bool:
        page.reload()
        return page.get_by_role("link", name=link).count() > 0

    wait_for(there, link, every=0.5)


ADD_AN_ESSAY = """
from exams.content import Kind
from exams.models import Exam
from tests.factories import exams
exam = Exam.objects.get(id="{exam}")
essay = exams.question_row(exam, Kind.ESSAY, position=5, state="accepted")
essay.evidence = exam.questions.first().evidence
essay.save(force_insert=True)
"""
SHOW_KEY = """
import json
from exams.models import ExamVersion
from tests.factories.versions import right_answers
version = ExamVersion.objects.get(exam="{exam}")
stems = {{sheet["id"]: sheet["stem"] for sheet in version.questions}}
right = right_answers(version)
print(json.dumps([version.code, {{stems[name]: right[name] for name in right}}]))
"""


def run(site: Site, code: str) -> str:
    done = site.manage("shell", "--no-imports", "--command", code)
    assert done.returncode == 0, done.stderr
    return done.stdout


def publish(pair: Pair, exam: str) -> Prepared:
    page = pair.educator
    pair.visit(page, f"{exam}publish/")
    page.get_by_label("When I release them").check()
    page.get_by_label("Shuffle questions for each student").uncheck()
    page.get_by_role("button", name="Publish", exact=True).click()
    page.wait_for_url("**/share/")
    pair.look(page)
    name = exam.split("/")[2]
    code, key = json.loads(run(pair.site, SHOW_KEY.format(exam=name)))
    copy = page.get_by_role("button", name="Copy").first
    expect(copy).to_be_visible(visible=pair.scripts)
    shown = page.locator(".eg-join-code").inner_text()
    assert shown.replace("-", "") == code
    return Prepared(name, code, key)


def come_in(pair: Pair, exam: Prepared, address: str) -> None:
    """Come by the link, sign up on the way, and land before the exam."""
    page = pair.student
    pair.visit(page, f"/join/{exam.code}/")
    page.get_by_role("link", name="Sign up").first.click()
    pair.look(page)
    fill_in_and_confirm(page, address, "Theo")
    pair.look(page)
    page.get_by_role("button", name="Join and go on").click()
    page.wait_for_url("**/take/**")
    pair.look(page)


def take_it(pair: Pair, exam: Prepared) -> None:
    """Answer all but the first question; a word of the educator comes meanwhile."""
    page = pair.student
    page.get_by_role("button", name="Start", exact=True).click()
    expect(page.get_by_text("Question 1 of 5")).to_be_visible()
    pair.look(page)
    move_on(page)
    announce(pair, exam)
    for number in (2, 3, 4, 5):
        expect(page.get_by_text(f"Question {number} of 5")).to_be_visible()
        pair.look(page)
        answer(page, exam)
        move_on(page)
    expect(page.get_by_text("1 question has no answer: 1.")).to_be_visible()
    expect(page.get_by_text("Mind the units.")).to_be_visible()
    pair.look(page)
    hand_in(page)
    expect(page.get_by_text("4 answers of 5")).to_be_visible()
    pair.look(page)


def announce(pair: Pair, exam: Prepared) -> None:
    page = pair.educator
    pair.visit(page, f"/exams/{exam.exam}/live/")
    expect(page.get_by_role("row").filter(has_text="Theo")).to_contain_text("Working")
    page.get_by_label("Tell everybody who is working").fill("Mind the units.")
    page.get_by_role("button", name="Announce").click()
    expect(page.locator("li").filter(has_text="Mind the units.")).to_be_visible()
    pair.look(page)


def grade_the_essay(pair: Pair) -> None:
    page = pair.educator
    pair.visit(page, "/")
    pair.visit(page, "/grading/")
    page.get_by_role("link", name=re.compile("^Grade next")).click()
    pair.look(page)
    page.get_by_label("Points").fill("0.5")
    page.get_by_label("Comment for the student").fill("The second stage is missing.")
    page.get_by_role("button", name="Grade and go on").click()
    expect(page.get_by_role("heading", name="Nothing to grade")).to_be_visible()
    pair.look(page)


def close_and_release(pair: Pair, exam: str) -> None:
    page = pair.educator
    page.goto(f"{exam}share/")
    for verb in ("Close now", "Release results"):
        page.get_by_role("link", name=verb).click()
        pair.look(page)
        page.get_by_role("button", name=verb).click()
        page.wait_for_url("**/share/")
        pair.look(page)
    # Four machine questions of which one was left out, and half of the essay.
    page.goto(f"{exam}scoreboard/")
    expect(page.get_by_role("row").filter(has_text="Theo")).to_contain_text("3.5")
    expect(
        page.get_by_role("img", name=re.compile("^Students by score"))
    ).to_be_visible()
    pair.look(page)
    page.get_by_text("Show as table").click()
    expect(page.get_by_role("cell", name="70–79")).to_be_visible()
    pair.look(page)
    pair.visit(page, f"{exam}live/")


def hear_of_it_and_look(pair: Pair, exam: str) -> None:
    """From the notification to the result, to one's place on the board, and home."""
    page = pair.student
    page.goto("/notifications/")
    result = page.get_by_role("link", name=re.compile("result", re.IGNORECASE))

    def told() -> bool:
        page.reload()
        return result.count() > 0

    wait_for(told, "a notification of the result", every=0.3)
    pair.look(page)
    result.first.click()
    page.wait_for_url("**/result/")
    expect(page.get_by_text("2 questions to look at again")).to_be_visible()
    expect(page.get_by_text("The second stage is missing.")).to_be_visible()
    picture = page.locator(".eg-page img").first
    picture.scroll_into_view_if_needed()
    wait_for(lambda: picture.evaluate("i => i.naturalWidth") == 1024, "the page")
    assert page.locator("rect.eg-lit").count() >= 1
    pair.look(page)
    pair.visit(page, f"{exam}scoreboard/")
    expect(page.locator("tr.is-me")).to_contain_text("You")
    expect(page.get_by_text("place 1 of 1")).to_be_visible()
    pair.visit(page, "/")
    expect(page.get_by_role("link", name="Plant cells").first).to_be_visible()
