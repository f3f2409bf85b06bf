"""The compose files as they stand. `make container-test` runs them for real."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from examgen.settings.environment import BASE_DIR

COMPOSE = BASE_DIR / "docker-compose.yml"
SITE = BASE_DIR / "deploy" / "compose.site.yml"
PINNED = re.compile(r"[\w./-]+:[\w.-]+@sha256:[0-9a-f]{64}")
PRODUCT = {"web", "worker-fast", "worker-heavy", "migrate", "demo"}
ONE_SHOTS = {"migrate", "demo"}


def config(*files: Path, settings: Path | None = None) -> subprocess.CompletedProcess:
    return subprocess.run(
        [
            Path(sys.executable).with_name("docker-compose"),
            *("--env-file", settings or os.devnull),
            *(part for file in files for part in ("--file", file)),
            *("config", "--format", "json"),
        ],
        env={"PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def services() -> dict[str, Any]:
    done = config(COMPOSE)
    assert (done.returncode, done.stderr) == (0, "")
    found: dict[str, Any] = json.loads(done.stdout)["services"]
    return found


def test_every_port_is_published_on_loopback_alone(services: dict[str, Any]) -> None:
    published = {
        name: [(port["host_ip"], port["published"]) for port in service["ports"]]
        for name, service in services.items()
        if "ports" in service
    }
    assert published == {
        "web": [("127.0.0.1", "8000")],
        "mail": [("127.0.0.1", "8025")],
    }


def test_every_service_is_without_rights_and_started_again(
    services: dict[str, Any],
) -> None:
    for name, service in services.items():
        assert service["read_only"] is True, name
        assert service["cap_drop"] == ["ALL"], name
        assert service["security_opt"] == ["no-new-privileges:true"], name
        assert service["init"] is True, name
        wanted = "no" if name in ONE_SHOTS else "unless-stopped"
        assert service["restart"] == wanted, name
        # The product's image brings its own account.
        assert ("user" in service) is (name not in PRODUCT), name


def test_every_service_that_stays_says_whether_it_is_well(
    services: dict[str, Any],
) -> None:
    checked = {name for name, service in services.items() if _is_checked(service)}
    assert checked == set(services) - ONE_SHOTS


def _is_checked(service: dict[str, Any]) -> bool:
    return not service.get("healthcheck", {"disable": True}).get("disable", False)


def test_images_of_others_are_pinned_by_tag_and_digest(
    services: dict[str, Any],
) -> None:
    others = {
        service["image"] for name, service in services.items() if name not in PRODUCT
    }
    assert [image for image in others if not PINNED.fullmatch(image)] == []
    base = re.search(
        r"(?m)^ARG PYTHON_IMAGE=(.*)$", (BASE_DIR / "Dockerfile").read_text()
    )
    assert base
    assert PINNED.fullmatch(base.group(1))


def test_what_holds_data_talks_to_the_product_alone(services: dict[str, Any]) -> None:
    reached = {
        name: " ".join(sorted(service["networks"]))
        for name, service in services.items()
    }
    assert reached == {
        **dict.fromkeys(PRODUCT, "back front"),
        **dict.fromkeys(("database", "broker", "cache", "store"), "back"),
        "mail": "front",
    }
    networks = json.loads(config(COMPOSE).stdout)["networks"]
    assert networks["back"]["internal"] is True


def test_pages_and_workers_wait_for_what_they_need(services: dict[str, Any]) -> None:
    needs = {
        name: {on: need["condition"] for on, need in service["depends_on"].items()}
        for name, service in services.items()
        if "depends_on" in service
    }
    well = "service_healthy"
    ended = "service_completed_successfully"
    served = {
        **dict.fromkeys(("database", "broker", "cache", "store"), well),
        **dict.fromkeys(("migrate", "demo"), ended),
    }
    assert needs == {
        **dict.fromkeys(("web", "worker-fast", "worker-heavy"), served),
        "migrate": {"database": well},
        "demo": {"migrate": ended, "broker": well, "cache": well, "store": well},
    }


def test_every_secret_can_be_set_and_by_default_says_that_it_is_the_demos() -> None:
    text = COMPOSE.read_text()
    defaults = dict(re.findall(r"\$\{(\w*(?:SECRET|PASSWORD)\w*):-([^}]*)\}", text))
    assert set(defaults) == {
        *("EXAMGEN_SECRET_KEY", "POSTGRES_PASSWORD", "REDIS_PASSWORD"),
        "S3_SECRET_ACCESS_KEY",
    }
    assert {value[:9] for value in defaults.values()} == {"demo-only"}


def test_a_site_without_its_secrets_is_told_each_of_them_and_not_started() -> None:
    done = config(COMPOSE, SITE)
    assert done.returncode != 0
    assert set(re.findall(r"required variable (\w+) is missing", done.stderr)) == {
        *("EMAIL_URL", "EXAMGEN_FROM", "EXAMGEN_HOSTS", "EXAMGEN_SECRET_KEY"),
        *("EXAMGEN_URL", "POSTGRES_PASSWORD", "REDIS_PASSWORD"),
        "S3_SECRET_ACCESS_KEY",
    }


def test_a_site_with_its_secrets_keeps_none_of_the_demo(tmp_path: Path) -> None:
    example = (BASE_DIR / "deploy" / "site.env.example").read_text()
    settings = tmp_path / "site.env"
    settings.write_text(re.sub(r"(?m)^(\w+)=$", r"\1=quiet-green-leaves", example))
    done = config(COMPOSE, SITE, settings=settings)
    assert (done.returncode, done.stderr) == (0, "")
    assert "demo-only" not in done.stdout
    found = json.loads(done.stdout)["services"]
    assert "mail" not in found
    for name in PRODUCT:
        assert found[name]["environment"]["EXAMGEN_DEMO"] == "0"
        assert found[name]["environment"]["EXAMGEN_BEHIND_PROXY"] == "1"
