"""The logo: what is taken for one, and how it reaches pages and mails."""

from __future__ import annotations

import hashlib
from io import BytesIO
from pathlib import Path

import pytest
from django.template.loader import render_to_string
from django.test import Client
from django.urls import reverse
from PIL import Image

from accounts.models import User
from examgen import logo


def picture(form: str, size: tuple[int, int] = (64, 64)) -> bytes:
    buffer = BytesIO()
    Image.new("RGB", size, "navy").save(buffer, form)
    return buffer.getvalue()


@pytest.fixture
def file(tmp_path: Path, settings) -> Path:
    path = tmp_path / "logo"
    path.write_bytes(picture("PNG"))
    settings.LOGO = str(path)
    return path


@pytest.mark.parametrize(
    ("form", "media_type"),
    [("PNG", "image/png"), ("JPEG", "image/jpeg"), ("WEBP", "image/webp")],
)
def test_a_picture_is_known_by_its_bytes(
    tmp_path: Path, form: str, media_type: str
) -> None:
    path = tmp_path / "logo.svg"
    path.write_bytes(picture(form))
    assert logo.examine(str(path)).media_type == media_type


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "is neither PNG nor JPEG nor WebP."),
        (b'<svg xmlns="http://www.w3.org/2000/svg"/>', "is neither PNG nor JPEG"),
        (b"GIF89a", "is neither PNG nor JPEG nor WebP."),
        (b"\x89PNG\r\n\x1a\n<script>", "is broken."),
        (picture("PNG")[:60], "is broken."),
        (b"\x89PNG\r\n\x1a\n" + bytes(256 * 1024), "is larger than 256 KB."),
        (picture("PNG", (2001, 400)), "has 2001 x 400 pixels."),
        (picture("PNG", (700, 100)), "is more than 6 times as wide as high."),
    ],
)
def test_what_is_none_is_refused(tmp_path: Path, content: bytes, why: str) -> None:
    path = tmp_path / "logo.png"
    path.write_bytes(content)
    with pytest.raises(logo.NoLogoError) as refused:
        logo.examine(str(path))
    assert why in str(refused.value)


def test_everybody_gets_it_and_may_keep_it_for_ever(file: Path) -> None:
    content = file.read_bytes()
    digest = hashlib.sha256(content).hexdigest()[:16]
    response = Client().get(f"/logo/{digest}")
    assert response.content == content
    assert response["Content-Type"] == "image/png"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Cache-Control"] == "public, max-age=31536000, immutable"
    assert Client().get("/logo/0123456789abcdef").status_code == 404


def test_pages_and_mails_show_name_and_logo(
    file: Path, settings, educator: User, client: Client
) -> None:
    settings.SITE_NAME = "Exams & Co"
    address = logo.address()
    client.force_login(educator)
    for page in (Client().get("/"), client.get("/"), Client().get("/nowhere")):
        text = page.content.decode()
        assert f'src="{address}"' in text
        assert "Exams &amp; Co" in text
        assert "Examgen" not in text
    mail = render_to_string(
        "mail/account.html", {"site_name": "Exams & Co", "site_url": "http://a/"}
    )
    assert f'src="{settings.SITE_URL}{address}"' in mail


def test_the_admin_has_the_name_of_the_site(db: None, client: Client, settings) -> None:
    admin = User.objects.create_superuser("admin@example.org", "x")
    client.force_login(admin)
    text = client.get(reverse("admin:index")).content.decode()
    assert f" | {settings.SITE_NAME}</title>" in text


def test_a_logo_that_is_gone_leaves_the_pages_alone(
    db: None, tmp_path: Path, settings
) -> None:
    settings.LOGO = str(tmp_path / "nowhere.png")
    response = Client().get("/")
    assert response.status_code == 200
    assert "icons.svg#brand" in response.content.decode()
