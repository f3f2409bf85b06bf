"""Courses in a real browser: every page, the way in of a student, with and without JS."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser.test_pages import THEMES, WIDTHS, check, findings

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser, BrowserContext, Page

    from tests.browser.site import Site

A_LONG_PASSWORD = "seven-green-lamps-3"

# What a term leaves behind, made by the services that the pages call.
_FILL = """
from decimal import Decimal
from accounts.models import Course, User
from accounts.services import courses as services
from tests.factories import courses, people
owner = User.objects.get(email="educator@example.com")
course = services.create_course(owner=owner, name="Plant biology", aliases=True)
rows = courses.students(course, 40)
services.join(course=course, user=User.objects.get(email="student@example.com"))
services.accommodate(
    enrolment=rows[2], multiplier=Decimal("1.5"), extra_minutes=10, actor=owner
)
services.leave(enrolment=rows[5], actor=owner)
people.educator("noor@example.org", name="Noor Haddad")
services.add_educator(course=course, email="noor@example.org", actor=owner)
emails = [f"invited{n}@example.org" for n in range(8)]
invited = services.invite(course=course, emails=emails, actor=owner)
services.accept_invitation(invitation=invited[0], user=people.student("in@x.org"))
print("COURSE", course.id, rows[2].id)
for invitation in invited:
    print("TOKEN", services.invitation_token(invitation))
"""


class Filled:
    """A course full of people, and links that were mailed to others."""

    def __init__(self, site: Site, printed: str) -> None:
        self.site = site
        found = re.search(r"COURSE (\S+) (\S+)", printed)
        assert found is not None, printed
        self.page = f"/courses/{found[1]}/"
        self.student = f"{self.page}students/{found[2]}/"
        used, *self.tokens = re.findall(r"TOKEN (\S+)", printed)
        self.used = f"/invitations/{used}/"

    def next_link(self) -> str:
        return f"/invitations/{self.tokens.pop()}/"


@pytest.fixture(scope="session")
def filled(site: Site) -> Filled:
    made = site.manage("shell", "-c", _FILL)
    assert made.returncode == 0, made.stderr
    return Filled(site, made.stdout)


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("width", WIDTHS)
def test_an_educators_pages_about_courses(
    browser: Browser, educator_state: Path, filled: Filled, width: str, theme: str
):
    context = browser.new_context(
        base_url=filled.site.url,
        color_scheme=theme,
        storage_state=educator_state,
        viewport={"width": WIDTHS[width], "height": 844},
    )
    pages = ("", "?q=nobody", "?left=1", "code/", "invitations/")
    page = context.new_page()
    check(page, ["/courses/", filled.student, *(filled.page + end for end in pages)])
    page.goto(f"{filled.page}invitations/")
    page.get_by_label("E-mail addresses").fill("nonsense@ invited3@example.org")
    page.get_by_role("button", name="Invite", exact=True).click()
    expect(page.get_by_text("1 is no address.")).to_be_visible()
    assert findings(page, "invitations, refused") == []
    context.close()


@pytest.mark.parametrize("width", WIDTHS)
def test_pages_of_whoever_comes_in(
    browser: Browser, site: Site, filled: Filled, width: str
):
    context = browser.new_context(
        base_url=site.url, viewport={"width": WIDTHS[width], "height": 844}
    )
    page = context.new_page()
    sign_up = f"/accounts/signup/?next=/invitations/{filled.tokens[0]}/"
    check(page, [sign_up, sign_up.replace("signup", "login")])
    for gone in (filled.used, "/invitations/no.invitation/"):
        page.goto(gone)
        assert findings(page, gone) == []
    page.goto("/")
    page.get_by_role("button", name="Student with a result").click()
    page.wait_for_url(f"{site.url}/")
    ask = f"/invitations/{filled.tokens[0]}/"
    check(page, ["/courses/", f"{filled.page}leave/", ask])
    context.close()


def test_the_roster_is_searched_while_typing(
    context: BrowserContext, page: Page, site: Site, filled: Filled
):
    as_demo(page, site, "Educator")
    page.goto(filled.page)
    field = page.get_by_label("Search by name or address")
    field.press_sequentially("0017", delay=20)
    expect(page.locator("#roster li")).to_have_count(1)
    expect(page.get_by_role("heading", name="Student 0017")).to_be_visible()
    expect(page.locator("#said")).to_have_text("1 student found")
    expect(field).to_be_focused()
    assert page.url.endswith("?q=0017")

    context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="Copy").click()
    expect(page.get_by_text("The link is copied.")).to_be_visible()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert re.fullmatch(rf"{site.url}/join/\w{{8}}/", copied)


@pytest.mark.parametrize("scripts", [True, False], ids=["with JS", "without JS"])
def test_a_course_from_its_name_to_its_first_student(
    browser: Browser, site: Site, filled: Filled, scripts: bool
):
    """Two people on phones: one makes a course, the other comes in and leaves."""
    phone = {"width": 390, "height": 844}
    hers, his = (
        browser.new_context(
            base_url=site.url, viewport=phone, java_script_enabled=scripts
        )
        for _ in range(2)
    )
    page = hers.new_page()
    as_demo(page, site, "Educator")
    page.get_by_role("link", name="Courses").click()
    name = f"Botany {scripts}"
    page.get_by_label("Name of a new course").fill(name)
    page.get_by_role("button", name="Create course").click()
    expect(page.get_by_role("heading", name=name)).to_be_visible()
    expect(page.get_by_text(re.compile(r"^\w{4}-\w{4}$"))).to_be_visible()
    expect(page.get_by_role("img", name=re.compile("QR code"))).to_be_visible()
    expect(page.get_by_role("button", name="Copy")).to_be_visible(visible=scripts)
    page.get_by_role("link", name="Invite students").first.click()
    page.get_by_label("E-mail addresses").fill(f"Lea <lea{scripts}@example.org>")
    page.get_by_role("button", name="Invite", exact=True).click()
    expect(page.get_by_text("1 invitation is on its way.").first).to_be_visible()

    comes_in_by_another_address(his.new_page(), filled.next_link(), f"leo{scripts}")

    page.goto(filled.page)
    page.get_by_label("Search by name or address").fill(f"leo{scripts}")
    page.get_by_role("button", name="Search").click()
    page.get_by_role("link", name=re.compile("^Time of Leo")).click()
    page.get_by_label("Time multiplier").fill("1.25")
    page.get_by_role("button", name="Save").click()
    page.goto(f"{filled.page}?q=leo{scripts}")
    expect(page.get_by_text("1.25 × time")).to_be_visible()
    page.get_by_role("button", name=re.compile("^Remove Leo")).click()
    expect(page.get_by_text("Leo was removed.")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("Leo is in the course again.")).to_be_visible()

    student = his.pages[0]
    student.goto("/courses/")
    student.get_by_role("link", name="Leave Plant biology").click()
    student.get_by_role("button", name="Leave course").click()
    expect(student.get_by_text("You left “Plant biology”.")).to_be_visible()
    for context in (hers, his):
        context.close()


def as_demo(page: Page, site: Site, who: str) -> None:
    page.goto("/")
    page.get_by_role("button", name=who).click()
    page.wait_for_url(f"{site.url}/")


def comes_in_by_another_address(page: Page, link: str, name: str) -> None:
    """Sign up with an address of one's own, by its code, and accept."""
    page.goto(link)
    address = f"{name}@example.org"
    page.get_by_label("Email").fill(address)
    page.get_by_label("Your name").fill("Leo")
    page.get_by_label("Password", exact=True).fill(A_LONG_PASSWORD)
    page.get_by_role("button", name="Sign up", exact=True).click()
    confirm = page.url
    page.goto("/demo/mailbox/")
    mail = page.get_by_role("listitem").filter(has_text=address).first
    code = re.search(r"\b[A-Z0-9]{4}-[A-Z0-9]{4}\b", mail.inner_text())
    assert code is not None, mail.inner_text()
    page.goto(confirm)
    page.get_by_label("Code").fill("WRONG1")
    page.get_by_role("button", name="Confirm").click()
    expect(page.get_by_text("Incorrect code.")).to_be_visible()
    page.get_by_label("Code").fill(code.group())
    page.get_by_role("button", name="Confirm").click()
    page.get_by_role("button", name=f"Go on as {address}").click()
    expect(page.get_by_text("You are in “Plant biology”.")).to_be_visible()
    assert page.url.endswith("/courses/")
